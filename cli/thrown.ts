import { z } from 'zod';

// Not by `instanceof Error`: errors of Node's own modules may come from another realm.
const thrownSchema = z.object({ message: z.string().optional(), code: z.string().optional() });

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return thrownSchema.safeParse(error).data?.message ?? String(error);
}

/** The code of an error of Node's own, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return thrownSchema.safeParse(error).data?.code;
}
