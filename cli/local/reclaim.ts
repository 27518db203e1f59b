import { z } from 'zod';
import type { Command } from '../command';
import { parseFlags } from '../flags';
import { CLOUD_FLAGS, CLOUD_FLAGS_USAGE, findCloud } from './find-cloud';
import { chooseTask } from './tasks';

const answerSchema = z.object({ reclaimed: z.array(z.string()) });

export const localReclaim: Command = {
  name: 'reclaim',
  summary: 'take Spot capacity back, from one task or from all',
  usage: `spotreel local reclaim [TASK]

Does what AWS does when it needs Spot capacity back: the task gets a warning (SIGTERM), and SIGKILL
when its stop timeout has passed. Its work goes on in another task.

  TASK             id of a task, or its beginning (default: all that run on Spot)
${CLOUD_FLAGS_USAGE}`,
  async run(args, out) {
    const { values, positionals } = parseFlags(args, { options: CLOUD_FLAGS, takes: [], optional: ['TASK'] });
    const cloud = await findCloud(values);
    const [task] = positionals;
    const body = task === undefined ? {} : { taskId: chooseTask((await cloud.state()).tasks, task) };
    const { reclaimed } = answerSchema.parse(await cloud.control('reclaim', body));
    if (reclaimed.length === 0) {
      out.error('No task runs on Spot, so there is nothing to take back.\n');
      return 1;
    }
    out.write(`Warned: ${reclaimed.join(', ')}\n`);
    return 0;
  },
};
