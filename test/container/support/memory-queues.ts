import type { Report } from '../../../core/report';
import { reportSchema } from '../../../core/report';
import type { OrderMessage, WorkerQueues } from '../../../container/queues';

/** Queues in memory; every report is checked against its schema. */
export class MemoryQueues implements WorkerQueues {
  readonly waiting: OrderMessage[] = [];
  readonly reports: Report[] = [];
  readonly removed: string[] = [];
  readonly hidden: { readonly messageId: string; readonly seconds: number }[] = [];
  hideAnswer: 'hidden' | 'gone' = 'hidden';
  onReport: (report: Report) => void = () => undefined;
  #count = 0;

  add(order: unknown): string {
    this.#count += 1;
    const messageId = `message-${this.#count}`;
    const body = typeof order === 'string' ? order : JSON.stringify(order);
    this.waiting.push({ body, messageId, receiptHandle: messageId, queueUrl: 'https://sqs.example/orders' });
    return messageId;
  }

  async receive(): Promise<OrderMessage | undefined> {
    return this.waiting.shift();
  }

  async hide({ messageId }: OrderMessage, seconds: number): Promise<'hidden' | 'gone'> {
    this.hidden.push({ messageId, seconds });
    return this.hideAnswer;
  }

  async remove({ messageId }: OrderMessage): Promise<void> {
    this.removed.push(messageId);
  }

  async report(report: Report): Promise<void> {
    const checked = reportSchema.parse(report);
    this.reports.push(checked);
    this.onReport(checked);
  }

  /** The reports of one kind. */
  of<Kind extends Report['kind']>(kind: Kind): Extract<Report, { kind: Kind }>[] {
    return this.reports.filter((report): report is Extract<Report, { kind: Kind }> => report.kind === kind);
  }
}
