import type { Order, OrderInput, Ticket } from '../core/order';
import type { ReadFailure } from '../core/source-failure';
import { SourceGate } from './source-gate';

/** The files that are shown before and after the source: each comes through a gate of its own, as the source does. */
export class PartGates {
  private constructor(private readonly gates: ReadonlyMap<string, { input: OrderInput; gate: SourceGate }>) {}

  /** @param urls signed GETs by the id of the input */
  static async open({ inputs }: Pick<Order, 'inputs'>, urls: Ticket['inputUrls']): Promise<PartGates> {
    const gates = new Map<string, { input: OrderInput; gate: SourceGate }>();
    for (const input of inputs) {
      if (input.use?.kind !== 'part') continue;
      const { id, sizeBytes, etag = '' } = input;
      const sourceUrl = urls[id] ?? '';
      gates.set(id, { input, gate: await SourceGate.open({ sourceUrl, sizeBytes, etag }) });
    }
    return new PartGates(gates);
  }

  /** Where ffmpeg reads one of them. */
  url(inputId: string): string {
    const found = this.gates.get(inputId);
    if (found === undefined) throw new Error(`The order has no part ${inputId}`);
    return found.gate.url;
  }

  /** Bytes that came from S3. */
  get bytesRead(): number {
    return [...this.gates.values()].reduce((sum, { gate }) => sum + gate.bytesRead, 0);
  }

  /** The first that can't be read any more. */
  get failure(): { readonly fileName: string; readonly failure: ReadFailure } | undefined {
    for (const { input, gate } of this.gates.values())
      if (gate.failure !== undefined) return { fileName: input.fileName, failure: gate.failure };
    return undefined;
  }

  /** Given when one of them can't be read any more. */
  get failed(): AbortSignal {
    return AbortSignal.any([...this.gates.values()].map(({ gate }) => gate.failed));
  }

  /** Reads through other URLs of the same objects from the next request on. */
  renew(urls: Ticket['inputUrls']): void {
    for (const [id, { gate }] of this.gates) {
      const url = urls[id];
      if (url !== undefined) gate.renew(url);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.gates.values()].map(({ gate }) => gate.close()));
  }
}
