import type { PresetOutput } from '../../core/preset';
import { presetSchema } from '../../core/preset';
import { storyboardMap } from '../../core/storyboard-map';
import type { TiledOutput } from '../../core/tile-plan';
import { isTiled, spacingOf } from '../../core/tile-plan';

function tiled(kind: string, rest: object): TiledOutput {
  const [output] = presetSchema.parse({ outputs: [{ kind, name: 'o', ...rest }] }).outputs as [PresetOutput];
  if (!isTiled(output)) throw new Error('not tiled');
  return output;
}

describe('pictures every so many seconds', () => {
  it.each([
    ['the first at 0, none at the very end', 10, 5, { everySeconds: 5, count: 2 }],
    ['one more for what is left over', 11, 5, { everySeconds: 5, count: 3 }],
    ['one of a video that is shorter', 3, 5, { everySeconds: 5, count: 1 }],
    ['not one more for an error of rounding', 0.1 + 0.2, 0.1, { everySeconds: 0.1, count: 3 }],
    ['at most 200, further apart', 7200, 10, { everySeconds: 36, count: 200 }],
    ['one of a video of no length', 0, 5, { everySeconds: 5, count: 1 }],
  ])('are %s', (_title, ...[duration, everySeconds, expected]) => {
    expect(spacingOf(tiled('thumbnails', { everySeconds }), duration)).toEqual(expected);
  });

  it('are as many as fit on 200 sheets in a storyboard', () => {
    const board = tiled('storyboard', { everySeconds: 1, columns: 2, rows: 2 });
    expect(spacingOf(board, 3600)).toEqual({ everySeconds: 4.5, count: 800 });
  });
});

describe('storyboardMap', () => {
  it('goes row by row, sheet by sheet, to the end of the video', () => {
    const board = tiled('storyboard', { everySeconds: 1800, columns: 2, rows: 1 });
    if (board.kind !== 'storyboard') throw new Error('no storyboard');
    expect(storyboardMap(board, { tile: { width: 160, height: 90 }, durationSeconds: 4000.5 })).toBe(
      [
        'WEBVTT\n',
        '00:00:00.000 --> 00:30:00.000\no-001.jpg#xywh=0,0,160,90\n',
        '00:30:00.000 --> 01:00:00.000\no-001.jpg#xywh=160,0,160,90\n',
        '01:00:00.000 --> 01:06:40.500\no-002.jpg#xywh=0,0,160,90\n',
      ].join('\n'),
    );
  });
});
