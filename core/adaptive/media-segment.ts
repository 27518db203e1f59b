import type { Box } from './boxes';
import { boxes, needBox } from './boxes';

/** A group of pictures within a segment, or all of its sound. Times are in units of the stream's time scale. */
export interface Fragment {
  /** Decoding time of its first sample. */
  readonly start: number;
  readonly duration: number;
  readonly samples: number;
  /** Whether it begins with a key frame. */
  readonly beginsWithKey: boolean;
  /** From the beginning of the fragment to the end of its first sample: enough to show the key frame. */
  readonly keyRange: { readonly offset: number; readonly bytes: number };
}

export interface MediaSegment {
  readonly start: number;
  readonly duration: number;
  readonly samples: number;
  readonly fragments: readonly Fragment[];
}

/**
 * Reads a segment that ffmpeg wrote of one stream.
 * @throws when it is none, or broken off
 */
export function readMediaSegment(file: Buffer): MediaSegment {
  const fragments = boxes(file)
    .filter(({ type }) => type === 'moof')
    .map(moof => readFragment(file, moof));
  const [first] = fragments;
  if (first === undefined) throw new Error('The segment is empty');
  return {
    start: first.start,
    duration: sum(fragments.map(({ duration }) => duration)),
    samples: sum(fragments.map(({ samples }) => samples)),
    fragments,
  };
}

const HAS_DATA_OFFSET = 0x1;
const HAS_FIRST_FLAGS = 0x4;
const HAS_DURATION = 0x100;
const HAS_SIZE = 0x200;
const HAS_FLAGS = 0x400;
const HAS_COMPOSITION_OFFSET = 0x800;
const IS_NO_SYNC_SAMPLE = 0x1_0000;

function readFragment(file: Buffer, moof: Box): Fragment {
  const traf = needBox(file, ['traf'], moof);
  const defaults = readDefaults(file, needBox(file, ['tfhd'], traf));
  const run = readRun(file, needBox(file, ['trun'], traf), defaults);
  const time = needBox(file, ['tfdt'], traf).contentStart;
  return {
    start: file.readUInt8(time) === 1 ? Number(file.readBigUInt64BE(time + 4)) : file.readUInt32BE(time + 4),
    duration: run.duration,
    samples: run.samples,
    beginsWithKey: (run.firstFlags & IS_NO_SYNC_SAMPLE) === 0,
    keyRange: { offset: moof.start, bytes: run.dataOffset + run.firstSize },
  };
}

interface SampleDefaults {
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** Of the optional fields of a track fragment's header, in their order: the bit that tells whether it is there, and its size. */
const HEADER_FIELDS = [
  ['baseOffset', 0x1, 8],
  ['description', 0x2, 4],
  ['duration', 0x8, 4],
  ['size', 0x10, 4],
  ['flags', 0x20, 4],
] as const;

function readDefaults(file: Buffer, { contentStart }: Box): SampleDefaults {
  const present = file.readUIntBE(contentStart + 1, 3);
  const found: Record<(typeof HEADER_FIELDS)[number][0], number> = {
    ...{ baseOffset: 0, description: 0, duration: 0, size: 0, flags: 0 },
  };
  let at = contentStart + 8;
  for (const [name, bit, bytes] of HEADER_FIELDS) {
    if ((present & bit) === 0) continue;
    found[name] = file.readUInt32BE(at);
    at += bytes;
  }
  return found;
}

function readRun(
  file: Buffer,
  { contentStart }: Box,
  defaults: SampleDefaults,
): { samples: number; duration: number; dataOffset: number; firstSize: number; firstFlags: number } {
  const present = file.readUIntBE(contentStart + 1, 3);
  const samples = file.readUInt32BE(contentStart + 4);
  let at = contentStart + 8;
  const take = (bit: number, otherwise: number): number => {
    if ((present & bit) === 0) return otherwise;
    at += 4;
    return file.readUInt32BE(at - 4);
  };
  const dataOffset = take(HAS_DATA_OFFSET, 0);
  let firstFlags = take(HAS_FIRST_FLAGS, defaults.flags);
  let firstSize = 0;
  let duration = 0;
  for (let index = 0; index < samples; index += 1) {
    duration += take(HAS_DURATION, defaults.duration);
    const size = take(HAS_SIZE, defaults.size);
    const flags = take(HAS_FLAGS, defaults.flags);
    take(HAS_COMPOSITION_OFFSET, 0);
    if (index > 0) continue;
    firstSize = size;
    if ((present & HAS_FLAGS) !== 0) firstFlags = flags;
  }
  return { samples, duration, dataOffset, firstSize, firstFlags };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
