import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { z } from 'zod';

const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sent'),
    messageId: z.string(),
    queueName: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  z.object({ kind: z.literal('received'), messageId: z.string() }),
  z.object({ kind: z.literal('deleted'), messageId: z.string() }),
]);

type Entry = z.infer<typeof entrySchema>;

/** A message that nobody has deleted yet. */
export interface KeptMessage {
  readonly queueName: string;
  /** Members of `SendMessage`, without the queue's URL. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly receiveCount: number;
}

/**
 * The messages of all queues in a file, so that they outlive the process. Each change is written before it is
 * answered for, and nothing waits for the disk itself: a killed process loses nothing, a power cut may.
 */
export class Journal {
  readonly #path: string;
  readonly #messages = new Map<string, KeptMessage & { receiptHandle?: string }>();
  /** Message of each receipt handle, for the latest handle of each message: only that one deletes it. */
  readonly #messageIds = new Map<string, string>();
  #descriptor: number;

  private constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  /**
   * Begins a new journal and hands each message of the old one to `resend`, which must send it again through
   * this journal. The old file is replaced when all are sent, so a crash in between repeats and loses none.
   */
  static async open(
    path: string,
    resend: (journal: Journal, message: KeptMessage) => Promise<void>,
  ): Promise<Journal> {
    const kept = existsSync(path) ? readKept(path) : [];
    const temporary = `${path}.tmp`;
    rmSync(temporary, { force: true });
    const journal = new Journal(path, openSync(temporary, 'a', 0o600));
    for (const message of kept) await resend(journal, message);
    renameSync(temporary, path);
    return journal;
  }

  sent(messageId: string, message: Omit<KeptMessage, 'receiveCount'>): void {
    this.#messages.set(messageId, { ...message, receiveCount: 0 });
    this.#write({ kind: 'sent', messageId, queueName: message.queueName, input: { ...message.input } });
  }

  received(messageId: string, receiptHandle: string): void {
    const message = this.#messages.get(messageId);
    if (!message) return;
    if (message.receiptHandle !== undefined) this.#messageIds.delete(message.receiptHandle);
    this.#messageIds.set(receiptHandle, messageId);
    this.#messages.set(messageId, { ...message, receiptHandle, receiveCount: message.receiveCount + 1 });
    this.#write({ kind: 'received', messageId });
  }

  deleted(receiptHandle: string): void {
    const messageId = this.#messageIds.get(receiptHandle);
    if (messageId === undefined) return;
    this.#messageIds.delete(receiptHandle);
    this.#drop(messageId);
  }

  purged(queueName: string): void {
    for (const [messageId, message] of this.#messages) {
      if (message.queueName === queueName) this.#drop(messageId);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #drop(messageId: string): void {
    this.#messages.delete(messageId);
    this.#write({ kind: 'deleted', messageId });
    if (this.#messages.size === 0) this.#startOver();
  }

  /** With no message left, the file holds nothing but history. */
  #startOver(): void {
    const temporary = `${this.#path}.tmp`;
    const descriptor = openSync(temporary, 'a', 0o600);
    renameSync(temporary, this.#path);
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#messageIds.clear();
  }

  #write(entry: Entry): void {
    writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
  }
}

function readKept(path: string): KeptMessage[] {
  const messages = new Map<string, KeptMessage>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const entry = parseEntry(line);
    if (entry) apply(messages, entry);
  }
  return [...messages.values()];
}

function apply(messages: Map<string, KeptMessage>, entry: Entry): void {
  const message = messages.get(entry.messageId);
  switch (entry.kind) {
    case 'sent':
      messages.set(entry.messageId, { queueName: entry.queueName, input: entry.input, receiveCount: 0 });
      return;
    case 'received':
      if (message) messages.set(entry.messageId, { ...message, receiveCount: message.receiveCount + 1 });
      return;
    case 'deleted':
      messages.delete(entry.messageId);
  }
}

/** Undefined for an empty line, and for one that was cut off when the machine went down. */
function parseEntry(line: string): Entry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
