import { z } from 'zod';

const responseSchema = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
  })
  .nullish()
  .or(z.literal(''));

/**
 * Messages that a function reports as failed. As on AWS, an answer that is malformed or that names a message
 * which is not of the batch fails the whole batch, and an empty one fails none.
 */
export function failedMessageIds(response: unknown, messageIds: readonly string[]): readonly string[] {
  const parsed = responseSchema.safeParse(response);
  if (!parsed.success) return messageIds;
  const failures = (parsed.data || {}).batchItemFailures ?? [];
  const failed = failures.map(({ itemIdentifier }) => itemIdentifier);
  return failed.every(id => messageIds.includes(id)) ? failed : messageIds;
}
