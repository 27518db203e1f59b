import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Farm, workingTasks } from '../chaos/farm';
import { makeClip } from '../container/media/made-clip';
import { mediaTools } from '../container/media/tools';
import type { JobRecord } from '../core/job';
import { progressOf } from '../core/job-progress';

const TOOLS = mediaTools(join(__dirname, '..', 'container'));
const CLIP_SECONDS = 60;
const CHUNK_SECONDS = 5;
/** Workers that are killed in each run. */
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
  /** Share of the task time that was lost, of a source that is cut. */
  readonly lostShare: number;
  /** The same of one that is encoded whole, as many workers killed at the same points. */
  readonly wholeFileLostShare: number;
  /** Workers that were killed, in each of the two runs. */
  readonly reclaims: number;
}

/** What it costs to lose workers at random during a long encode: cut into chunks, and whole. */
export async function measureReclaim(say: (line: string) => void): Promise<ReclaimLoss> {
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-bench-'));
  try {
    const path = join(folder, 'long.mp4');
    await makeClip(TOOLS, { path, durationSeconds: CLIP_SECONDS, width: 640, height: 360 });
    const points = Array.from({ length: KILLS }, (_, index) =>
      Math.min(95, 15 + (SPREAD_PERCENT * (index + Math.random())) / KILLS),
    );
    say(`Workers are killed at ${points.map(point => `${Math.round(point)} %`).join(', ')} of the encode.`);
    const cut = await run({ path, points, context: { 'spotreel:splitAboveSeconds': '10' } });
    say(`Cut into ${cut.job.cut?.chunks ?? 1} chunks: ${describe(cut.job)}`);
    const whole = await run({ path, points, context: { 'spotreel:splitAboveSeconds': '3600' } });
    say(`Whole: ${describe(whole.job)}`);
    return {
      lostShare: share(cut.job),
      wholeFileLostShare: share(whole.job),
      reclaims: Math.min(cut.kills, whole.kills),
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

function share({ usage }: JobRecord): number {
  return Number((usage.lostSeconds / usage.taskSeconds).toFixed(3));
}

function describe({ usage }: JobRecord): string {
  return `${usage.lostSeconds.toFixed(1)} s of ${usage.taskSeconds.toFixed(1)} s of task time lost`;
}
