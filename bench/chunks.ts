import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOut } from '../container/carry-out';
import { CpuMeter } from '../container/media/cpu-meter';
import { makeClip } from '../container/media/made-clip';
import type { Outcome } from '../container/reporter';
import { PartGates } from '../container/part-gates';
import { SourceGate } from '../container/source-gate';
import { ASSEMBLE_ORDER_ID, chunkOrderId, REST_ORDER_ID } from '../core/chunked-job';
import type { Order, OrderAccess } from '../core/order';
import type { Preset } from '../core/preset';
import { leastBuffered } from '../core/rate-cap';
import type { OutputFacts } from '../core/report';
import type { Work } from '../core/work';
import { shippedPreset, TOOLS } from './clips';
import { median, round } from './measure';
import { ObjectServer } from './object-server';
import { countFrames, psnrAt, ratedPackets } from './picture-measures';

const SOURCE = 'source.mp4';
const PRESET = 'web-1080p';
/** That of the preset, as players buffer it. */
const CAP = { bitsPerSecond: 6_000_000, bufferBits: 12_000_000 };
const CLIP_SECONDS = 180;
/** Times that it is encoded either way, alternating: a machine is never twice as busy as before. */
const RUNS = 3;
/** As a deployment cuts by default; the clip must be longer than that, which here it need not be by much. */
const SPLIT = { aboveSeconds: 60, chunkSeconds: 60 };
/** Seconds around a seam in which the picture is compared. */
const SEAM_SECONDS = 2;

export interface Chunks {
  /** CPU time of ffmpeg and ffprobe for the plan, all chunks, the sound and the assembly, over that of one whole encode; median of the runs. */
  readonly cpuRatio: number;
  /** Size of the output that was put together, over that of the whole encode. */
  readonly bytesRatio: number;
  /** Frames that it has more. */
  readonly frameDelta: number;
  /** PSNR against the source around the seams, less that of the whole encode at the same places, in dB. */
  readonly seamPsnrDelta: number;
  /** Least share of a player's buffer that is ever full, by the cap of the preset; below 0 it would stop: see `leastBuffered`. */
  readonly leastBuffered: { readonly whole: number; readonly chunks: number };
  /** Bytes of the source that left the server, over its size. */
  readonly readRatio: { readonly whole: number; readonly chunks: number };
  readonly chunks: number;
  /** CPU seconds of each run. */
  readonly runs: readonly { readonly whole: number; readonly chunks: number }[];
}

/** The same clip encoded whole and in chunks, by the worker's own code. @param input Default: a made clip of 1080p */
export async function measureChunks(say: (line: string) => void, input?: string): Promise<Chunks> {
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-bench-'));
  const server = await ObjectServer.start(folder);
  try {
    const source = server.path(SOURCE);
    if (input !== undefined) await copyFile(input, source);
    else {
      say(`Making a 1080p clip of ${CLIP_SECONDS} s …`);
      const size = { width: 1920, height: 1080 };
      await makeClip(TOOLS, { path: source, durationSeconds: CLIP_SECONDS, ...size });
    }
    const { size } = await stat(source);
    const bench = new Bench(server, { preset: shippedPreset(PRESET), sizeBytes: size }, say);
    const runs: { readonly whole: Made; readonly cut: Cut }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      say(`Run ${run} of ${RUNS}`);
      runs.push({ whole: await bench.whole(), cut: await bench.cut() });
    }
    const ratio = (of: 'cpuSeconds' | 'sizeBytes'): number =>
      round(median(runs.map(({ whole, cut }) => cut[of] / whole[of])));
    const [first] = runs;
    if (first === undefined) throw new Error('Nothing was measured');
    const { whole, cut } = first;
    say('Comparing pictures around the seams …');
    return {
      cpuRatio: ratio('cpuSeconds'),
      bytesRatio: ratio('sizeBytes'),
      frameDelta: (await countFrames(cut.path)) - (await countFrames(whole.path)),
      seamPsnrDelta: await seamPsnrDelta({ whole, cut, source }),
      leastBuffered: { whole: await leastOf(whole), chunks: await leastOf(cut) },
      readRatio: { whole: round(whole.bytesRead / size), chunks: round(cut.bytesRead / size) },
      chunks: cut.seamSeconds.length + 1,
      runs: runs.map(run => ({ whole: round(run.whole.cpuSeconds), chunks: round(run.cut.cpuSeconds) })),
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function leastOf({ path }: Made): Promise<number> {
  return round(leastBuffered(await ratedPackets(path), CAP));
}

async function seamPsnrDelta({
  whole,
  cut,
  source,
}: {
  whole: Made;
  cut: Cut;
  source: string;
}): Promise<number> {
  const deltas = [];
  for (const seam of cut.seamSeconds) {
    const at = { from: seam - SEAM_SECONDS / 2, seconds: SEAM_SECONDS };
    deltas.push((await psnrAt(cut.path, source, at)) - (await psnrAt(whole.path, source, at)));
  }
  return round(deltas.reduce((sum, delta) => sum + delta, 0) / deltas.length);
}

interface Made {
  /** Of the first output. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly cpuSeconds: number;
  readonly bytesRead: number;
}

interface Cut extends Made {
  readonly seamSeconds: readonly number[];
}

class Bench {
  #cpuSeconds = 0;
  #bytesBefore = 0;
  #parts: (OutputFacts & { readonly orderId: string })[] = [];

  constructor(
    readonly server: ObjectServer,
    readonly source: { readonly preset: Preset; readonly sizeBytes: number },
    readonly say: (line: string) => void,
  ) {}

  async whole(): Promise<Made> {
    this.#begin();
    return this.#made(await this.#finish('whole', { kind: 'encode-whole' }));
  }

  async cut(): Promise<Cut> {
    this.#begin();
    const planned = await this.#carryOut('plan', { kind: 'encode-whole', split: SPLIT });
    if (planned.kind !== 'planned') throw new Error(`The clip is not cut: ${JSON.stringify(planned)}`);
    const { chunks } = planned;
    for (const chunk of chunks) await this.#finishPart(chunkOrderId(chunk), { kind: 'encode-chunk', chunk });
    await this.#finishPart(REST_ORDER_ID, { kind: 'encode-rest' });
    const inputs = this.#parts.map(({ orderId, fileName, sizeBytes, sha256 }) => ({
      ...{ id: `${orderId}/${fileName}`, fileName, sizeBytes, sha256 },
    }));
    const outputs = await this.#finish(ASSEMBLE_ORDER_ID, { kind: 'assemble' }, { chunks, inputs });
    const rate = planned.source.video?.frameRate ?? 1;
    return {
      ...this.#made(outputs),
      seamSeconds: chunks.slice(1).map(({ firstFrame }) => firstFrame / rate),
    };
  }

  #begin(): void {
    this.#cpuSeconds = 0;
    this.#bytesBefore = this.server.sentBytes(SOURCE);
    this.#parts = [];
  }

  #made(outputs: readonly OutputFacts[]): Made {
    const [first] = outputs;
    if (first === undefined) throw new Error('No output was made');
    return {
      path: this.server.path(first.key),
      sizeBytes: first.sizeBytes,
      cpuSeconds: this.#cpuSeconds,
      bytesRead: this.server.sentBytes(SOURCE) - this.#bytesBefore,
    };
  }

  async #finishPart(orderId: string, work: Work): Promise<void> {
    const outputs = await this.#finish(orderId, work);
    this.#parts.push(...outputs.map(facts => ({ ...facts, orderId })));
  }

  async #finish(orderId: string, work: Work, changes: Partial<Order> = {}): Promise<OutputFacts[]> {
    const outcome = await this.#carryOut(orderId, work, changes);
    if (outcome.kind !== 'finished') throw new Error(`${orderId} ended so: ${JSON.stringify(outcome)}`);
    return outcome.outputs;
  }

  /** One order, carried out as a worker does. */
  async #carryOut(orderId: string, work: Work, changes: Partial<Order> = {}): Promise<Outcome> {
    const access = this.#access(orderId);
    const { sizeBytes } = this.source;
    const gate = await SourceGate.open({ sourceUrl: access.sourceUrl, sizeBytes, etag: '""' });
    const cpu = new CpuMeter();
    const folder = join(this.server.folder, `work-${orderId}`);
    await mkdir(folder);
    try {
      const outcome = await carryOut({
        order: { ...this.#order(orderId, work, access), ...changes },
        parts: await PartGates.open({ inputs: [] }, {}),
        ...{ gate, cpu, folder, tools: TOOLS, deliveryId: 'bench-1' },
        access: () => access,
        inputUrls: () =>
          Object.fromEntries(
            this.#parts.map(({ orderId: of, fileName, key }) => [`${of}/${fileName}`, this.server.url(key)]),
          ),
        stop: new AbortController().signal,
        onProgress: () => undefined,
        onSource: () => undefined,
      });
      this.#cpuSeconds += cpu.seconds();
      this.say(`${orderId}: ${round(cpu.seconds())} CPU seconds`);
      return outcome;
    } finally {
      await gate.close();
      await rm(folder, { recursive: true });
    }
  }

  #order(orderId: string, work: Work, access: OrderAccess): Order {
    return {
      ...{ schema: 'spotreel.order/1', jobId: 'bench', orderId, generation: 1, work, access, inputs: [] },
      issuedAt: new Date().toISOString(),
      source: { fileName: SOURCE, sizeBytes: this.source.sizeBytes, etag: '""' },
      outputs: this.source.preset.outputs,
      needs: this.source.preset.task,
      limits: { wallClockSeconds: 7200, stallSeconds: 120 },
    };
  }

  #access(orderId: string): OrderAccess {
    return {
      expiresAt: new Date(Date.now() + 7_200_000).toISOString(),
      sourceUrl: this.server.url(SOURCE),
      ticketUrl: this.server.url('ticket.json'),
      post: { url: this.server.url(''), fields: {} },
      keyPrefix: `stored/${orderId}/`,
      postMaxBytes: 5 * 1024 ** 3,
      multipart: {},
    };
  }
}
