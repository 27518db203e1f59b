import { commandGroup } from '../command-group';
import { listJobs } from '../job/list';
import { cancelJob, retryJob } from '../job/request';
import { showJob } from '../job/show';
import { watchOneJob } from '../job/watch';

export const command = commandGroup({
  name: 'job',
  summary: 'List jobs, tell what happened to one, watch, cancel and retry one, on AWS or in the local cloud.',
  commands: [listJobs, showJob, watchOneJob, cancelJob, retryJob],
});
