/** A caption file that can't be read to its end: where, and what is wrong there. */
export class CaptionFault extends Error {
  override readonly name = 'CaptionFault';

  /** @param line number of the line, the first is 1; undefined when it is about the file as a whole */
  constructor(
    readonly line: number | undefined,
    message: string,
  ) {
    super(message);
  }
}

const LONGEST_QUOTE = 60;

/** A line of a file, as a message may show it. */
export function quote(line: string): string {
  const clean = line.replaceAll(/\p{Cc}/gu, ' ').trim();
  return `"${clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean}"`;
}
