import { createWriteStream, type WriteStream } from 'node:fs';

/** A file that lines are appended to. */
export class FunctionLog {
  readonly #stream: WriteStream;
  readonly #closed: Promise<void>;

  constructor(path: string) {
    this.#stream = createWriteStream(path, { flags: 'a' });
    this.#closed = new Promise(resolve => this.#stream.once('close', resolve));
    // A full disk must not stop the functions.
    this.#stream.on('error', error => process.emitWarning(error));
  }

  write(line: string): void {
    if (!this.#stream.writableEnded) this.#stream.write(`${line}\n`);
  }

  async close(): Promise<void> {
    this.#stream.end();
    await this.#closed;
  }
}
