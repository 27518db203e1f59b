import { z } from 'zod';
import { stackRequestSchema } from './stack-request';

/** What the network stage is asked for, by messages of its queue. Each may come twice, late or never. */
export const networkMessageSchema = z.discriminatedUnion('kind', [
  /** A task of this job waits for a network. `at`: the time that its record names for this. */
  z.strictObject({ kind: z.literal('want'), jobId: z.string(), at: z.iso.datetime().optional() }),
  /** A network is to be led on. `at`: the time that its record names for this. */
  z.strictObject({ kind: z.literal('step'), networkId: z.string(), at: z.iso.datetime().optional() }),
  /** Networks are to be looked for that nobody leads on, and those without a record. */
  z.strictObject({ kind: z.literal('sweep') }),
  /** Everything is to be taken down, since CloudFormation removes the stage; it waits for the answer. */
  z.strictObject({ kind: z.literal('close'), since: z.iso.datetime(), request: stackRequestSchema }),
]);

export type NetworkMessage = z.infer<typeof networkMessageSchema>;

/**
 * Whether a message may be dropped, because another one is on its way at a later time. Without this each repeated
 * message would begin a chain of its own, and all of them would go on side by side.
 */
export function isAnothersTurn(
  at: string | undefined,
  { dueAt, now }: { dueAt: string | undefined; now: Date },
): boolean {
  return dueAt !== undefined && at !== dueAt && new Date(dueAt) > now;
}
