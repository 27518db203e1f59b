import type { Order, OrderAccess, Ticket } from '../../core/order';
import type { Probe } from '../../core/probe';
import type { CpuMeter } from '../media/cpu-meter';
import type { MediaTools } from '../media/tools';
import type { PartGates } from '../part-gates';
import type { SourceGate } from '../source-gate';

/** One order in the hands of this worker. */
export interface Assignment {
  readonly order: Order;
  readonly deliveryId: string;
  readonly gate: SourceGate;
  readonly parts: PartGates;
  readonly cpu: CpuMeter;
  readonly tools: MediaTools;
  /** An empty folder of its own. */
  readonly folder: string;
  /** The order's URLs as they are now. */
  readonly access: () => OrderAccess;
  /** URLs of the files that it takes beside the source, as they are now. */
  readonly inputUrls: () => Ticket['inputUrls'];
  /** Given when the worker has to stop, and the order is not to be finished before. */
  readonly stop: AbortSignal;
  readonly onProgress: (percent: number, speed: number) => void;
  /** The source is known, and is about to be encoded whole. */
  readonly onSource: (source: Probe) => void;
}

/** Part of the progress that encoding makes up; the rest is uploading. */
export const ENCODE_PERCENT = 90;
