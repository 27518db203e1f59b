/** A box of an MP4 file, with its boxes where it is known to hold some. */
export interface Box {
  readonly type: string;
  body: Buffer | Box[];
}

const HOLDERS: ReadonlySet<string> = new Set([
  ...['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'dinf', 'udta'],
]);
const HEADER_BYTES = 8;

/** Takes a well-formed file apart. Boxes of 64-bit size are not expected. */
export function readBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + HEADER_BYTES);
    const body = bytes.subarray(at + HEADER_BYTES, at + size);
    boxes.push({ type, body: HOLDERS.has(type) ? readBoxes(body) : Buffer.from(body) });
    at += size;
  }
  return boxes;
}

export function writeBoxes(boxes: readonly Box[]): Buffer {
  return Buffer.concat(
    boxes.map(({ type, body }) => box(type, Array.isArray(body) ? writeBoxes(body) : body)),
  );
}

/** A box as bytes. @param sizeBytes what it claims to be long; by default the truth */
export function box(type: string, body: Buffer, sizeBytes = body.length + HEADER_BYTES): Buffer {
  return Buffer.concat([uint32(sizeBytes), Buffer.from(type, 'latin1'), body]);
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}

/** All boxes at a path such as `moov/trak/mdia`. */
export function findBoxes(boxes: readonly Box[], path: string): Box[] {
  const [type, ...rest] = path.split('/');
  const found = boxes.filter(candidate => candidate.type === type);
  if (rest.length === 0) return found;
  return found.flatMap(({ body }) => (Array.isArray(body) ? findBoxes(body, rest.join('/')) : []));
}

/**
 * The file with one box changed. The index must stand at its end: then no offset changes with the size of the index.
 * @param path of the first box that is meant, such as `moov/mvhd`
 */
export function withBox(file: Buffer, path: string, change: (found: Box) => void): Buffer {
  const boxes = readBoxes(file);
  const [found] = findBoxes(boxes, path);
  if (found === undefined) throw new Error(`The file has no ${path}`);
  change(found);
  return writeBoxes(boxes);
}

/** Writes a number into the body of a box. */
export function setUint32(found: Box, offset: number, value: number): void {
  if (Array.isArray(found.body)) throw new Error(`${found.type} holds boxes`);
  found.body.writeUInt32BE(value, offset);
}
