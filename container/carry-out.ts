import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { bestFrameSeconds, parseCandidates, planBestFrame } from '../core/best-frame';
import { checkDurations } from '../core/duration-check';
import type { FfmpegPlan, Findings } from '../core/encode-plan';
import { planEncode } from '../core/encode-plan';
import type { Loudness } from '../core/loudness';
import { parseLoudness } from '../core/loudness';
import { planLoudness } from '../core/loudness-plan';
import type { Order, OrderAccess } from '../core/order';
import { needsLength, withLength } from '../core/missing-length';
import type { Probe } from '../core/probe';
import { lastingSeconds, toSourceFacts } from '../core/probe';
import type { OutputFacts } from '../core/report';
import { missingStream } from '../core/source-failure';
import { beyondLimits } from '../core/source-limits';
import type { StillPlan } from '../core/still-plan';
import { failureOf, OrderFailure } from './order-failure';
import type { CpuMeter } from './media/cpu-meter';
import type { ExamineOptions } from './media/examine';
import { probeFile, probeSource, probeTail } from './media/examine';
import { runFfmpeg } from './media/run-ffmpeg';
import type { Limits } from './media/supervise';
import type { MediaTools } from './media/tools';
import type { MadeFile } from './made-files';
import { collectFiles } from './made-files';
import { contentType, outputFacts } from './output-facts';
import { hasContent } from './files';
import type { Outcome } from './reporter';
import type { SourceGate } from './source-gate';
import { uploadFile, uploadLimitBytes } from './upload';

/** One order in the hands of this worker. */
export interface Assignment {
  readonly order: Order;
  readonly deliveryId: string;
  readonly gate: SourceGate;
  readonly cpu: CpuMeter;
  readonly tools: MediaTools;
  /** An empty folder of its own. */
  readonly folder: string;
  /** The order's URLs as they are now. */
  readonly access: () => OrderAccess;
  /** Given when the worker has to stop. */
  readonly stop: AbortSignal;
  readonly onProgress: (percent: number, speed: number) => void;
}

/** Part of the progress that encoding makes up; the rest is uploading. */
const ENCODE_PERCENT = 90;

/** Carries out one order from the probe of its source to the stored outputs. Never throws. */
export async function carryOut(assignment: Assignment): Promise<Outcome> {
  let source: Probe | undefined;
  const facts = (): Pick<Extract<Outcome, { kind: 'failed' }>, 'source'> =>
    source === undefined ? {} : { source: toSourceFacts(source) };
  try {
    const work = new OrderWork(assignment);
    source = await work.probe();
    const made = await work.make(source);
    source = await work.checkDurations(source, made);
    return { kind: 'finished', source: toSourceFacts(source), outputs: await work.store(made) };
  } catch (error) {
    if (assignment.stop.aborted) return { kind: 'returned' };
    return { kind: 'failed', failure: failureOf(error, assignment.gate.failure), ...facts() };
  }
}

class OrderWork {
  readonly #deadlineMs: number;
  readonly #signal: AbortSignal;

  constructor(readonly assignment: Assignment) {
    this.#deadlineMs = performance.now() + assignment.order.limits.wallClockSeconds * 1000;
    this.#signal = AbortSignal.any([assignment.stop, assignment.gate.failed]);
  }

  async probe(): Promise<Probe> {
    const { order, gate } = this.assignment;
    const source = await probeSource(this.#examine(gate.url));
    const missing = missingStream(order.outputs, source) ?? beyondLimits(order.outputs, source);
    if (missing !== undefined) throw new OrderFailure(missing);
    if (!order.outputs.some(needsLength) || source.durationSeconds !== undefined) return source;
    return withLength(
      source,
      await probeTail(this.#examine(gate.url), source, { fromSeconds: 0, decode: false }),
    );
  }

  /** Makes all files and measures them. */
  async make(source: Probe): Promise<MadeFile[]> {
    const { order, folder, onProgress } = this.assignment;
    const plan = planEncode(order.outputs, source, await this.#find(source));
    const lasts = lastingSeconds(source);
    if (plan.encode !== undefined) {
      await this.#ffmpeg(plan.encode, ({ mediaSeconds, speed }) => {
        if (lasts !== undefined) onProgress(Math.min(1, mediaSeconds / lasts) * ENCODE_PERCENT, speed);
      });
    }
    for (const still of plan.stills) await this.#still(still);
    for (const clip of plan.clips) await this.#ffmpeg(clip);
    const probe = (path: string): Promise<Probe> => probeFile(this.#examine(path));
    const made: MadeFile[] = [];
    for (const output of order.outputs) made.push(...(await collectFiles(output, { source, folder, probe })));
    return made;
  }

  async checkDurations(source: Probe, made: readonly MadeFile[]): Promise<Probe> {
    const { gate } = this.assignment;
    const measured = made.flatMap(({ output, probe }) => (probe === undefined ? [] : [{ output, probe }]));
    if (gate.failure !== undefined) throw new Error('The source was not read to its end');
    const first = checkDurations(source, measured);
    const check =
      first.kind === 'lookAtTail'
        ? checkDurations(source, measured, await probeTail(this.#examine(gate.url), source, first))
        : first;
    if (check.kind === 'right') return check.source;
    if (check.kind === 'truncated') throw new OrderFailure(check.failure);
    throw new Error('The durations could not be checked');
  }

  async store(files: readonly MadeFile[]): Promise<OutputFacts[]> {
    const { folder, deliveryId, access, stop, onProgress } = this.assignment;
    const stored: OutputFacts[] = [];
    for (const made of files) {
      const { fileName } = made;
      const path = join(folder, fileName);
      const type = contentType(fileName);
      const file = await uploadFile({ path, fileName, contentType: type, deliveryId, access, signal: stop });
      await unlink(path);
      stored.push(outputFacts(made, file));
      onProgress(ENCODE_PERCENT + ((100 - ENCODE_PERCENT) * stored.length) / files.length, 0);
    }
    return stored;
  }

  /** What has to be known of the source before anything can be made of it. */
  async #find(source: Probe): Promise<Findings> {
    const loudness = new Map<string, Loudness>();
    for (const { key, plan } of planLoudness(this.assignment.order.outputs, source)) {
      const measured = parseLoudness(await this.#ffmpeg(plan));
      if (measured !== undefined) loudness.set(key, measured);
    }
    const { outputs } = this.assignment.order;
    const { video } = source;
    if (video === undefined || !outputs.some(output => output.kind === 'still' && output.best))
      return { loudness };
    const candidates = parseCandidates(await this.#ffmpeg(planBestFrame(video)));
    return { loudness, bestSeconds: bestFrameSeconds(candidates) };
  }

  async #still({ wanted, fallback }: StillPlan): Promise<void> {
    await this.#ffmpeg(wanted);
    // Past the last frame ffmpeg writes nothing and is content.
    const written = await Promise.all(
      wanted.files.map(({ fileName }) => hasContent(join(this.assignment.folder, fileName))),
    );
    if (written.includes(false)) await this.#ffmpeg(fallback);
  }

  async #ffmpeg(
    plan: FfmpegPlan,
    onProgress?: (progress: { mediaSeconds: number; speed: number }) => void,
  ): Promise<readonly string[]> {
    const { tools, gate, folder, cpu, access } = this.assignment;
    return runFfmpeg({
      tools,
      plan,
      folder,
      cpu,
      sourceUrl: gate.url,
      sourceBytesRead: () => gate.bytesRead,
      limits: this.#limits(),
      signal: this.#signal,
      maxFileBytes: fileName => uploadLimitBytes(access(), fileName),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  }

  #examine(input: string): ExamineOptions {
    const { tools, gate, cpu } = this.assignment;
    return {
      tools,
      input,
      cpu,
      sourceBytesRead: () => gate.bytesRead,
      limits: this.#limits(),
      signal: this.#signal,
    };
  }

  #limits(): Limits {
    return {
      wallClockSeconds: Math.max(0, (this.#deadlineMs - performance.now()) / 1000),
      stallSeconds: this.assignment.order.limits.stallSeconds,
    };
  }
}
