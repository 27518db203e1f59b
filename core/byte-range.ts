export interface ByteRange {
  /** Both included. */
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header with one range. Undefined when there is none or it is of another form, which means all bytes.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const range =
    match[1] === ''
      ? { first: Math.max(0, sizeBytes - Number(match[2])), last: sizeBytes - 1 }
      : {
          first: Number(match[1]),
          last: Math.min(match[2] === '' ? Infinity : Number(match[2]), sizeBytes - 1),
        };
  return range.first > range.last ? 'unsatisfiable' : range;
}
