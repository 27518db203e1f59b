import { setMaxListeners } from 'node:events';
import { rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptionTrack } from '../../core/captions/track';
import { tellsOfDamage } from '../../core/damage';
import { checkDurations } from '../../core/duration-check';
import type { FfmpegPlan } from '../../core/encode-plan';
import { needsLength, withLength } from '../../core/missing-length';
import type { PresetOutput } from '../../core/preset';
import type { PacketTable } from '../../core/packet-table';
import type { PartFacts } from '../../core/part-facts';
import type { Probe } from '../../core/probe';
import type { OutputFacts } from '../../core/report';
import type { WatermarkImages } from '../../core/watermark';
import { missingStream } from '../../core/source-failure';
import { gatherCaptions } from '../captions';
import { gatherImages } from '../watermarks';
import { beyondLimits } from '../../core/source-limits';
import type { MadeFile } from '../made-files';
import type { ExamineOptions } from '../media/examine';
import {
  countFrames,
  examinePart,
  missingShare,
  probeFile,
  probeSource,
  probeTail,
  readPacketTable,
} from '../media/examine';
import type { EncodeProgress } from '../media/progress';
import { runFfmpeg } from '../media/run-ffmpeg';
import type { Limits } from '../media/supervise';
import { OrderFailure } from '../order-failure';
import { contentType } from '../content-type';
import { outputFacts } from '../output-facts';
import type { StoredFile } from '../upload';
import { uploadFile, uploadLimitBytes } from '../upload';
import type { Assignment } from './assignment';

/** What every kind of work is done with: ffmpeg and ffprobe within the limits of the order, and the way to S3. */
export class Workbench {
  readonly #deadlineMs: number;
  #sawDamage = false;
  #captions: readonly CaptionTrack[] = [];
  #images: WatermarkImages = new Map();
  /** Given when nothing more is to be done for the order. */
  readonly signal: AbortSignal;

  constructor(readonly assignment: Assignment) {
    this.#deadlineMs = performance.now() + assignment.order.limits.wallClockSeconds * 1000;
    const { stop, gate, parts } = assignment;
    this.signal = AbortSignal.any([stop, gate.failed, parts.failed]);
    // Each of the segments that are stored side by side listens to it: any number is right.
    setMaxListeners(0, stop);
  }

  /** Captions that the outputs can take; known once the source is probed. */
  get captions(): readonly CaptionTrack[] {
    return this.#captions;
  }

  /** Images to be put on pictures; there once the source is probed. */
  get images(): WatermarkImages {
    return this.#images;
  }

  path(fileName: string): string {
    return join(this.assignment.folder, fileName);
  }

  /** Removes a file of the folder, if there is one. */
  async remove(fileName: string): Promise<void> {
    await rm(this.path(fileName), { force: true });
  }

  /**
   * What the source is.
   * @param captionsFor outputs for which captions are read; absent: all of the order
   * @throws OrderFailure when the outputs can't be made of it
   */
  async probeSource(captionsFor?: readonly PresetOutput[]): Promise<Probe> {
    const { outputs } = this.assignment.order;
    const source = await probeSource(this.examining(this.assignment.gate.url));
    const missing = missingStream(outputs, source) ?? beyondLimits(outputs, source);
    if (missing !== undefined) throw new OrderFailure(missing);
    this.#captions = await gatherCaptions(this, captionsFor ?? outputs, source);
    this.#images = await gatherImages(this, outputs);
    const known =
      this.#captions.length === 0
        ? source
        : { ...source, captions: this.#captions.map(({ facts }) => facts) };
    if (!outputs.some(needsLength) || known.durationSeconds !== undefined) return known;
    const tail = { fromSeconds: 0, decode: false };
    return withLength(known, await probeTail(this.examining(this.assignment.gate.url), known, tail));
  }

  /** What a file that was made here is. */
  async probePath(path: string): Promise<Probe> {
    return probeFile(this.examining(path));
  }

  async readPacketTable(streamIndex: number): Promise<PacketTable> {
    const { gate } = this.assignment;
    const { table, messages } = await readPacketTable(this.examining(gate.url), streamIndex);
    this.#sawDamage ||= tellsOfDamage(messages);
    return table;
  }

  /** Whether a tool has said that something of the source is damaged, be it ever so little. */
  get sawDamage(): boolean {
    return this.#sawDamage;
  }

  /** Part of the time of the source, or of a part, in which it has neither picture nor sound. */
  async missingShare(url = this.assignment.gate.url): Promise<number> {
    return missingShare(this.examining(url));
  }

  /** Bytes of the source, or of a part. @param range such as `0-99`, `100-`, or `-100` for the last hundred */
  async *readSource(range: string, url = this.assignment.gate.url): AsyncGenerator<Uint8Array> {
    const answer = await fetch(url, { headers: { range: `bytes=${range}` }, signal: this.signal });
    if (!answer.ok || answer.body === null) throw new Error('The source could not be read');
    for await (const bytes of answer.body) yield bytes as Uint8Array;
  }

  async examinePart(fileName: string): Promise<PartFacts> {
    return examinePart(this.examining(this.path(fileName)));
  }

  async countFrames(fileName: string): Promise<number> {
    return countFrames(this.examining(this.path(fileName)));
  }

  async ffmpeg(
    plan: FfmpegPlan,
    {
      onProgress,
      failed = [],
      inputId,
    }: {
      onProgress?: (progress: EncodeProgress) => void;
      /** Stop this run alone. */
      failed?: readonly AbortSignal[];
      /** Reads this part instead of the source. */
      inputId?: string;
    } = {},
  ): Promise<readonly string[]> {
    const { tools, gate, parts, folder, cpu, access } = this.assignment;
    return runFfmpeg({
      tools,
      plan,
      folder,
      cpu,
      sourceUrl: inputId === undefined ? gate.url : parts.url(inputId),
      partUrl: id => parts.url(id),
      sourceBytesRead: () => gate.bytesRead + parts.bytesRead,
      limits: this.#limits(),
      signal: AbortSignal.any([this.signal, ...failed]),
      maxFileBytes: fileName => uploadLimitBytes(access(), fileName),
      onMessage: line => (this.#sawDamage ||= plan.throughout === true && tellsOfDamage(line)),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  }

  /**
   * Checks that the files last as long as the source.
   * @returns the source, its durations corrected where it had them wrong
   */
  async checkDurations(source: Probe, made: readonly MadeFile[]): Promise<Probe> {
    const { gate } = this.assignment;
    const measured = made.flatMap(({ output, probe }) => (probe === undefined ? [] : [{ output, probe }]));
    if (gate.failure !== undefined) throw new Error('The source was not read to its end');
    const first = checkDurations(source, measured);
    const check =
      first.kind === 'lookAtTail'
        ? checkDurations(source, measured, await probeTail(this.examining(gate.url), source, first))
        : first;
    if (check.kind === 'right') return check.source;
    if (check.kind === 'truncated') throw new OrderFailure(check.failure);
    throw new Error('The durations could not be checked');
  }

  /** Stores a finished file and removes it from the disk. */
  async store(made: MadeFile): Promise<OutputFacts> {
    return outputFacts(made, await this.keep({ path: this.path(made.fileName), fileName: made.fileName }));
  }

  /** The same with a file that only the assembly takes. */
  async storePart(
    fileName: string,
    { score, ...facts }: Pick<OutputFacts, 'name' | 'frames' | 'score'>,
  ): Promise<OutputFacts> {
    const file = await this.keep({ path: this.path(fileName), fileName });
    const scored = score === undefined ? {} : { score };
    return { ...facts, ...scored, fileName, contentType: contentType(fileName), ...file, isPart: true };
  }

  /** Stores a file under a name and removes it from the disk. */
  async keep({ path, fileName }: { path: string; fileName: string }): Promise<StoredFile> {
    const { deliveryId, access } = this.assignment;
    const type = contentType(fileName);
    const file = await uploadFile({
      ...{ path, fileName, contentType: type, deliveryId, access },
      signal: this.assignment.stop,
    });
    await unlink(path);
    return file;
  }

  /** What ffprobe is started with. @param input address at the gate or path of a file made here */
  examining(input: string): ExamineOptions {
    const { tools, gate, parts, cpu } = this.assignment;
    return {
      tools,
      input,
      cpu,
      sourceBytesRead: () => gate.bytesRead + parts.bytesRead,
      limits: this.#limits(),
      signal: this.signal,
    };
  }

  #limits(): Limits {
    return {
      wallClockSeconds: Math.max(0, (this.#deadlineMs - performance.now()) / 1000),
      stallSeconds: this.assignment.order.limits.stallSeconds,
    };
  }
}
