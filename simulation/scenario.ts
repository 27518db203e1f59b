import { makeJobId } from '../core/job';
import type { JobIdentity, JobRecord } from '../core/job';
import { isTerminal } from '../core/job';
import type { Settings } from '../core/settings';
import type { Faults } from './faults';
import { CAUSES } from './faults';
import type { Violation } from './invariants';
import { Random } from './random';
import { World } from './world';

export interface Scenario {
  readonly seed: number;
  readonly uploads: number;
  readonly faults: Partial<Faults>;
  /** Share of the videos that are uploaded a second time within ten minutes. Default 0. */
  readonly reuploadShare?: number;
  /** Share of the videos whose job is cancelled within ten minutes; half of them are retried later. Default 0. */
  readonly cancelShare?: number;
  /** Knobs of the deployment that are others than those of all scenarios. */
  readonly settings?: Partial<Settings>;
  /** Keeps what happened, for a person to read. */
  readonly keepTrace?: boolean;
}

export interface ScenarioResult {
  readonly violations: readonly Violation[];
  readonly traceHash: string;
  readonly steps: number;
  readonly simulatedHours: number;
  readonly jobs: readonly JobRecord[];
  readonly trace: readonly string[];
}

const START = new Date('2026-01-02T03:04:05.000Z');
/** Uploads come and faults happen within this time; then all must come right by itself. */
const FAULTY_SECONDS = 2 * 3600;
/** Share of the videos that are long enough to be cut. */
const LONG_SHARE = 0.4;
/** Few enough for jobs to have more orders than may be out at once, and for orders to wait for tasks of other jobs. */
const SETTINGS = { maxTasksPerJob: 2, maxTasks: 6 };
const DRAIN_HOURS = 30;
const PRESET = JSON.stringify({ outputs: [{ kind: 'video', name: 'web', video: {}, audio: {} }] });

/** Uploads under faults, then peace until nothing is left to do; what must always hold is checked all the way. */
export async function runScenario(scenario: Scenario): Promise<ScenarioResult> {
  const { seed, faults } = scenario;
  const world = new World({
    ...{
      seed,
      faults,
      settings: { ...SETTINGS, ...scenario.settings },
      start: START,
      callSeconds: 0.3,
      progressSeconds: 60,
      thorough: true,
    },
  });
  const trace = scenario.keepTrace === true ? world.keepTrace() : [];
  world.storage.presets.set('web', PRESET);
  const plan = new Random(seed ^ 0x5eed);
  const keys = planUploads(world, plan, scenario);
  const { clock } = world;
  const isWrong = (): boolean => world.invariants.violations.length > 0;
  await clock.run({ untilMs: START.getTime() + FAULTY_SECONDS * 1000, until: isWrong });
  world.endFaults();
  if (!isWrong()) {
    await clock.run({
      untilMs: clock.nowMs + DRAIN_HOURS * 3_600_000,
      until: () => isWrong() || (world.isQuiet && clock.nowMs > START.getTime() + 4 * 3_600_000),
    });
  }
  if (!isWrong()) checkEnd(world, { keys, faults });
  return {
    violations: world.invariants.violations,
    traceHash: world.traceHash(),
    steps: clock.steps,
    simulatedHours: (clock.nowMs - START.getTime()) / 3_600_000,
    jobs: [...world.storage.records.values()].map(({ job }) => job),
    trace,
  };
}

/** Videos with metadata or a manifest, before or after it, a few without, a few corrupt, a few uploaded again. */
function planUploads(
  world: World,
  plan: Random,
  { uploads, reuploadShare = 0, cancelShare = 0 }: Scenario,
): string[] {
  const { clock, storage } = world;
  const keys: string[] = [];
  let version = 0;
  const put = (key: string, half: 'video' | 'manifest', byMetadata: boolean): void => {
    version += 1;
    const versionId = `v${version}`;
    const uploadedAt = clock.now();
    if (half === 'manifest') {
      storage.manifests.set(key, { versionId, uploadedAt, sizeBytes: 16, text: '{"preset":"web"}' });
      world.announce(`${key}.json`);
      return;
    }
    const isLong = plan.chance(LONG_SHARE);
    storage.sources.set(versionId, {
      resultSha256: version.toString(16).padStart(64, '0'),
      durationSeconds: isLong ? plan.between(200, 900) : 60,
      encodeSeconds: plan.lognormal(isLong ? 900 : 180, 0.8),
      isCorrupt: plan.chance(0.08),
    });
    const metadata: Record<string, string> = byMetadata ? { preset: 'web' } : {};
    storage.videos.set(key, { versionId, etag: `"${versionId}"`, sizeBytes: 1000, uploadedAt, metadata });
    world.announce(key);
  };
  for (let upload = 0; upload < uploads; upload += 1) {
    const key = `clips/${upload}.mp4`;
    keys.push(key);
    const kind = plan.next();
    const first = plan.between(0, FAULTY_SECONDS * 0.8);
    const second = first + plan.exponential(60);
    if (plan.chance(cancelShare)) cancelLater(world, key, { plan, afterSeconds: second });
    const times = plan.chance(reuploadShare) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const later = time * plan.between(1, 600);
      clock.after(first + later, () => put(key, kind < 0.5 ? 'video' : 'manifest', kind < 0.3));
      if (kind >= 0.3 && kind < 0.95)
        clock.after(second + later, () => put(key, kind < 0.5 ? 'manifest' : 'video', false));
    }
  }
  return keys;
}

/** A user asks for the end of whatever job of the video there is then, and may think better of it. */
function cancelLater(
  { clock, storage }: World,
  videoKey: string,
  { plan, afterSeconds }: { plan: Random; afterSeconds: number },
): void {
  const cancelAt = afterSeconds + plan.between(1, 600);
  const retryAfter = plan.chance(0.5) ? plan.between(300, 1800) : undefined;
  clock.after(cancelAt, () => {
    const jobId = latestJob(storage, videoKey)?.jobId;
    if (jobId === undefined) return;
    storage.ask({ jobId, action: 'cancel' });
    if (retryAfter !== undefined) clock.after(retryAfter, () => storage.ask({ jobId, action: 'retry' }));
  });
}

/** Of all that were made of uploads of the video, retries included. */
function latestJob({ records }: World['storage'], videoKey: string): JobRecord | undefined {
  return [...records.values()]
    .map(({ job }) => job)
    .filter(job => job.videoKey === videoKey)
    .sort((a, b) => (a.jobId < b.jobId ? -1 : 1))
    .at(-1);
}

/** What must be true when nothing is left to happen. */
function checkEnd(
  world: World,
  { keys, faults }: { keys: readonly string[]; faults: Partial<Faults> },
): void {
  const { storage, invariants } = world;
  if (!world.isQuiet)
    invariants.fail(
      'I7',
      `after ${DRAIN_HOURS} quiet hours there are ${storage.open.size} open jobs, ${storage.waiting.size} waiting uploads, ${world.fargate.liveCount} live tasks`,
    );
  for (const { job } of storage.records.values())
    if (!isTerminal(job.status)) invariants.fail('I1', `job ${job.jobId} ended as ${job.status}`);
  for (const videoKey of keys) checkUpload(world, videoKey, faults);
  for (const task of world.fargate.wanted()) invariants.fail('I7', `task ${task.taskArn} is left`);
  for (const key of storage.tickets.keys()) invariants.fail('I7', `ticket ${key} is left`);
}

function checkUpload(world: World, videoKey: string, faults: Partial<Faults>): void {
  const { storage, invariants } = world;
  const isTakenIn = newestIdentities(world, videoKey).some(identity =>
    storage.records.has(makeJobId(identity)),
  );
  const job = latestJob(storage, videoKey);
  if (job === undefined || !isTakenIn) {
    invariants.fail('I1', `nothing came of the upload of ${videoKey}`);
    return;
  }
  const told = storage.summariesOf(videoKey).map(({ status, jobId }) => `${status} by ${jobId}`);
  if (told.join() !== `${job.status} by ${job.jobId}`)
    invariants.fail(
      'I7',
      `the summaries of ${videoKey} are ${told.join(', ')}, not ${job.status} by ${job.jobId}`,
    );
  const source = job.source === undefined ? undefined : storage.sources.get(job.source.versionId);
  if (source === undefined) return;
  if (job.status === 'done') {
    for (const { key, sha256 } of job.outputs)
      if (storage.published.get(key)?.sha256 !== sha256)
        invariants.fail('I8', `${key} is no longer what job ${job.jobId} published`);
  }
  const expected = source.isCorrupt ? 'rejected' : 'done';
  const mayFail = (CAUSES[job.failure?.code ?? ''] ?? []).some(name => (faults[name] ?? 0) > 0);
  const isAsked = job.failure?.code === 'CANCELLED_BY_USER';
  if (job.status !== expected && !isAsked && !(job.status === 'failed' && mayFail))
    invariants.fail('I7', `job ${job.jobId} is ${job.status} (${job.failure?.code ?? ''}), not ${expected}`);
}

function newestIdentities({ storage }: World, videoKey: string): JobIdentity[] {
  const video = storage.videos.get(videoKey);
  const manifest = storage.manifests.get(videoKey);
  const base = { bucket: 'inbox', videoKey };
  if (video !== undefined && video.metadata['preset'] !== undefined)
    return [{ ...base, videoVersionId: video.versionId, uploadedAt: video.uploadedAt }];
  const halves = [video, manifest].filter(half => half !== undefined);
  return [
    {
      ...base,
      ...(video === undefined ? {} : { videoVersionId: video.versionId }),
      ...(manifest === undefined ? {} : { manifestVersionId: manifest.versionId }),
      uploadedAt: new Date(Math.max(...halves.map(half => half.uploadedAt.getTime()))),
    },
  ];
}
