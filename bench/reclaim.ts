import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Farm, workingTasks } from '../chaos/farm';
import { makeClip } from '../container/media/made-clip';
import type { JobRecord } from '../core/job';
import { progressOf } from '../core/job-progress';
import { TOOLS } from './clips';
import { round } from './measure';

const CLIP_SECONDS = 60;
const CHUNK_SECONDS = 5;
/** Times that it is encoded either way. */
const ROUNDS = 3;
/** Workers that are killed in each of them. */
const KILLS = 3;
/** Progress at which they are, about: spread over the encode, and shifted by chance. */
const SPREAD_PERCENT = 60;
const TIMEOUT_SECONDS = 900;
const POLL_MS = 300;
const PRESET = {
  outputs: [{ kind: 'video', name: 'web', video: { speed: 'slow', size: { shortSide: 360 } }, audio: {} }],
  task: { vcpu: 1, memoryGiB: 2 },
};

export interface ReclaimLoss {
  /** Share of the task time that was lost, of a source that is cut; of all rounds together. */
  readonly lostShare: number;
  /** The same of one that is encoded whole, as many workers killed at the same points. */
  readonly wholeFileLostShare: number;
  /** Workers that were killed, of each of the two. */
  readonly reclaims: number;
  /** Orders that a killed worker had in hand, on average: 1 at most. */
  readonly ordersLostPerReclaim: number;
}

interface Loss {
  lostSeconds: number;
  taskSeconds: number;
  kills: number;
  ordersLost: number;
}

/** What it costs to lose workers at random during a long encode: cut into chunks, and whole. */
export async function measureReclaim(say: (line: string) => void): Promise<ReclaimLoss> {
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-bench-'));
  const cut: Loss = { lostSeconds: 0, taskSeconds: 0, kills: 0, ordersLost: 0 };
  const whole: Loss = { ...cut };
  try {
    const path = join(folder, 'long.mp4');
    await makeClip(TOOLS, { path, durationSeconds: CLIP_SECONDS, width: 640, height: 360 });
    for (let turn = 1; turn <= ROUNDS; turn += 1) {
      const points = Array.from({ length: KILLS }, (_, index) =>
        Math.min(95, 15 + (SPREAD_PERCENT * (index + Math.random())) / KILLS),
      );
      const at = points.map(point => `${Math.round(point)} %`).join(', ');
      say(`Round ${turn} of ${ROUNDS}: workers are killed at ${at} of the encode.`);
      const inChunks = await run({ path, points, context: { 'spotreel:splitAboveSeconds': '10' } });
      say(`Cut into ${inChunks.job.cut?.chunks ?? 1} chunks: ${add(cut, inChunks)}`);
      const inOneGo = await run({ path, points, context: { 'spotreel:splitAboveSeconds': '3600' } });
      say(`Whole: ${add(whole, inOneGo)}`);
    }
    return {
      lostShare: round(cut.lostSeconds / cut.taskSeconds),
      wholeFileLostShare: round(whole.lostSeconds / whole.taskSeconds),
      reclaims: Math.min(cut.kills, whole.kills),
      ordersLostPerReclaim: round(cut.ordersLost / cut.kills),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(options: {
  path: string;
  points: readonly number[];
  context: Readonly<Record<string, string>>;
}): Promise<{ job: JobRecord; kills: number }> {
  const farm = await Farm.start({
    ...{ 'spotreel:chunkSeconds': String(CHUNK_SECONDS), 'spotreel:maxTasksPerJob': '2' },
    ...options.context,
  });
  try {
    await farm.putPreset('bench', PRESET);
    await farm.upload('long.mp4', options.path, 'bench');
    let kills = 0;
    for (const point of options.points) if (await killAt(farm, point)) kills += 1;
    const [job] = await farm.finish(['long.mp4'], TIMEOUT_SECONDS);
    if (job?.status !== 'done')
      throw new Error(`The job is ${job?.status ?? 'not there'}: ${job?.failure?.message ?? 'no reason'}`);
    return { job, kills };
  } finally {
    await farm.end();
  }
}

/** Kills a worker once the job is that far; false when it ended before. */
async function killAt(farm: Farm, percent: number): Promise<boolean> {
  const deadline = Date.now() + TIMEOUT_SECONDS * 1000;
  while (Date.now() < deadline) {
    const job = await farm.job('long.mp4');
    if (job?.status === 'publishing' || job?.finishedAt !== undefined) return false;
    const [task] = workingTasks(job);
    const isThere = job !== undefined && progressOf(job).percent >= percent;
    if (isThere && task !== undefined && (await farm.strike('kill', task))) return true;
    await farm.sweep();
    await sleep(POLL_MS);
  }
  throw new Error(`The encode did not come to ${Math.round(percent)} % within ${TIMEOUT_SECONDS} seconds`);
}

/** Adds what a job lost to a sum. @returns it in words */
function add(sum: Loss, { job, kills }: { job: JobRecord; kills: number }): string {
  const { lostSeconds, taskSeconds } = job.usage;
  const lost = job.orders.flatMap(({ attempts }) => attempts).filter(({ outcome }) => outcome === 'killed');
  sum.lostSeconds += lostSeconds;
  sum.taskSeconds += taskSeconds;
  sum.kills += kills;
  sum.ordersLost += lost.length;
  return `${lostSeconds.toFixed(1)} s of ${taskSeconds.toFixed(1)} s of task time lost`;
}
