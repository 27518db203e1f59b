import { z } from 'zod';

/** What CloudFormation asks of a custom resource, as far as it matters here, by its own names. */
export const stackRequestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  /** Signed, and good for one answer. CloudFormation waits for it, an hour at most. */
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
});

export type StackRequest = z.infer<typeof stackRequestSchema>;

export type StackOutcome =
  | { readonly kind: 'done' }
  /** What keeps it from being done, and what helps: whoever removes the stack reads it. */
  | { readonly kind: 'failed'; readonly reason: string };

/** CloudFormation takes no more than 4 KB in all. */
const LONGEST_REASON = 2000;

/** The answer's body. The physical id is always the same: another one would mean that the resource was replaced. */
export function stackAnswer(
  { StackId, RequestId, LogicalResourceId }: StackRequest,
  outcome: StackOutcome,
): Readonly<Record<string, string>> {
  return {
    ...(outcome.kind === 'done'
      ? { Status: 'SUCCESS' }
      : { Status: 'FAILED', Reason: outcome.reason.slice(0, LONGEST_REASON) }),
    PhysicalResourceId: LogicalResourceId,
    ...{ StackId, RequestId, LogicalResourceId },
  };
}
