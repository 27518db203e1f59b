import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClip, rotatedClip } from './support/clips';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

/** Twelve seconds: red, then from the sixth on blue, with a white square in the upper left corner. */
function redThenBlue(extension: string): Buffer {
  const picture = (color: string): string[] => [
    ...[
      '-f',
      'lavfi',
      '-i',
      `color=${color}:size=192x108:rate=10:duration=6,drawbox=w=40:h=40:color=white:t=fill`,
    ],
  ];
  return makeClip(`colors.${extension}`, [
    ...[...picture('red'), ...picture('blue'), '-f', 'lavfi', '-i', 'sine=duration=12'],
    ...['-filter_complex', '[0][1]concat[v]', '-map', '[v]', '-map', '2:a', '-g', '30'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ]);
}

const isRed = ([red, , blue]: [number, number, number]): boolean => red > 200 && blue < 60;
const isBlue = ([red, , blue]: [number, number, number]): boolean => blue > 200 && red < 60;
const isWhite = (rgb: [number, number, number]): boolean => rgb.every(value => value > 200);
const isBlack = (rgb: [number, number, number]): boolean => rgb.every(value => value < 40);

describe('the picture', () => {
  it('is cut to a part of the source, to the frame and with its sound', async () => {
    const { outputs } = await shippedPreset('excerpt');
    const middle = { kind: 'video', name: 'middle', audio: {}, trim: { startSeconds: 5.5, endSeconds: 6.5 } };
    const sound = { kind: 'audio', name: 'end', trim: { startSeconds: 11 } };
    const made = await Studio.make(redThenBlue('mp4'), presetOf([...outputs, middle, sound]));
    expect(made.report.outputs.map(({ durationSeconds }) => durationSeconds?.toFixed(1))).toEqual([
      '7.0',
      '1.0',
      '1.0',
    ]);
    const at = (fileName: string, seconds: number): [number, number, number] =>
      made.pixel(fileName, { seconds, x: 60, y: 60 });
    expect(isRed(at('excerpt.mp4', 0.9))).toBe(true);
    expect(isBlue(at('excerpt.mp4', 1))).toBe(true);
    expect(isRed(at('middle.mp4', 0.4))).toBe(true);
    expect(isBlue(at('middle.mp4', 0.5))).toBe(true);
    const [picture, track] = made.probe('middle.mp4').streams;
    expect(Number(picture?.['duration'])).toBeCloseTo(1, 2);
    expect(Number(track?.['duration'])).toBeCloseTo(1, 1);
    await made.close();
  });

  it('is cut to the frame in a transport stream too, where seeking is not exact', async () => {
    const preset = presetOf([{ kind: 'video', name: 'part', trim: { startSeconds: 5.5, endSeconds: 6.5 } }]);
    const made = await Studio.make(redThenBlue('ts'), preset);
    expect(isRed(made.pixel('part.mp4', { seconds: 0.4, x: 60, y: 60 }))).toBe(true);
    expect(isBlue(made.pixel('part.mp4', { seconds: 0.5, x: 60, y: 60 }))).toBe(true);
    await made.close();
  });

  it('is not looked for beyond the end of the source', async () => {
    const preset = presetOf([{ kind: 'video', name: 'part', trim: { startSeconds: 20 } }]);
    const made = await Studio.try(redThenBlue('mp4'), preset);
    expect(made.failed?.failure).toMatchObject({ code: 'TRIM_BEYOND_END', retryable: false });
    await made.close();
  });

  it('is cropped, padded and turned', async () => {
    const box = (name: string, video: object): object => ({
      kind: 'video',
      name,
      video,
      trim: { startSeconds: 0, endSeconds: 1 },
    });
    const made = await Studio.make(
      redThenBlue('mp4'),
      presetOf([
        box('crop', { size: { boxWidth: 54, boxHeight: 54, fit: 'crop' } }),
        box('pad', { size: { boxWidth: 200, boxHeight: 200, fit: 'pad' } }),
        box('quarter', { rotateDegrees: 90 }),
        box('half', { rotateDegrees: 180 }),
      ]),
    );
    expect(made.report.outputs.map(({ video }) => [video?.width, video?.height])).toEqual([
      [54, 54],
      [200, 200],
      [108, 192],
      [192, 108],
    ]);
    expect(isRed(made.pixel('crop.mp4', { seconds: 0, x: 30, y: 30 }))).toBe(true);
    expect(isBlack(made.pixel('pad.mp4', { seconds: 0, x: 100, y: 10 }))).toBe(true);
    expect(isWhite(made.pixel('pad.mp4', { seconds: 0, x: 10, y: 60 }))).toBe(true);
    expect(isWhite(made.pixel('quarter.mp4', { seconds: 0, x: 90, y: 10 }))).toBe(true);
    expect(isWhite(made.pixel('half.mp4', { seconds: 0, x: 180, y: 90 }))).toBe(true);
    await made.close();
  });
});

describe('what a source says of itself', () => {
  it('is kept by choice: title, time and chapters; never the place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chapters-'));
    const notes = join(folder, 'notes.txt');
    const chapter = (title: string, start: number): string =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${start + 500}\ntitle=${title}\n`;
    writeFileSync(
      notes,
      `;FFMETADATA1\ntitle=Süß; 'quoted':[x] -y\ncreation_time=2024-05-06T07:08:09Z\nlocation=+48.1+011.5/\n${chapter('One', 0)}${chapter('Two', 500)}`,
    );
    const source = makeClip('notes.mp4', [
      ...[
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=64x64:rate=10:duration=1',
        '-i',
        notes,
        '-map',
        '0',
        '-map_metadata',
        '1',
      ],
      ...['-map_chapters', '1', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ]);
    rmSync(folder, { recursive: true });
    const { outputs } = await shippedPreset('archive-copy');
    const made = await Studio.make(source, presetOf([...outputs, { kind: 'video', name: 'bare' }]));
    const kept = made.probe('archive-copy.mp4');
    expect(kept.format.tags).toMatchObject({
      title: "Süß; 'quoted':[x] -y",
      creation_time: '2024-05-06T07:08:09.000000Z',
    });
    expect(kept.chapters.map(({ tags }) => tags?.['title'])).toEqual(['One', 'Two']);
    expect(JSON.stringify(kept)).not.toContain('48.1');
    const bare = made.probe('bare.mp4');
    expect(bare.chapters).toEqual([]);
    expect(JSON.stringify(bare)).not.toMatch(/quoted|2024-05|48\.1/);
    await made.close();
  });

  it('counts the turn that a phone notes before the one of the preset', async () => {
    const made = await Studio.make(
      rotatedClip(),
      presetOf([{ kind: 'video', name: 'turned', video: { rotateDegrees: 270 } }]),
    );
    expect(made.report.outputs[0]?.video).toMatchObject({ width: 320, height: 180 });
    await made.close();
  });
});
