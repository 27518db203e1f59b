import { laterAccess, renewAtMs } from '../core/delivery';
import type { OrderAccess } from '../core/order';
import type { Chunk } from '../core/chunk';
import { framesOf } from '../core/chunk';
import { outputFileName } from '../core/preset';
import type { Failure, OrderReport, OutputFacts, SourceFacts } from '../core/report';
import type { Timer } from './clock';
import { CHUNK_FILE, FRAME_RATE, SOUND_FILE, cutSource, partSha256 } from './cutting';
import type { Source } from './storage';
import type { Hand, SimulatedWorker, WorkerOptions } from './worker';
import { ProcessDied } from './worker';

type Fate = 'well' | 'dies' | 'hangs' | 'freezes' | 'fails' | 'damages';
type Moment = 'taken' | 'started' | 'encoding' | 'stored' | 'kept' | 'reported';
type Ended = Unsent<'finished' | 'planned' | 'failed' | 'returned'>;
type Unsent<Kind extends OrderReport['kind']> = Kind extends OrderReport['kind']
  ? Omit<
      Extract<OrderReport, { kind: Kind }>,
      'schema' | 'at' | 'worker' | 'jobId' | 'orderId' | 'generation' | 'deliveryId'
    >
  : never;

const MOMENTS: readonly Moment[] = ['taken', 'started', 'encoding', 'stored', 'kept', 'reported'];
/** After which fresh URLs are looked for, and asked for again if there are none. */
const POLL_SECONDS = 60;
/** Time that the sound takes, and the assembly, over the encode of the picture. */
const REST_SHARE = 0.05;
const ASSEMBLY_SHARE = 0.03;
const RESULT_BYTES = 500;

/** One order being carried out, with whatever befalls it. */
export class SimulatedEncode {
  readonly #fate: Fate;
  readonly #moment: Moment;
  readonly #takenAtMs: number;
  #access: OrderAccess;
  #hasAsked = false;
  #lease: Timer | undefined;

  constructor(
    private readonly worker: SimulatedWorker,
    private readonly hand: Hand,
    private readonly options: WorkerOptions,
  ) {
    const { random, clock } = options;
    this.#fate = this.#drawFate();
    this.#moment = this.#fate === 'well' ? 'encoding' : (MOMENTS[random.index(MOMENTS.length)] ?? 'encoding');
    this.#takenAtMs = clock.nowMs;
    this.#access = hand.access;
  }

  async run(): Promise<void> {
    this.#holdLease();
    try {
      await this.#carryOut();
    } finally {
      if (this.#lease !== undefined) this.#lease.cancel();
    }
  }

  /** The report comes before the order is removed: one that is gone without a report would be lost. */
  async #carryOut(): Promise<void> {
    const { receiptHandle, queue: orders } = this.hand;
    await this.#befall('taken');
    this.#report({ kind: 'started' });
    await this.#befall('started');
    const source = this.#source();
    const ended = source === undefined ? this.#failure('SOURCE_GONE') : await this.#encode(source);
    if (ended.kind === 'returned') {
      if (this.#lease !== undefined) this.#lease.cancel();
      orders.hide(receiptHandle, 0);
      this.#report(ended);
      return;
    }
    await this.#befall('stored');
    if (ended.kind !== 'failed') this.#keepResult(ended);
    await this.#befall('kept');
    this.#report(ended);
    await this.#befall('reported');
    orders.remove(receiptHandle);
  }

  async #encode(source: Source): Promise<Ended> {
    const { clock, progressSeconds, random } = this.options;
    const chunks = this.#plan(source);
    const needed = source.isCorrupt || chunks !== undefined ? 3 : this.#secondsNeeded(source);
    const trouble = this.#moment === 'encoding' ? random.between(0, needed) : Number.POSITIVE_INFINITY;
    for (let encoded = 0; encoded < needed;) {
      const step = Math.min(progressSeconds, needed - encoded, this.#untilRenewal());
      await this.worker.pause(step);
      if (this.worker.isStopping) return { kind: 'returned', ...this.#usage() };
      if (encoded <= trouble && encoded + step > trouble) await this.#befall('encoding');
      encoded += step;
      if (this.#renew() === 'expired') return this.#failure('URL_EXPIRED');
      if (encoded < needed)
        this.#report({ kind: 'progress', ...this.#usage(), percent: (100 * encoded) / needed, speed: 1 });
    }
    if (source.isCorrupt) return this.#failure('SOURCE_CORRUPT');
    if (this.#fate === 'fails') return this.#failure('ENCODE_FAILED');
    if (clock.iso() >= this.#access.expiresAt) return this.#failure('URL_EXPIRED');
    if (chunks !== undefined) {
      source.chunks = chunks.length;
      return {
        ...{
          kind: 'planned',
          ...this.#usage(),
          source: this.#facts(source),
          chunks,
          chunkFiles: [CHUNK_FILE],
        },
      };
    }
    return this.#store(source);
  }

  #plan(source: Source): Chunk[] | undefined {
    const { work } = this.hand.order;
    return work.kind === 'encode-whole' ? cutSource(source, work.split) : undefined;
  }

  #store(source: Source): Unsent<'finished'> {
    const { order } = this.hand;
    const { work } = order;
    const base = { kind: 'finished' as const, ...this.#usage(), source: this.#facts(source) };
    const name = order.outputs[0]?.name ?? '';
    switch (work.kind) {
      case 'encode-chunk': {
        const sha256 = partSha256(source, `${CHUNK_FILE} ${work.chunk.index}`);
        const frames = framesOf(work.chunk);
        return {
          ...base,
          outputs: [{ ...this.#put({ name, fileName: CHUNK_FILE, sha256 }), isPart: true, frames }],
        };
      }
      case 'encode-rest': {
        const sha256 = partSha256(source, SOUND_FILE);
        return { ...base, outputs: [{ ...this.#put({ name, fileName: SOUND_FILE, sha256 }), isPart: true }] };
      }
      case 'add-captions':
        throw new Error('No video of the simulation has captions');
      case 'assemble':
      case 'encode-whole': {
        if (work.kind === 'assemble') this.options.onAssembly(order, source);
        const outputs = order.outputs.map(output => ({
          ...this.#put({ name: output.name, fileName: outputFileName(output), sha256: source.resultSha256 }),
          durationSeconds: source.durationSeconds,
          video: { codec: 'h264', width: 1280, height: 720 },
          audio: { codec: 'aac', channels: 2, sampleRateHz: 48_000 },
        }));
        return { ...base, outputs };
      }
    }
  }

  /** Uploads a file, and says of it what it should be. */
  #put(file: { name: string; fileName: string; sha256: string }): OutputFacts {
    const { order, deliveryId, access } = this.hand;
    const key = `${access.keyPrefix}${deliveryId}/${file.fileName}`;
    // Parts are uploaded with their checksum, and read with it: of those, S3 and the assembly let none pass.
    const isDamaged = this.#fate === 'damages' && file.sha256 === this.#source()?.resultSha256;
    const sha256 = isDamaged ? 'f'.repeat(64) : file.sha256;
    this.options.storage.storeWork(order.jobId, key, { sha256, sizeBytes: RESULT_BYTES });
    return { ...file, key, contentType: 'video/mp4', sizeBytes: RESULT_BYTES };
  }

  #facts({ durationSeconds }: Source): SourceFacts {
    return {
      format: 'mov',
      durationSeconds,
      video: { codec: 'h264', width: 1280, height: 720, frameRate: FRAME_RATE, rotationDegrees: 0 },
      audio: { codec: 'aac', channels: 2, sampleRateHz: 48_000 },
    };
  }

  async #befall(moment: Moment): Promise<void> {
    const { random, forsake, trace } = this.options;
    if (moment !== this.#moment || this.#fate === 'well') return;
    trace(`${this.#fate} ${moment} ${this.worker.taskArn}`);
    switch (this.#fate) {
      case 'dies':
        throw new ProcessDied();
      case 'hangs':
      case 'freezes':
        // The heartbeat stands still with the rest of the process.
        if (this.#lease !== undefined) this.#lease.cancel();
        if (this.#fate === 'freezes' && random.chance(0.5)) forsake(this.worker.taskArn);
        await this.worker.freeze(this.#fate === 'hangs' ? 1e8 : random.between(60, 3600));
        this.#holdLease();
        return;
      case 'fails':
      case 'damages':
        return;
    }
  }

  #renew(): 'fresh' | 'expired' {
    const { clock } = this.options;
    const { order } = this.hand;
    if (clock.nowMs < renewAtMs(order, this.#access)) return 'fresh';
    if (clock.iso() >= this.#access.expiresAt) return 'expired';
    this.#report({ kind: 'renew', ...this.#usage() });
    this.#hasAsked = true;
    const answer = this.worker.readTicket(this.#access.ticketUrl);
    if (answer.kind !== 'ticket' || answer.ticket.generation !== order.generation) return 'fresh';
    const later = laterAccess(this.#access, answer.ticket.access);
    if (later !== this.#access) this.#hasAsked = false;
    this.#access = later;
    return 'fresh';
  }

  #untilRenewal(): number {
    if (this.#hasAsked) return POLL_SECONDS;
    const seconds = (renewAtMs(this.hand.order, this.#access) - this.options.clock.nowMs) / 1000;
    return Math.max(1, seconds);
  }

  #holdLease(): void {
    const { clock, leaseSeconds } = this.options;
    const { receiptHandle, queue: orders } = this.hand;
    this.#lease = clock.after(leaseSeconds / 3, () => {
      if (!this.worker.isKilled && orders.hide(receiptHandle, leaseSeconds) === 'hidden') this.#holdLease();
    });
  }

  #secondsNeeded(source: Source): number {
    const { random, faults } = this.options;
    if (random.chance(faults().longEncode)) return random.between(3600, 3 * 3600);
    const { work } = this.hand.order;
    switch (work.kind) {
      case 'encode-whole':
        return source.encodeSeconds;
      case 'encode-chunk':
        return source.encodeSeconds * (framesOf(work.chunk) / (source.durationSeconds * FRAME_RATE));
      case 'encode-rest':
        return source.encodeSeconds * REST_SHARE;
      case 'add-captions':
      case 'assemble':
        return source.encodeSeconds * ASSEMBLY_SHARE;
    }
  }

  #source(): Source | undefined {
    const versionId = new URL(this.#access.sourceUrl).searchParams.get('versionId');
    return this.options.storage.sources.get(versionId ?? '');
  }

  #drawFate(): Fate {
    const { random, faults } = this.options;
    const { workerCrash, hung, zombie, encodeFails, damagedResult } = faults();
    if (random.chance(workerCrash)) return 'dies';
    if (random.chance(hung)) return 'hangs';
    if (random.chance(zombie)) return 'freezes';
    if (random.chance(encodeFails)) return 'fails';
    return random.chance(damagedResult) ? 'damages' : 'well';
  }

  #report(report: { kind: 'started' } | Unsent<'progress' | 'renew'> | Ended): void {
    this.worker.send({ ...this.worker.base(), ...this.#ref(), ...report });
  }

  #keepResult(ended: Unsent<'finished' | 'planned'>): void {
    const { jobId, orderId } = this.hand.order;
    this.options.storage.results.set(`${jobId}/${orderId}`, {
      ...this.worker.base(),
      ...this.#ref(),
      ...ended,
    });
  }

  #ref(): { jobId: string; orderId: string; generation: number; deliveryId: string } {
    const { jobId, orderId, generation } = this.hand.order;
    return { jobId, orderId, generation, deliveryId: this.hand.deliveryId };
  }

  #usage(): { heldSeconds: number; cpuSeconds: number; bytesRead: number } {
    const heldSeconds = (this.options.clock.nowMs - this.#takenAtMs) / 1000;
    return { heldSeconds, cpuSeconds: heldSeconds, bytesRead: 1000 };
  }

  #failure(code: string): Unsent<'failed'> {
    const isCorrupt = code === 'SOURCE_CORRUPT';
    const failure: Failure = {
      code,
      message: 'The order could not be carried out.',
      fix: isCorrupt ? 'Upload the video again.' : 'Nothing: it is tried again.',
      retryable: !isCorrupt,
      blame: isCorrupt ? 'source' : 'service',
    };
    return { kind: 'failed', ...this.#usage(), failure };
  }
}
