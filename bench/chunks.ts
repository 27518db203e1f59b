import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOut } from '../container/carry-out';
import { CpuMeter } from '../container/media/cpu-meter';
import { makeClip } from '../container/media/made-clip';
import { mediaTools } from '../container/media/tools';
import type { Outcome } from '../container/reporter';
import { PartGates } from '../container/part-gates';
import { SourceGate } from '../container/source-gate';
import { ASSEMBLE_ORDER_ID, chunkOrderId, REST_ORDER_ID } from '../core/chunked-job';
import type { Order, OrderAccess } from '../core/order';
import type { Preset } from '../core/preset';
import { presetSchema } from '../core/preset';
import type { OutputFacts } from '../core/report';
import type { Work } from '../core/work';
import { ObjectServer } from './object-server';
import { countFrames, psnrAt } from './picture-measures';

const ROOT = join(__dirname, '..');
const TOOLS = mediaTools(join(ROOT, 'container'));
const PRESET = 'web-1080p';
const CLIP_SECONDS = 180;
/** As a deployment cuts by default; the clip must be longer than that, which here it need not be by much. */
const SPLIT = { aboveSeconds: 60, chunkSeconds: 60 };
/** Seconds around a seam in which the picture is compared. */
const SEAM_SECONDS = 2;

export interface Chunks {
  /** CPU time of ffmpeg and ffprobe for the plan, all chunks, the sound and the assembly, over that of one whole encode. */
  readonly cpuRatio: number;
  /** Size of the output that was put together, over that of the whole encode. */
  readonly bytesRatio: number;
  /** Frames that it has more. */
  readonly frameDelta: number;
  /** PSNR against the source around the seams, less that of the whole encode at the same places, in dB. */
  readonly seamPsnrDelta: number;
  readonly cpuSeconds: { readonly whole: number; readonly chunks: number };
  /** Bytes of the source that were read, over its size. */
  readonly readRatio: { readonly whole: number; readonly chunks: number };
  readonly chunks: number;
}

/** The same clip encoded whole and in chunks, by the worker's own code. @param input Default: a made clip of 1080p */
export async function measureChunks(say: (line: string) => void, input?: string): Promise<Chunks> {
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-bench-'));
  const server = await ObjectServer.start(folder);
  try {
    const source = server.path('source.mp4');
    if (input !== undefined) await copyFile(input, source);
    else {
      say(`Making a 1080p clip of ${CLIP_SECONDS} s …`);
      const size = { width: 1920, height: 1080 };
      await makeClip(TOOLS, { path: source, durationSeconds: CLIP_SECONDS, ...size });
    }
    const { size } = await stat(source);
    const preset = presetSchema.parse(
      JSON.parse(readFileSync(join(ROOT, 'presets', `${PRESET}.json`), 'utf8')),
    );
    const bench = new Bench(server, { preset, sizeBytes: size }, say);
    const whole = await bench.whole();
    const cut = await bench.cut();
    const seams = cut.seamSeconds.map(seconds => ({
      from: seconds - SEAM_SECONDS / 2,
      seconds: SEAM_SECONDS,
    }));
    say('Comparing pictures around the seams …');
    const deltas = [];
    for (const at of seams)
      deltas.push((await psnrAt(cut.path, source, at)) - (await psnrAt(whole.path, source, at)));
    return {
      cpuRatio: round(cut.cpuSeconds / whole.cpuSeconds),
      bytesRatio: round((await stat(cut.path)).size / (await stat(whole.path)).size),
      frameDelta: (await countFrames(cut.path)) - (await countFrames(whole.path)),
      seamPsnrDelta: round(deltas.reduce((sum, delta) => sum + delta, 0) / deltas.length),
      cpuSeconds: { whole: round(whole.cpuSeconds), chunks: round(cut.cpuSeconds) },
      readRatio: { whole: round(whole.bytesRead / size), chunks: round(cut.bytesRead / size) },
      chunks: cut.seamSeconds.length + 1,
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Made {
  /** Of the first output. */
  readonly path: string;
  readonly cpuSeconds: number;
  readonly bytesRead: number;
}

class Bench {
  #cpuSeconds = 0;
  #bytesRead = 0;
  readonly #parts: (OutputFacts & { readonly orderId: string })[] = [];

  constructor(
    readonly server: ObjectServer,
    readonly source: { readonly preset: Preset; readonly sizeBytes: number },
    readonly say: (line: string) => void,
  ) {}

  async whole(): Promise<Made> {
    this.#cpuSeconds = 0;
    this.#bytesRead = 0;
    return this.#made(await this.#finish('whole', { kind: 'encode-whole' }));
  }

  async cut(): Promise<Made & { readonly seamSeconds: number[] }> {
    this.#cpuSeconds = 0;
    this.#bytesRead = 0;
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

  #made(outputs: readonly OutputFacts[]): Made {
    const path = this.server.path(outputs[0]?.key ?? '');
    return { path, cpuSeconds: this.#cpuSeconds, bytesRead: this.#bytesRead };
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
      });
      this.#cpuSeconds += cpu.seconds();
      this.#bytesRead += gate.bytesRead;
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
      source: { fileName: 'source.mp4', sizeBytes: this.source.sizeBytes, etag: '""' },
      outputs: this.source.preset.outputs,
      needs: this.source.preset.task,
      limits: { wallClockSeconds: 7200, stallSeconds: 120 },
    };
  }

  #access(orderId: string): OrderAccess {
    return {
      expiresAt: new Date(Date.now() + 7_200_000).toISOString(),
      sourceUrl: this.server.url('source.mp4'),
      ticketUrl: this.server.url('ticket.json'),
      post: { url: this.server.url(''), fields: {} },
      keyPrefix: `stored/${orderId}/`,
      postMaxBytes: 5 * 1024 ** 3,
      multipart: {},
    };
  }
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
