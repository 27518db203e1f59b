import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { formatTable } from '../cli/table';
import { makeClip } from '../container/media/made-clip';
import { mediaTools } from '../container/media/tools';
import type { JobRecord } from '../core/job';
import { Random } from '../simulation/random';
import { Farm, workingTasks } from './farm';
import { Tally } from './tally';
import { yieldOf } from './yield';

const USAGE = `npm run chaos -- [--seed N] [--jobs N] [--seconds N]
  real encodes on the local cloud while workers are killed and reclaimed, the cloud is restarted, connections are
  cut and S3 and SQS refuse or are slow; every job must end done, with the frames and sound of an undisturbed run
  --seed N      what goes wrong, and when (default 1)
  --jobs N      videos, every other one long enough to be cut (default 4)
  --seconds N   for how long things go wrong (default 60); then there is peace until all is done`;

const TOOLS = mediaTools(join(__dirname, '..', 'container'));
const PRESET = {
  outputs: [
    { kind: 'video', name: 'web', video: { speed: 'slower', size: { shortSide: 360 } }, audio: {} },
    {
      kind: 'adaptive',
      name: 'ladder',
      video: { speed: 'veryfast' },
      rungs: [{ shortSide: 180 }, { shortSide: 120 }],
      segmentSeconds: 4,
      audio: {},
    },
    { kind: 'still', name: 'poster' },
  ],
  task: { vcpu: 1, memoryGiB: 2 },
};
const CONTEXT = {
  'spotreel:splitAboveSeconds': '8',
  'spotreel:chunkSeconds': '6',
  'spotreel:maxTasksPerJob': '2',
};
const CLIPS = [
  { name: 'long.mp4', durationSeconds: 24 },
  { name: 'short.mp4', durationSeconds: 6 },
] as const;
/** Longest time that all may take to come right once nothing goes wrong any more. */
const PEACE_SECONDS = 300;
/** Chances of what happens each time that something may. */
const RESTART = 0.08;
const RECLAIM = 0.3;

type Yield = Readonly<Record<string, string>>;

interface Options {
  readonly seed: number;
  readonly jobs: number;
  readonly seconds: number;
}

async function main(): Promise<boolean> {
  const options = readOptions();
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-chaos-'));
  const farm = await Farm.start(CONTEXT);
  try {
    await farm.putPreset('chaos', PRESET);
    say('An undisturbed run …');
    const truths = new Map<string, Yield>();
    for (const { name, durationSeconds } of CLIPS) {
      const path = join(folder, name);
      await makeClip(TOOLS, { path, durationSeconds, width: 640, height: 360 });
      await farm.upload(`calm/${name}`, path, 'chaos');
      const [job] = await farm.finish([`calm/${name}`], PEACE_SECONDS);
      if (job?.status !== 'done')
        throw new Error(
          `Undisturbed, ${name} is ${job?.status ?? 'not there'}: ${job?.failure?.message ?? ''}`,
        );
      truths.set(name, await yieldOf(farm, job));
    }
    const keys = await uploadAll(farm, folder, options.jobs);
    say(`${options.jobs} jobs, and ${options.seconds} seconds in which things go wrong …`);
    const tally = await disturb(farm, keys, options);
    await farm.restart();
    const jobs = await farm.finish(keys, PEACE_SECONDS);
    const rows = await Promise.all(
      keys.map(async (key, index) =>
        judge(jobs[index], { key, own: await yieldOf(farm, jobs[index]), truths }),
      ),
    );
    say(
      formatTable(
        ['video', 'status', 'chunks', 'tasks', 'attempts', 'lost', 'outputs'],
        rows.map(({ cells }) => cells),
      ),
    );
    say(tally.describe());
    const missing = tally.missing();
    if (missing.length > 0) say(`Not met with in this run: ${missing.join(', ')}.`);
    const wrong = rows.filter(({ isRight }) => !isRight).length;
    say(
      wrong === 0
        ? 'Every job is done, with the frames and sound of the undisturbed run.'
        : `${wrong} jobs are not as they should be; seed ${options.seed}.`,
    );
    return wrong === 0;
  } finally {
    await farm.end();
    await rm(folder, { recursive: true, force: true });
  }
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '60' },
    },
  });
  const whole = (name: 'seed' | 'jobs' | 'seconds', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least)
      throw new Error(`--${name} ${values[name]}: give a whole number of at least ${least}.\n${USAGE}`);
    return value;
  };
  return { seed: whole('seed', 0), jobs: whole('jobs', 1), seconds: whole('seconds', 1) };
}

async function uploadAll(farm: Farm, folder: string, jobs: number): Promise<string[]> {
  const keys: string[] = [];
  for (let index = 0; index < jobs; index += 1) {
    const { name } = CLIPS[index % CLIPS.length] ?? CLIPS[0];
    const key = `storm/${index}/${name}`;
    await farm.upload(key, join(folder, name), 'chaos');
    keys.push(key);
  }
  return keys;
}

/** Has things go wrong until the time is over, or nothing is left to disturb. */
async function disturb(farm: Farm, keys: readonly string[], { seed, seconds }: Options): Promise<Tally> {
  const random = new Random(seed);
  const tally = new Tally();
  const badNetwork = (): string[] => ['--bad-network', String(seed + tally.restarts)];
  const countNetwork = async (): Promise<void> => tally.addNetwork(await farm.spoilt());
  await farm.restart(badNetwork());
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    await sleep(random.between(300, 2000));
    await farm.sweep();
    if (random.chance(RESTART)) {
      await countNetwork();
      tally.restarts += 1;
      await farm.restart(badNetwork());
      continue;
    }
    const jobs = await Promise.all(keys.map(key => farm.job(key)));
    if (jobs.every(job => job?.finishedAt !== undefined)) break;
    const tasks = [...new Set(jobs.flatMap(workingTasks))];
    const task = tasks[random.index(tasks.length)];
    if (task === undefined) continue;
    const action = random.chance(RECLAIM) ? 'reclaim' : 'kill';
    if (await farm.strike(action, task)) tally[action === 'kill' ? 'kills' : 'reclaims'] += 1;
  }
  await countNetwork();
  return tally;
}

function judge(
  job: JobRecord | undefined,
  { key, own, truths }: { key: string; own: Yield; truths: ReadonlyMap<string, Yield> },
): { isRight: boolean; cells: string[] } {
  const truth = truths.get(key.split('/').at(-1) ?? '') ?? {};
  const names = Object.keys(truth);
  const others = names.filter(name => own[name] !== truth[name]);
  const isRight = job?.status === 'done' && names.length > 0 && others.length === 0;
  const attempts = job?.orders.reduce(
    (sum, order) => sum + order.attempts.length + (order.earlier?.attempts ?? 0),
    0,
  );
  return {
    isRight,
    cells: [
      key,
      job?.failure === undefined ? (job?.status ?? 'no job') : `${job.status}: ${job.failure.code}`,
      String(job?.cut?.chunks ?? 1),
      String(job?.launches.length ?? 0),
      String(attempts ?? 0),
      `${(job?.usage.lostPercent ?? 0).toFixed(1)} %`,
      others.length === 0 ? 'the same' : `OTHER: ${others.join(', ')}`,
    ],
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  isRight => {
    process.exitCode = isRight ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
