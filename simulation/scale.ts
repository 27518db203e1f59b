import { isTerminal } from '../core/job';
import type { JobRecord } from '../core/job';
import { taskCostUsd } from '../core/cost/receipt';
import { billedSeconds } from '../core/cost/task';
import { settingsSchema } from '../core/settings';
import { Distribution } from './distribution';
import type { Task } from './fargate';
import type { Violation } from './invariants';
import { Random } from './random';
import { World } from './world';

/** Where it would run: the defaults of a deployment. */
const DEPLOYMENT = settingsSchema.parse({});
/** Disk that every task has and that is not billed. */
const FREE_STORAGE_GIB = 20;

export interface ScaleOptions {
  /** Uploads over one day. */
  readonly uploads: number;
  /** Share of the running Spot tasks that is reclaimed in an hour. */
  readonly reclaimRate: number;
  readonly seed: number;
  /** Told once for each simulated hour. */
  readonly onHour?: (hour: number, uploads: number) => void;
}

export interface ScaleResult {
  readonly uploads: number;
  readonly done: number;
  readonly rejected: number;
  readonly otherEnds: number;
  readonly tasks: number;
  readonly reclaims: number;
  readonly peakTasks: number;
  readonly peakVcpus: number;
  readonly peakRunTaskPerSecond: number;
  readonly peakIntakeFunctions: number;
  readonly peakCompletionFunctions: number;
  /** Calls to AWS that the largest sweep made. */
  readonly peakSweepCalls: number;
  readonly queueAgeSeconds: Percentiles;
  readonly uploadToDoneSeconds: Percentiles;
  readonly usd: number;
  readonly billedHours: number;
  /** Seconds that workers held orders, and how many of them came to nothing. */
  readonly heldSeconds: number;
  readonly lostSeconds: number;
  readonly violations: readonly Violation[];
  readonly steps: number;
  /** Each of these has a value for every five minutes. */
  readonly series: { tasks: number[]; uploadsPerMinute: number[]; launchesPerMinute: number[] };
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const START = new Date('2026-01-02T00:00:00.000Z');
const DAY_SECONDS = 86_400;
export const SERIES_STEP_MINUTES = 5;
/** What ended is kept this long, for reports that come late; then it is forgotten, to keep memory small. */
const KEPT_SECONDS = 600;
/** Share of the videos that are long enough to be cut. */
const LONG_SHARE = 0.02;
/** A typical call to S3, SQS or ECS from a Lambda in the same region. */
export const CALL_SECONDS = 0.02;
const PRESET = JSON.stringify({ outputs: [{ kind: 'video', name: 'web', video: {}, audio: {} }] });

/** A day of uploads, more by day than by night, with Spot reclaims and nothing else going wrong. */
export async function runScale(options: ScaleOptions): Promise<ScaleResult> {
  const tally = new Tally();
  const world: World = new World({
    ...{ seed: options.seed, start: START, callSeconds: 0, busySecondsPerCall: CALL_SECONDS },
    // Real workers report every 5 percent; of a simulated one, only signs of life are of interest.
    ...{ progressSeconds: 240, thorough: false, maxConcurrency: 1000 },
    // What a deployment for so many uploads is given; the quotas that it needs are what is asked here.
    settings: { maxTasks: 100_000 },
    faults: { reclaimsPerHour: -Math.log(1 - options.reclaimRate) },
    onMeasure: ({ name, value }) => {
      if (name === 'UploadToDoneSeconds') tally.uploadToDone.add(value);
    },
    onWrite: (_before, after) => tally.ended(after),
    onClosed: jobId => forgetLater(world, jobId),
    onRunTask: () => tally.runTask(world.clock.nowMs),
    onTaskCreated: task => tally.created(task),
    onTaskStopped: task => {
      tally.stopped(task);
      world.clock.after(KEPT_SECONDS, () => world.storage.receipts.delete(task.taskArn));
    },
    onOrderReceived: seconds => tally.queueAge.add(seconds),
    onSweep: calls => (tally.peakSweepCalls = Math.max(tally.peakSweepCalls, calls)),
  });
  world.storage.presets.set('web', PRESET);
  uploadAll(world, { ...options, tally });
  sample(world, tally);
  const endOfDayMs = START.getTime() + DAY_SECONDS * 1000;
  await world.clock.run({ untilMs: endOfDayMs });
  await world.clock.run({
    untilMs: endOfDayMs + 8 * 3_600_000,
    // An event may still be under way when nothing else is.
    until: () => tally.ends === options.uploads && world.isQuiet,
  });
  if (!world.isQuiet) world.invariants.fail('I7', `${world.storage.open.size} jobs are still open`);
  if (tally.ends !== options.uploads)
    world.invariants.fail('I1', `${options.uploads} uploads, but ${tally.ends} jobs ended`);
  return tally.result(world, options.uploads);
}

function uploadAll(world: World, options: ScaleOptions & { tally: Tally }): void {
  const { clock, storage } = world;
  const random = new Random(options.seed ^ 0x5ca1e);
  const perSecond = options.uploads / DAY_SECONDS;
  let [uploads, hour] = [0, 0];
  const next = (): void => {
    if (uploads === options.uploads) return;
    uploads += 1;
    options.tally.uploadsNow += 1;
    const versionId = `v${uploads}`;
    const key = `clips/${uploads}.mp4`;
    const byManifest = random.chance(0.3);
    const isLong = random.chance(LONG_SHARE);
    storage.sources.set(versionId, {
      resultSha256: uploads.toString(16).padStart(64, '0'),
      durationSeconds: isLong ? random.between(300, 1800) : 60,
      encodeSeconds: isLong ? random.lognormal(900, 0.5) : Math.min(3600, random.lognormal(130, 0.8)),
      isCorrupt: random.chance(0.01),
    });
    const uploadedAt = clock.now();
    const metadata: Record<string, string> = byManifest ? {} : { preset: 'web' };
    storage.videos.set(key, { versionId, etag: `"${versionId}"`, sizeBytes: 1000, uploadedAt, metadata });
    world.announce(key);
    if (byManifest) {
      const text = '{"preset":"web"}';
      clock.after(random.between(0.5, 20), () => {
        storage.manifests.set(key, { versionId, uploadedAt: clock.now(), sizeBytes: text.length, text });
        world.announce(`${key}.json`);
      });
    }
    const elapsed = (clock.nowMs - START.getTime()) / 1000;
    if (elapsed >= (hour + 1) * 3600) options.onHour?.((hour += 1), uploads);
    // Half as many at midnight as on average, one and a half times as many at noon.
    const rate = perSecond * (1 - 0.5 * Math.cos((2 * Math.PI * elapsed) / DAY_SECONDS));
    clock.after(random.exponential(1 / rate), next);
  };
  clock.after(random.exponential(2 / perSecond), next);
}

function forgetLater({ clock, storage }: World, jobId: string): void {
  clock.after(KEPT_SECONDS, () => {
    const job = storage.records.get(jobId)?.job;
    if (job === undefined) return;
    storage.records.delete(jobId);
    storage.summaries.delete(job.videoKey);
    storage.videos.delete(job.videoKey);
    storage.manifests.delete(job.videoKey);
    storage.sources.delete(job.source?.versionId ?? '');
    for (const { key } of job.outputs) storage.published.delete(key);
  });
}

function sample(world: World, tally: Tally): void {
  world.clock.after(SERIES_STEP_MINUTES * 60, () => {
    if (world.clock.nowMs > START.getTime() + DAY_SECONDS * 1000) return;
    tally.sample();
    sample(world, tally);
  });
}

class Tally {
  readonly queueAge = new Distribution();
  readonly uploadToDone = new Distribution();
  done = 0;
  rejected = 0;
  otherEnds = 0;
  uploadsNow = 0;
  peakSweepCalls = 0;
  readonly #series: ScaleResult['series'] = { tasks: [], uploadsPerMinute: [], launchesPerMinute: [] };
  #tasks = 0;
  #reclaims = 0;
  #live = 0;
  #vcpus = 0;
  #peakTasks = 0;
  #peakVcpus = 0;
  #launchesNow = 0;
  #second = 0;
  #inSecond = 0;
  #peakPerSecond = 0;
  #usd = 0;
  #billedSeconds = 0;
  #heldSeconds = 0;
  #lostSeconds = 0;

  /** Jobs that have ended, in whatever way. */
  get ends(): number {
    return this.done + this.rejected + this.otherEnds;
  }

  ended({ status, usage }: JobRecord): void {
    if (!isTerminal(status)) return;
    if (status === 'done') this.done += 1;
    else if (status === 'rejected') this.rejected += 1;
    else this.otherEnds += 1;
    this.#heldSeconds += usage.taskSeconds;
    this.#lostSeconds += usage.lostSeconds;
  }

  runTask(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    this.#inSecond = second === this.#second ? this.#inSecond + 1 : 1;
    this.#second = second;
    this.#peakPerSecond = Math.max(this.#peakPerSecond, this.#inSecond);
    this.#launchesNow += 1;
  }

  created({ vcpu }: Task): void {
    this.#tasks += 1;
    this.#live += 1;
    this.#vcpus += vcpu;
    this.#peakTasks = Math.max(this.#peakTasks, this.#live);
    this.#peakVcpus = Math.max(this.#peakVcpus, this.#vcpus);
  }

  stopped(task: Task): void {
    this.#live -= 1;
    this.#vcpus -= task.vcpu;
    if (task.stopCode === 'SpotInterruption') this.#reclaims += 1;
    if (task.pullStartedAtMs === undefined || task.stoppedAtMs === undefined) return;
    const seconds = billedSeconds(new Date(task.pullStartedAtMs), new Date(task.stoppedAtMs));
    this.#billedSeconds += seconds;
    const { vcpu, memoryGiB, capacityProvider } = task;
    this.#usd += taskCostUsd(
      { size: { vcpu, memoryGiB, ephemeralStorageGiB: FREE_STORAGE_GIB }, seconds, capacityProvider },
      DEPLOYMENT,
    );
  }

  sample(): void {
    this.#series.tasks.push(this.#live);
    this.#series.uploadsPerMinute.push(this.uploadsNow / SERIES_STEP_MINUTES);
    this.#series.launchesPerMinute.push(this.#launchesNow / SERIES_STEP_MINUTES);
    this.uploadsNow = 0;
    this.#launchesNow = 0;
  }

  result(world: World, uploads: number): ScaleResult {
    const percentiles = (of: Distribution): Percentiles => ({
      p50: of.percentile(50),
      p95: of.percentile(95),
      p99: of.percentile(99),
    });
    return {
      ...{ uploads, done: this.done, rejected: this.rejected, otherEnds: this.otherEnds },
      ...{ tasks: this.#tasks, reclaims: this.#reclaims },
      ...{ peakTasks: this.#peakTasks, peakVcpus: this.#peakVcpus },
      peakRunTaskPerSecond: this.#peakPerSecond,
      peakIntakeFunctions: world.intakeSource.mostRunning,
      peakCompletionFunctions: world.reportSource.mostRunning,
      peakSweepCalls: this.peakSweepCalls,
      queueAgeSeconds: percentiles(this.queueAge),
      uploadToDoneSeconds: percentiles(this.uploadToDone),
      ...{ usd: this.#usd, billedHours: this.#billedSeconds / 3600 },
      ...{ heldSeconds: this.#heldSeconds, lostSeconds: this.#lostSeconds },
      violations: world.invariants.violations,
      steps: world.clock.steps,
      series: this.#series,
    };
  }
}
