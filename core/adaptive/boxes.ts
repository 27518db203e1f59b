/** One box of an MP4 file: where its content lies in the buffer. */
export interface Box {
  readonly type: string;
  /** Where the box begins, with its header. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

const HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;

/**
 * The boxes between two places of a file.
 * @throws when one of them reaches beyond
 */
export function boxes(file: Buffer, from = 0, to = file.length): Box[] {
  const found: Box[] = [];
  for (let start = from; start + HEADER_BYTES <= to;) {
    const short = file.readUInt32BE(start);
    const isLarge = short === 1;
    const size = isLarge ? Number(file.readBigUInt64BE(start + HEADER_BYTES)) : short;
    const contentStart = start + (isLarge ? LARGE_HEADER_BYTES : HEADER_BYTES);
    const end = start + size;
    const type = file.toString('latin1', start + 4, start + 8);
    if (end < contentStart || end > to) throw new Error(`Box ${type} at ${start} is broken off`);
    found.push({ type, start, contentStart, end });
    start = end;
  }
  return found;
}

/** The first box at a path of types below others; undefined when there is none. */
export function findBox(file: Buffer, path: readonly string[], within?: Box): Box | undefined {
  let box = within;
  for (const type of path) {
    box = boxes(file, box?.contentStart, box?.end).find(other => other.type === type);
    if (box === undefined) return undefined;
  }
  return box;
}

/** @throws when it is not there */
export function needBox(file: Buffer, path: readonly string[], within?: Box): Box {
  const box = findBox(file, path, within);
  if (box === undefined) throw new Error(`There is no box ${path.join('/')}`);
  return box;
}
