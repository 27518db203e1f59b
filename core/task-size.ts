import { z } from 'zod';

/** Memory that Fargate allows for each vCPU size: [least, most, step] in GiB. */
const MEMORY_BY_VCPU: Readonly<Record<string, readonly [least: number, most: number, step: number]>> = {
  1: [2, 8, 1],
  2: [4, 16, 1],
  4: [8, 30, 1],
  8: [16, 60, 4],
  16: [32, 120, 8],
};

export const taskSizeSchema = z
  .strictObject({
    vcpu: z
      .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16)])
      .default(2)
      .describe(
        'vCPUs of the Fargate task. Default 2. More encode faster at about the same price per video.',
      ),
    memoryGiB: z
      .int()
      .default(4)
      .describe(
        'Memory of the task in GiB; Fargate allows 2–8 with 1 vCPU, 4–16 with 2, 8–30 with 4. Default 4.',
      ),
    ephemeralStorageGiB: z
      .int()
      .min(21)
      .max(200)
      .default(21)
      .describe(
        'Disk of the task in GiB, which must hold all finished outputs of a video. Default 21, the least.',
      ),
  })
  .superRefine((size, context) => {
    const range = MEMORY_BY_VCPU[size.vcpu];
    if (range === undefined) return;
    const [least, most, step] = range;
    if (size.memoryGiB < least || size.memoryGiB > most || (size.memoryGiB - least) % step !== 0) {
      context.addIssue({
        code: 'custom',
        path: ['memoryGiB'],
        message: `Fargate offers ${least} to ${most} GiB in steps of ${step} with ${size.vcpu} vCPU. Use one of these.`,
      });
    }
  })
  .describe('Size of the Fargate task that does the work.');

export type TaskSize = z.infer<typeof taskSizeSchema>;
