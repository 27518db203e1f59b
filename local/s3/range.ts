import type { ByteRange } from './content-store';

/**
 * Reads one `bytes=first-last`, `bytes=first-` or `bytes=-suffix` of an object. Undefined for
 * anything else, which is ignored as HTTP asks; several ranges at once are such a thing for S3.
 */
export function parseRange(header: string, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    if (last === '') return undefined;
    const suffix = Math.min(Number(last), sizeBytes);
    return suffix === 0 ? 'unsatisfiable' : { first: sizeBytes - suffix, last: sizeBytes - 1 };
  }
  const range = {
    first: Number(first),
    last: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1),
  };
  if (last !== '' && Number(last) < range.first) return undefined;
  return range.first >= sizeBytes ? 'unsatisfiable' : range;
}
