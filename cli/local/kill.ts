import type { Command } from '../command';
import { parseFlags } from '../flags';
import { CLOUD_FLAGS, CLOUD_FLAGS_USAGE, findCloud } from './find-cloud';
import { chooseTask } from './tasks';

export const localKill: Command = {
  name: 'kill',
  summary: 'kill a task at once, as a crash would',
  usage: `spotreel local kill [TASK]

Kills the worker of a task without any warning (SIGKILL), as a crash or the lack of memory would.

  TASK             id of a task, or its beginning (default: the only one that runs)
${CLOUD_FLAGS_USAGE}`,
  async run(args, out) {
    const { values, positionals } = parseFlags(args, { options: CLOUD_FLAGS, takes: [], optional: ['TASK'] });
    const cloud = await findCloud(values);
    const taskId = chooseTask((await cloud.state()).tasks, positionals[0]);
    await cloud.control('kill', { taskId });
    out.write(`Killed: ${taskId}\n`);
    return 0;
  },
};
