import { redactProgramOutput } from '../../core/redact';

const KEPT_LINES = 40;
const KEPT_CHARACTERS_PER_LINE = 500;

/** The last lines that a program printed, safe to log and report. */
export class TextTail {
  #lines: string[] = [];

  add(line: string): void {
    const text = redactProgramOutput(line).slice(0, KEPT_CHARACTERS_PER_LINE).trimEnd();
    if (text === '') return;
    this.#lines.push(text);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
