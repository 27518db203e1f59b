import { commandGroup } from '../command-group';
import { listJobs } from '../job/list';
import { showJob } from '../job/show';
import { watchOneJob } from '../job/watch';

export const command = commandGroup({
  name: 'job',
  summary: 'List jobs, tell what happened to one, and watch one, on AWS or in the local cloud.',
  commands: [listJobs, showJob, watchOneJob],
});
