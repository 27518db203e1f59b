import type { JobRecord } from '../../core/job';
import type { NetworkReceipt } from '../../core/nat-network-stays';
import { progressOf } from '../../core/job-progress';
import type { SourceFacts } from '../../core/report';
import type { Command } from '../command';
import { explainFailure } from '../failure-text';
import { parseFlags } from '../flags';
import { outputTable } from '../output-table';
import { formatBytes } from '../table';
import { formatFrameRate, formatSeconds, formatTime, formatUsd } from '../units';
import { requireJob, STORE_FLAGS, STORE_FLAGS_USAGE, withJobStore } from './job-store';
import { networkLines, readNetworkReceipts } from './network-costs';
import { timelineOf } from './timeline';

export const showJob: Command = {
  name: 'show',
  summary: 'all that happened to a job, and what came of it',
  usage: `spotreel job show ID|VIDEO_KEY [--json]

Tells what happened to a job in the order of time, what came out and what it used. Given the key of
a video in the inbox, it shows the newest job of that video. Times are UTC.

${STORE_FLAGS_USAGE}  --json           the whole record
`,
  async run(args, out) {
    const { values, positionals } = parseFlags(args, {
      options: { ...STORE_FLAGS, json: { type: 'boolean' } },
      takes: ['ID or VIDEO_KEY'],
    });
    const [asked = ''] = positionals;
    const { job, receipts } = await withJobStore(values, async store => {
      const found = await requireJob(store, asked);
      return { job: found, receipts: await readNetworkReceipts(store, found) };
    });
    out.write(`${values.json === true ? JSON.stringify(job, null, 2) : describeJob(job, receipts)}\n`);
    return 0;
  },
};

/** @param receipts its shares of networks that are gone. Default: none is */
export function describeJob(job: JobRecord, receipts: readonly NetworkReceipt[] = []): string {
  const timeline = timelineOf(job).map(({ at, text }) => `${formatTime(at)}  ${text}`);
  return [
    [
      `job ${job.jobId}: ${job.status}`,
      `video ${job.videoKey}${job.source === undefined ? '' : ` (${formatBytes(job.source.sizeBytes)})`}, preset ${job.preset?.name ?? job.manifest?.preset ?? 'unknown'}, asked for by ${job.requestedBy}`,
      ...sourceLines(job),
      ...cutLines(job),
    ],
    timeline,
    ...(job.failure === undefined ? [] : [explainFailure(job).split('\n')]),
    ...(job.outputs.length === 0 ? [] : [[outputTable(job.outputs)]]),
    ...(job.usage.taskSeconds === 0 ? [] : [[usageLine(job), ...networkLines(job, receipts)]]),
  ]
    .map(lines => lines.join('\n'))
    .join('\n\n');
}

function sourceLines({ source }: JobRecord): string[] {
  const facts = source?.facts;
  if (facts === undefined) return [];
  const { video, audio, durationSeconds } = facts;
  const parts = [
    ...(video === undefined
      ? []
      : [`${video.width}×${video.height} ${video.codec}, ${formatFrameRate(video.frameRate)} fps`]),
    ...(audio === undefined ? [] : [`${audio.codec}, ${audio.channels} ch`]),
    formatSeconds(durationSeconds),
  ];
  return [`source ${parts.join('; ')}`, ...partsLines(facts.parts)];
}

function partsLines(parts: SourceFacts['parts'] = []): string[] {
  const told = parts.map(
    ({ fileName, place, durationSeconds }) => `${place} ${fileName} (${formatSeconds(durationSeconds)})`,
  );
  return told.length === 0 ? [] : [`  with ${told.join(', ')}`];
}

function cutLines(job: JobRecord): string[] {
  if (job.wholeBecause !== undefined) return [`encoded whole: ${job.wholeBecause}`];
  const { chunks, percent } = progressOf(job);
  if (chunks === undefined) return [];
  return [`cut into ${chunks.of} chunks, ${chunks.done} of them done; ${Math.round(percent)} % in all`];
}

function usageLine({ usage }: JobRecord): string {
  const lost =
    usage.lostSeconds === 0
      ? 'nothing lost'
      : `${formatSeconds(usage.lostSeconds)} of it lost (${Math.round((100 * usage.lostSeconds) / usage.taskSeconds)} %)`;
  return `Used: ${formatSeconds(usage.taskSeconds)} of task time, ${lost}; ${formatSeconds(usage.cpuSeconds)} of CPU time; about ${formatUsd(usage.estimatedUsd)} USD.`;
}
