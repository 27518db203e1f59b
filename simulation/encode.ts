import { laterAccess, renewAtMs } from '../core/delivery';
import type { OrderAccess } from '../core/order';
import { outputFileName } from '../core/preset';
import type { Failure, OrderReport, OutputFacts, SourceFacts } from '../core/report';
import type { Timer } from './clock';
import type { Source } from './storage';
import type { Hand, SimulatedWorker, WorkerOptions } from './worker';
import { ProcessDied } from './worker';

type Fate = 'well' | 'dies' | 'hangs' | 'freezes' | 'fails' | 'damages';
type Moment = 'taken' | 'started' | 'encoding' | 'stored' | 'reported';
type Unsent<Kind extends OrderReport['kind']> = Kind extends OrderReport['kind']
  ? Omit<
      Extract<OrderReport, { kind: Kind }>,
      'schema' | 'at' | 'worker' | 'jobId' | 'orderId' | 'generation' | 'deliveryId'
    >
  : never;

const MOMENTS: readonly Moment[] = ['taken', 'started', 'encoding', 'stored', 'reported'];
/** After which fresh URLs are looked for, and asked for again if there are none. */
const POLL_SECONDS = 60;
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
    const { orders } = this.options;
    const { receiptHandle } = this.hand;
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
    this.#report(ended);
    await this.#befall('reported');
    orders.remove(receiptHandle);
  }

  async #encode(source: Source): Promise<Unsent<'finished'> | Unsent<'failed'> | Unsent<'returned'>> {
    const { clock, progressSeconds, random } = this.options;
    const needed = source.isCorrupt ? 3 : this.#secondsNeeded(source);
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
    return this.#store(source);
  }

  #store(source: Source): Unsent<'finished'> {
    const { order, deliveryId, access } = this.hand;
    const facts: SourceFacts = {
      format: 'mov',
      durationSeconds: source.durationSeconds,
      video: { codec: 'h264', width: 1280, height: 720, frameRate: 25, rotationDegrees: 0 },
      audio: { codec: 'aac', channels: 2, sampleRateHz: 48_000 },
    };
    const outputs = order.outputs.map((output): OutputFacts => {
      const fileName = outputFileName(output);
      const key = `${access.keyPrefix}${deliveryId}/${fileName}`;
      const sha256 = this.#fate === 'damages' ? 'f'.repeat(64) : source.resultSha256;
      this.options.storage.storeWork(order.jobId, key, { sha256, sizeBytes: RESULT_BYTES });
      return {
        name: output.name,
        fileName,
        key,
        contentType: 'video/mp4',
        sizeBytes: RESULT_BYTES,
        sha256: source.resultSha256,
        durationSeconds: source.durationSeconds,
        video: { codec: 'h264', width: 1280, height: 720 },
        audio: { codec: 'aac', channels: 2, sampleRateHz: 48_000 },
      };
    });
    return { kind: 'finished', ...this.#usage(), source: facts, outputs };
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
    const { clock, orders, leaseSeconds } = this.options;
    const { receiptHandle } = this.hand;
    this.#lease = clock.after(leaseSeconds / 3, () => {
      if (!this.worker.isKilled && orders.hide(receiptHandle, leaseSeconds) === 'hidden') this.#holdLease();
    });
  }

  #secondsNeeded(source: Source): number {
    const { random, faults } = this.options;
    return random.chance(faults().longEncode) ? random.between(3600, 3 * 3600) : source.encodeSeconds;
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

  #report(
    report: { kind: 'started' } | Unsent<'progress' | 'renew' | 'finished' | 'failed' | 'returned'>,
  ): void {
    const { jobId, orderId, generation } = this.hand.order;
    const { deliveryId } = this.hand;
    const ref = { jobId, orderId, generation, deliveryId };
    this.worker.send({ ...this.worker.base(), ...ref, ...report });
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
