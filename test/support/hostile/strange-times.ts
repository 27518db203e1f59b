import type { BaseClips } from './base-clips';
import type { HostileSource } from './hostile-source';
import { failing } from './hostile-source';
import type { Box } from './mp4-boxes';
import { findBoxes, readBoxes, setUint32, uint32, withBox, writeBoxes } from './mp4-boxes';

const WRONG = 'Announces a wrong length';
const NONSENSE = 'Time stamps without sense';
const NO_FRAMES = 'Without frames';
const JUMPS = 'Time stamps that jump';

const TABLES = 'moov/trak/mdia/minf/stbl';
const NONE = 0xffff_ffff;
const NORMAL_SPEED = 0x1_0000;

/** Files of which the tables of times and samples do not tell the truth. */
export function strangeTimes(base: BaseClips): HostileSource[] {
  const { mp4 } = base;
  /** The clip with every box at a path changed. */
  const changed = (path: string, change: (box: Box) => void): Buffer => {
    const boxes = readBoxes(mp4);
    const found = findBoxes(boxes, path);
    if (found.length === 0) throw new Error(`There is no ${path}`);
    found.forEach(change);
    return writeBoxes(boxes);
  };
  const set = (path: string, offset: number, value: number): Buffer =>
    changed(path, found => setUint32(found, offset, value));
  const replaced = (path: string, ...values: readonly number[]): Buffer =>
    changed(path, found => (found.body = uint32(0, ...values)));
  /** All three places that tell a length of media multiplied. */
  const scaled = (factor: number): Buffer => {
    const boxes = readBoxes(mp4);
    const multiply = (path: string, offset: number): void =>
      findBoxes(boxes, path).forEach(found => {
        if (!Array.isArray(found.body)) setUint32(found, offset, found.body.readUInt32BE(offset) * factor);
      });
    multiply('moov/mvhd', 16);
    multiply('moov/trak/tkhd', 20);
    multiply('moov/trak/mdia/mdhd', 16);
    return writeBoxes(boxes);
  };
  const right = (what: string, bytes: Buffer, seconds = 4): HostileSource => ({
    ...{ row: WRONG, what, bytes },
    ends: { seconds, size: '160x90' },
  });
  return [
    right('film too long by weeks', set('moov/mvhd', 16, 0xffff_fffe)),
    right('everything too long', scaled(10)),
    right('everything too short', scaled(0.1)),
    right('edit list too long', set('moov/trak/edts/elst', 8, 40_000)),
    // What players show is what the edit list says.
    right('edit list of half the film', set('moov/trak/edts/elst', 8, 2000), 2),
    failing('Too long', 'SOURCE_TOO_LONG')(
      'a picture that begins after forty days',
      withBox(mp4, 'moov/trak/edts/elst', found => {
        found.body = uint32(0, 2, 3_600_000_000, NONE, NORMAL_SPEED, 4000, 0, NORMAL_SPEED);
      }),
    ),
    failing(NO_FRAMES, 'SOURCE_UNREADABLE')('an empty table', replaced(`${TABLES}/stsz`, 0, 0)),
    failing(NO_FRAMES, 'SOURCE_TRUNCATED')(
      'an edit list beyond the end',
      replaced('moov/trak/edts/elst', 1, 4000, 0x7fff_fff0, NORMAL_SPEED),
    ),
    failing(NO_FRAMES, 'SOURCE_UNREADABLE')(
      'frames beyond the end',
      replaced(`${TABLES}/stco`, 1, 0xffff_fff0),
    ),
    failing(NONSENSE, 'SOURCE_UNREADABLE')(
      'four thousand million samples',
      replaced(`${TABLES}/stsz`, 1, NONE),
    ),
    failing(NONSENSE, 'SOURCE_UNREADABLE')('as many times', set(`${TABLES}/stts`, 4, NONE)),
    failing(NONSENSE, 'SOURCE_TRUNCATED')('frames of no length', replaced(`${TABLES}/stts`, 1, 40, 0)),
    failing(NONSENSE, 'SOURCE_TRUNCATED')(
      'frames of two days each',
      replaced(`${TABLES}/stts`, 1, NONE, 0x7fff_ffff),
    ),
    {
      row: JUMPS,
      what: 'a clock that was set',
      bytes: base.jumpingClock,
      ends: { seconds: 4, size: '160x90' },
    },
    { row: JUMPS, what: 'back', bytes: base.clockSetBack, ends: { seconds: 4, size: '160x90' } },
    { row: JUMPS, what: 'from before zero', bytes: base.negativeTimes, ends: { seconds: 4, size: '160x90' } },
    { row: 'A single frame', what: 'MP4', bytes: base.oneFrame, ends: { seconds: 1, size: '32x32' } },
  ];
}
