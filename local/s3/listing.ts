import type { BucketIndex } from './bucket-index';
import { invalidArgument } from './errors';
import { encodeRfc3986 } from '../sigv4-parse';
import { compareUtf8 } from './utf8-order';

const MAX_KEYS = 1000;

/** One line of a listing: a key, or all keys that share a prefix up to the delimiter. */
export interface ListedKey {
  kind: 'key' | 'prefix';
  /** The key, or the shared prefix with the delimiter at its end. */
  name: string;
}

/**
 * Walks a bucket in the order of listings, from just behind `after` (or, where `from` says so,
 * from that key on). Keys below a shared prefix are leapt over, not read.
 */
export function* walk(
  index: BucketIndex,
  input: { prefix: string; delimiter: string; after: string; visible: (key: string) => boolean },
): Generator<ListedKey> {
  const { prefix, delimiter } = input;
  const started = (key: string): boolean => compareUtf8(key, prefix) >= 0 && isAfter(key, input);
  let key = index.firstKey(started);
  while (key?.startsWith(prefix)) {
    const current = key;
    const end = delimiter === '' ? -1 : current.indexOf(delimiter, prefix.length);
    if (!input.visible(current)) {
      key = index.firstKey(other => compareUtf8(other, current) > 0);
      continue;
    }
    const name = end < 0 ? current : current.slice(0, end + delimiter.length);
    yield { kind: end < 0 ? 'key' : 'prefix', name };
    key = index.firstKey(other => (end < 0 ? compareUtf8(other, name) > 0 : isBeyond(other, name)));
  }
}

/** Behind a whole prefix where the last page ended with one, else behind a key. */
function isAfter(key: string, input: { prefix: string; delimiter: string; after: string }): boolean {
  const { after, delimiter, prefix } = input;
  if (after === '') return true;
  const isPrefix = delimiter !== '' && after.endsWith(delimiter) && after.length > prefix.length;
  return isPrefix ? isBeyond(key, after) : compareUtf8(key, after) > 0;
}

/** After all keys that start with the prefix. */
function isBeyond(key: string, prefix: string): boolean {
  return compareUtf8(key, prefix) > 0 && !key.startsWith(prefix);
}

/** The parameters that all listings share. */
export interface ListParameters {
  prefix: string;
  delimiter: string;
  maxKeys: number;
  /** As asked for by `encoding-type=url`, or as it is. */
  encode: (text: string) => string;
  encodingType: string | undefined;
}

export function parseListParameters(query: URLSearchParams, limitName: string): ListParameters {
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url') {
    throw invalidArgument(`encoding-type must be url, not ${encodingType}.`);
  }
  const limit = query.get(limitName) ?? String(MAX_KEYS);
  if (!/^\d{1,9}$/.test(limit)) throw invalidArgument(`${limitName} must be a number from 0, not ${limit}.`);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(Number(limit), MAX_KEYS),
    encode: text => (encodingType === undefined ? text : encodeRfc3986(text).replaceAll('%2F', '/')),
    encodingType,
  };
}

/** Takes up to `limit` items, and tells whether there were more. */
export function page<T>(items: Iterable<T>, limit: number): { items: T[]; truncated: boolean } {
  const taken: T[] = [];
  if (limit === 0) return { items: taken, truncated: false };
  for (const item of items) {
    if (taken.length === limit) return { items: taken, truncated: true };
    taken.push(item);
  }
  return { items: taken, truncated: false };
}
