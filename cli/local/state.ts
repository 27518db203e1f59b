import type { CloudState } from '../../local/cloud';
import type { Command } from '../command';
import { parseFlags } from '../flags';
import { formatTable } from '../table';
import { CLOUD_FLAGS, CLOUD_FLAGS_USAGE, findCloud } from './find-cloud';
import { taskId } from './tasks';

export const localState: Command = {
  name: 'state',
  summary: 'tasks, queues, functions and metrics of the local cloud',
  usage: `spotreel local state [--json]

Shows what goes on in the local cloud: its tasks of the last hour, what waits in its queues, how
often its functions ran, and the metrics that they counted.

${CLOUD_FLAGS_USAGE}  --json           all of it as one JSON object
`,
  async run(args, out) {
    const { values } = parseFlags(args, {
      options: { ...CLOUD_FLAGS, json: { type: 'boolean' } },
      takes: [],
    });
    const cloud = await findCloud(values);
    const state = await cloud.state();
    if (values.json === true) out.write(`${JSON.stringify(state, null, 2)}\n`);
    else out.write(`${describeState(cloud.endpoint, state)}\n`);
    return 0;
  },
};

export function describeState(endpoint: string, state: CloudState): string {
  const tasks = state.tasks.map(task => [
    taskId(task),
    task.lastStatus,
    task.capacityProviderName ?? '',
    task.startedBy ?? '',
    task.stopCode ?? '',
  ]);
  return [
    `The local cloud on ${endpoint}`,
    tasks.length === 0
      ? 'No task ran within the last hour.'
      : formatTable(['task', 'status', 'capacity', 'job', 'ended by'], tasks),
    formatTable(
      ['queue', 'waiting', 'in flight', 'delayed'],
      Object.entries(state.queues).map(([name, depth]) => [
        name,
        ...[depth.visible, depth.inFlight, depth.delayed].map(String),
      ]),
    ),
    formatTable(
      ['function', 'calls', 'errors', 'running'],
      Object.entries(state.functions).map(([name, counts]) => [
        name,
        ...[counts.invocations, counts.errors, counts.running].map(String),
      ]),
    ),
    formatTable(
      ['metric', 'count', 'sum'],
      Object.entries(state.metrics).map(([name, total]) => [
        name,
        String(total.count),
        String(Number(total.sum.toPrecision(6))),
      ]),
    ),
  ].join('\n\n');
}
