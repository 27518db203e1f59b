import { MOST_DAMAGE } from '../../core/damage';
import type { Probe } from '../../core/probe';
import { cutOffWithin, DAMAGED_SOURCE } from '../../core/source-failure';
import { HoleMeter, TAIL_BYTES, cutWithin, unitOf } from '../../core/units/stream-units';
import type { Unit } from '../../core/units/unit';
import { OrderFailure } from '../order-failure';
import type { Workbench } from './workbench';

/** What a file is looked at with: of a worker's bench, for the source or one of its parts. */
export type WholenessBench = Pick<Workbench, 'readSource' | 'missingShare' | 'sawDamage'>;

/** Bytes at the beginning of a file by which its units are known. */
const HEAD_BYTES = 4096;

/**
 * Looks at the last bytes of a source whose format does not tell how long it is.
 * @throws OrderFailure when it ends within one of its units
 */
export async function refuseCutOff(bench: WholenessBench, source: Probe): Promise<void> {
  const unit = await sourceUnit(bench, source);
  if (unit === undefined) return;
  const within = cutWithin(await collect(bench.readSource(`-${TAIL_BYTES}`)), unit, source);
  if (within !== undefined) throw new OrderFailure(cutOffWithin(within));
}

/**
 * Looks for what is missing in the middle of a source of which the tools said that something is damaged: a demuxer
 * goes on behind a hole as if nothing had been there, and what comes out lasts as long as it should.
 * @throws OrderFailure when it is more than is accepted
 */
export async function refuseHoles(bench: WholenessBench, source: Probe): Promise<void> {
  if (!bench.sawDamage) return;
  const unit = await sourceUnit(bench, source);
  const share =
    unit !== undefined
      ? await lostShare(bench, unit)
      : /\bmatroska\b/.test(source.format)
        ? await bench.missingShare()
        : 0;
  if (share > MOST_DAMAGE) throw new OrderFailure(DAMAGED_SOURCE);
}

async function sourceUnit(bench: WholenessBench, source: Probe): Promise<Unit | undefined> {
  const head = new Uint8Array();
  if (unitOf(source, head) !== undefined) return unitOf(source, head);
  return source.format === 'mpegts'
    ? unitOf(source, await collect(bench.readSource(`0-${HEAD_BYTES - 1}`)))
    : undefined;
}

async function lostShare(bench: WholenessBench, unit: Unit): Promise<number> {
  const meter = new HoleMeter(unit);
  for await (const bytes of bench.readSource('0-')) meter.add(bytes);
  return meter.lostShare();
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}
