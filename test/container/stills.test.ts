import { makeClip, plainClip } from './support/clips';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

/** Each second another color, from black to white; the fifth a sharp pattern. Key frames every second. */
function scenes(): Buffer {
  const color = (name: string): string[] => [
    '-f',
    'lavfi',
    '-i',
    `color=${name}:size=160x90:rate=10:duration=1`,
  ];
  const pattern = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=10:duration=1'];
  const blurred = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=10:duration=1,gblur=sigma=8'];
  return makeClip('scenes.mp4', [
    ...[...color('black'), ...color('red'), ...color('lime'), ...blurred, ...pattern, ...color('white')],
    ...[
      '-filter_complex',
      '[0][1][2][3][4][5]concat=n=6[v]',
      '-map',
      '[v]',
      '-g',
      '10',
      '-sc_threshold',
      '0',
    ],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-pix_fmt', 'yuv420p'],
  ]);
}

type Rgb = [number, number, number];
const NAMES: readonly [string, Rgb][] = [
  ['black', [0, 0, 0]],
  ['red', [255, 0, 0]],
  ['lime', [0, 255, 0]],
  ['white', [255, 255, 255]],
];
const colorName = (rgb: Rgb): string =>
  NAMES.find(([, wanted]) =>
    wanted.every((value, index) => Math.abs(value - (rgb[index] ?? -99)) < 40),
  )?.[0] ?? rgb.join();

describe('stills', () => {
  let made: Awaited<ReturnType<typeof Studio.make>>;
  const fileNames = (name: string): string[] =>
    made.report.outputs.filter(output => output.name === name).map(({ fileName }) => fileName);

  beforeAll(async () => {
    const best = (await shippedPreset('poster-best')).outputs;
    const thumbnails = { kind: 'thumbnails', name: 'thumb', everySeconds: 1, size: { shortSide: 45 } };
    made = await Studio.make(
      scenes(),
      presetOf([
        ...best,
        { kind: 'video', name: 'video', video: { size: { shortSide: 90 } } },
        { ...thumbnails, format: 'webp' },
        { ...thumbnails, format: 'png', everySeconds: 2.5, name: 'wide' },
        {
          ...{ kind: 'storyboard', name: 'board', format: 'png', everySeconds: 1, tileSide: 32 },
          ...{ columns: 2, rows: 2 },
        },
        { kind: 'still', name: 'red', format: 'png', atSeconds: 1.5 },
        { kind: 'still', name: 'lime', format: 'webp', atPercent: 40 },
      ]),
    );
  });
  afterAll(() => made.close());

  it('at a chosen second or percent', () => {
    expect(colorName(made.pixel('red.png', { seconds: 0, x: 80, y: 45 }))).toBe('red');
    expect(colorName(made.pixel('lime.webp', { seconds: 0, x: 80, y: 45 }))).toBe('lime');
    expect(made.report.outputs.find(({ name }) => name === 'red')).toMatchObject({
      contentType: 'image/png',
      video: { codec: 'png', width: 160, height: 90 },
    });
  });

  it('of the best frame: neither black nor blank nor blurred', () => {
    // The sharp pattern's left bars, in full brightness.
    const left = made.pixel('poster.jpg', { seconds: 0, x: 4, y: 4 });
    const expected = made.pixel('video.mp4', { seconds: 4.5, x: 4, y: 4 });
    expect(Math.max(...left.map((value, index) => Math.abs(value - (expected[index] ?? 0))))).toBeLessThan(
      30,
    );
    const blurred = made.pixel('video.mp4', { seconds: 3.5, x: 70, y: 20 });
    const shown = made.pixel('poster.jpg', { seconds: 0, x: 70, y: 20 });
    expect(Math.max(...shown.map((value, index) => Math.abs(value - (blurred[index] ?? 0))))).toBeGreaterThan(
      10,
    );
  });

  it('every so many seconds, each in its own file and with its own entry', () => {
    expect(fileNames('thumb')).toEqual([1, 2, 3, 4, 5, 6].map(number => `thumb-00${number}.webp`));
    expect(fileNames('wide')).toEqual(['wide-001.png', 'wide-002.png', 'wide-003.png']);
    expect(
      ['thumb-001.webp', 'thumb-002.webp', 'thumb-003.webp', 'thumb-006.webp'].map(fileName =>
        colorName(made.pixel(fileName, { seconds: 0, x: 40, y: 20 })),
      ),
    ).toEqual(['black', 'red', 'lime', 'white']);
    expect(made.report.outputs.find(({ fileName }) => fileName === 'thumb-006.webp')).toMatchObject({
      key: 'work/job-1/encode/task1-1/thumb-006.webp',
      contentType: 'image/webp',
      video: { codec: 'webp', width: 80, height: 46 },
    });
  });

  it('on sheets, with a map that tells which shows what moment', () => {
    expect(fileNames('board')).toEqual(['board-001.png', 'board-002.png', 'board.vtt']);
    const cues = [
      ...made
        .body('board.vtt')
        .toString()
        .matchAll(/(\S+) --> (\S+)\n(\S+)#xywh=(\S+)\n/g),
    ].map(([, start, end, sheet, place]) => [start, end, sheet, place]);
    expect(cues).toHaveLength(6);
    expect(cues[1]).toEqual(['00:00:01.000', '00:00:02.000', 'board-001.png', '32,0,32,18']);
    expect(cues[5]).toEqual(['00:00:05.000', '00:00:06.000', 'board-002.png', '32,0,32,18']);
    expect(colorName(made.pixel('board-001.png', { seconds: 0, x: 48, y: 8 }))).toBe('red');
    expect(colorName(made.pixel('board-001.png', { seconds: 0, x: 16, y: 26 }))).toBe('lime');
    expect(colorName(made.pixel('board-002.png', { seconds: 0, x: 48, y: 8 }))).toBe('white');
  });
});

describe('stills of half a file', () => {
  it('are not taken for those of the whole', async () => {
    const whole = plainClip();
    const made = await Studio.try(
      whole.subarray(0, Math.floor(whole.length / 2)),
      presetOf([{ kind: 'thumbnails', name: 't', everySeconds: 1 }]),
    );
    expect(made.failed?.failure).toMatchObject({ code: 'SOURCE_TRUNCATED', retryable: false });
    await made.close();
  });
});

describe('stills of a recording that does not tell its length', () => {
  it('are spread over all of it', async () => {
    const recording = makeClip('live.webm', [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=10:duration=3', '-c:v', 'libvpx', '-live', '1'],
    ]);
    const preset = presetOf([
      { kind: 'thumbnails', name: 't', everySeconds: 1, size: { shortSide: 32 } },
      { kind: 'clip', name: 'c', seconds: 1, startPercent: 50, format: 'gif' },
    ]);
    const made = await Studio.make(recording, preset);
    expect(made.report.outputs.map(({ fileName }) => fileName)).toEqual([
      ...['t-001.jpg', 't-002.jpg', 't-003.jpg', 'c.gif'],
    ]);
    await made.close();
  });
});
