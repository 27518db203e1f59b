import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Report } from '../../../core/report';

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** Speaks as much of the SQS protocol as a worker needs: one order, and the reports that come in. */
export class FakeSqs {
  readonly calls: Call[] = [];
  readonly reports: Report[] = [];
  readonly orders: string[] = [];
  /** Emits `report` with each report. */
  readonly events = new EventEmitter();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<FakeSqs> {
    const fake = new FakeSqs();
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  /** Waits for a report of a kind. */
  async report(kind: Report['kind']): Promise<Report> {
    for (;;) {
      const found = this.reports.find(report => report.kind === kind);
      if (found !== undefined) return found;
      await once(this.events, 'report');
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    this.calls.push({ operation, input });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(this.#answer(operation, input)));
  }

  #answer(operation: string, input: Record<string, unknown>): object {
    if (operation === 'ReceiveMessage') {
      const body = this.orders.shift();
      if (body === undefined) return {};
      return { Messages: [{ MessageId: 'm1', ReceiptHandle: 'r1', Body: body, MD5OfBody: md5(body) }] };
    }
    if (operation === 'SendMessage') {
      const body = String(input['MessageBody']);
      this.reports.push(JSON.parse(body) as Report);
      this.events.emit('report');
      return { MessageId: 'sent', MD5OfMessageBody: md5(body) };
    }
    return {};
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
