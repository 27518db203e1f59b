import { z } from 'zod';
import type { Command } from '../command';
import { parseFlags } from '../flags';
import { CLOUD_FLAGS, CLOUD_FLAGS_USAGE, findCloud } from './find-cloud';

const answerSchema = z.object({
  fired: z.array(z.object({ rule: z.string(), error: z.string().optional() })),
});

export const localSweep: Command = {
  name: 'sweep',
  summary: 'run the sweep now instead of within minutes',
  usage: `spotreel local sweep

Runs the sweep, which repairs what lost events and crashes left undone, and waits for its end.

${CLOUD_FLAGS_USAGE}`,
  async run(args, out) {
    const { values } = parseFlags(args, { options: CLOUD_FLAGS, takes: [] });
    const cloud = await findCloud(values);
    const { fired } = answerSchema.parse(await cloud.control('schedule'));
    const failed = fired.filter(({ error }) => error !== undefined);
    for (const { rule, error } of failed) out.error(`${rule} failed: ${error}\n`);
    if (failed.length > 0) return 1;
    out.write('The sweep has run.\n');
    return 0;
  },
};
