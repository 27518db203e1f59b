import { dirname } from 'node:path';
import { readEnvironment } from './environment';
import { createLog } from './log';
import { mediaTools } from './media/tools';
import { drainOrders } from './order-loop';
import { sqsQueues } from './queues';
import { showStatus } from './status/show-status';
import { WorkerStatus } from './status/worker-status';
import { readTaskIdentity } from './task-metadata';

const stop = new AbortController();
// First of all: as the first process of a container it would otherwise ignore the signal.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());

const log = createLog({ service: 'worker' });

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const task = await readTaskIdentity(environment);
  const taskLog = log.with({ taskId: task.taskId });
  const status = new WorkerStatus({ taskId: task.taskId, stop: stop.signal });
  await showStatus({ port: environment.statusPort, host: task.address, status, log: taskLog });
  await drainOrders({
    environment,
    task,
    status,
    queues: sqsQueues(environment),
    tools: mediaTools(dirname(process.argv[1] ?? '.')),
    log: taskLog,
    stop: stop.signal,
  });
}

main().then(
  // Connections that are kept open for reuse need not be waited for.
  () => process.exit(0),
  (error: unknown) => {
    log.error('The worker has failed', { error });
    process.exit(1);
  },
);
