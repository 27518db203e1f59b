import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { turnUpright } from './support/clips';
import { colorClip, partOf } from './support/joined-clips';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

/** Frames of each part at the rate of the main source: two intros, the main source, an outro. */
const FRAMES = [30, 15, 60, 30];
const RATE = 30_000 / 1001;
const [FIRST, SECOND, MAIN] = [30 / RATE, 45 / RATE, 105 / RATE];

const CHAPTERS =
  ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Two\n';
const CAPTIONS = '1\n00:00:00,200 --> 00:00:00,800\nFirst\n\n2\n00:00:01,200 --> 00:00:05,000\nSecond\n';

/** Two seconds of red with a stereo tone and chapters. */
function mainClip(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'chapters-'));
  try {
    writeFileSync(join(folder, 'chapters.txt'), CHAPTERS);
    return colorClip({
      ...{ color: 'red', size: '320x180', rate: '30000/1001', seconds: 2, tone: 2, sampleRateHz: 48_000 },
      inputs: ['-i', join(folder, 'chapters.txt')],
      extra: ['-map', '0', '-map', '1', '-map_chapters', '2', '-ac', '2'],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a video with two intros and an outro', () => {
  let made: Awaited<ReturnType<typeof Studio.make>>;

  beforeAll(async () => {
    const sound = { codec: 'aac', channels: 2 };
    const preset = presetOf([
      {
        kind: 'video',
        name: 'large',
        audio: sound,
        captions: { tracks: true },
        metadata: { chapters: true },
      },
      {
        ...{ kind: 'video', name: 'part', audio: sound, trim: { startSeconds: 1, endSeconds: 1.5 } },
        video: { size: { shortSide: 90 }, quality: { target: { metric: 'ssim', score: 0.9 } } },
      },
      { kind: 'audio', name: 'sound', audio: { ...sound, loudness: { targetLufs: -16 } } },
      { kind: 'still', name: 'at', atSeconds: 1.2 },
      { kind: 'still', name: 'best', best: true },
      { kind: 'thumbnails', name: 'thumb', everySeconds: 1, format: 'png' },
      { kind: 'clip', name: 'preview', startSeconds: 0.5, seconds: 1 },
      { kind: 'adaptive', name: 'web', audio: {} },
      { kind: 'captions', name: 'captions' },
    ]);
    const small = colorClip({ color: 'blue', size: '160x120', rate: '15', seconds: 1, tone: 1.4 });
    const silent = colorClip({ color: 'gray', size: '640x360', rate: '24', seconds: 0.5 }, 'mkv');
    const upright = turnUpright(
      colorClip({ color: 'lime', size: '320x180', rate: '50', seconds: 1, tone: 0.4 }),
      180,
    );
    const captions = { language: 'de', default: false, forced: false, hearingImpaired: false };
    made = await Studio.make(mainClip(), preset, [
      partOf('intro', 'small.mp4', small),
      partOf('outro', 'upright.mp4', upright),
      partOf('intro', 'silent.mkv', silent),
      { fileName: 'clip.de.srt', body: Buffer.from(CAPTIONS), use: { kind: 'captions', ...captions } },
    ]);
  });

  afterAll(async () => made.close());

  it('tells what it was joined from', () => {
    expect(made.report.source).toMatchObject({
      video: { width: 320, height: 180, frameRate: RATE },
      audio: { channels: 2, sampleRateHz: 48_000 },
      parts: [
        { fileName: 'small.mp4', place: 'intro', durationSeconds: 1.001 },
        { fileName: 'silent.mkv', place: 'intro', durationSeconds: 0.5005 },
        { fileName: 'upright.mp4', place: 'outro' },
      ],
    });
    expect(made.report.source.durationSeconds).toBeCloseTo(135 / RATE, 6);
  });

  it('has all frames of each part, one after another, each in the middle of black', () => {
    const frames = decode(made.path('large.mp4'));
    expect(runs(frames.map(frame => nameColor(frame, 160, 90)))).toEqual([
      ['blue', FRAMES[0]],
      ['gray', FRAMES[1]],
      ['red', FRAMES[2]],
      ['lime', FRAMES[3]],
    ]);
    const [blue, gray, , lime] = [0, 30, 45, 105].map(number => frames[number] ?? Buffer.alloc(0));
    // 4:3 is 240 wide in the box; gray fills it; upright it is 102 wide.
    expect([blue, gray, lime].map(frame => nameColor(frame ?? Buffer.alloc(0), 36, 90))).toEqual([
      'black',
      'gray',
      'black',
    ]);
    expect(nameColor(blue ?? Buffer.alloc(0), 44, 90)).toBe('blue');
    expect(nameColor(lime ?? Buffer.alloc(0), 104, 90)).toBe('black');
    expect(nameColor(lime ?? Buffer.alloc(0), 114, 90)).toBe('lime');
  });

  it('is heard when it is seen, and silent where a part has no sound', () => {
    const silences = silencesOf(made.path('large.mp4'));
    expect(silences).toHaveLength(2);
    expect(silences[0]?.[0]).toBeCloseTo(FIRST, 2);
    expect(silences[0]?.[1]).toBeCloseTo(SECOND, 2);
    expect(silences[1]?.[0]).toBeCloseTo(MAIN + 0.4, 1);
    const [picture, sound] = made.probe('large.mp4').streams;
    expect(Number(picture?.['duration'])).toBeCloseTo(135 / RATE, 3);
    expect(Number(sound?.['duration'])).toBeCloseTo(135 / RATE, 2);
    expect(silencesOf(made.path('sound.m4a'))[0]?.[1]).toBeCloseTo(SECOND, 2);
  });

  it('is trimmed in its main part alone', () => {
    const frames = decode(made.path('part.mp4'));
    expect(runs(frames.map(frame => nameColor(frame, 160, 90)))).toEqual([
      ['blue', 30],
      ['gray', 15],
      ['red', 15],
      ['lime', 30],
    ]);
    const facts = made.report.outputs.find(({ name }) => name === 'part');
    expect(facts?.durationSeconds).toBeCloseTo(90 / RATE, 2);
    expect(facts?.score?.value).toBeGreaterThan(0.9);
  });

  it('has its stills by the time of the whole, and the best frame in its main part', () => {
    const color = (fileName: string): string =>
      nameColor(decode(made.path(fileName))[0] ?? Buffer.alloc(0), 160, 90);
    expect(color('at.jpg')).toBe('gray');
    expect(color('best.jpg')).toBe('red');
    const thumbs = made.report.outputs.filter(({ name }) => name === 'thumb');
    expect(thumbs.map(({ fileName }) => color(fileName))).toEqual(['blue', 'blue', 'red', 'red', 'lime']);
    const preview = decode(made.path('preview.mp4')).map(frame => nameColor(frame, 160, 90));
    expect(runs(preview).map(([name]) => name)).toEqual(['blue', 'gray']);
  });

  it('has captions and chapters when they were meant', () => {
    expect(made.body('captions.de.vtt').toString()).toBe(
      'WEBVTT\n\n00:00:01.702 --> 00:00:02.302\nFirst\n\n00:00:02.702 --> 00:00:03.504\nSecond\n',
    );
    const { streams, chapters } = made.probe('large.mp4');
    expect(streams.filter(({ codec_type: type }) => type === 'subtitle')).toHaveLength(1);
    expect(chapters.map(({ tags }) => tags?.['title'])).toEqual(['One', 'Two']);
    expect(Number(chapters[1]?.start_time)).toBeCloseTo(SECOND + 1, 2);
  });

  it('streams with all of it', () => {
    const master = made.report.outputs.find(({ fileName }) => fileName === 'web/master.m3u8');
    expect(master?.durationSeconds).toBeCloseTo(135 / RATE, 1);
    expect(master?.tree?.rungs).toHaveLength(1);
  });
});

/** All frames of a file, in RGB and 320x180. */
function decode(path: string): Buffer[] {
  const filters = ['-map', '0:v', '-fps_mode', 'passthrough', '-vf', 'scale=320:180,format=rgb24'];
  const args = ['-v', 'error', '-i', path, ...filters, '-f', 'rawvideo', '-'];
  const bytes = execFileSync('ffmpeg', args, { maxBuffer: 256 * 1024 ** 2 });
  const each = 320 * 180 * 3;
  return Array.from({ length: bytes.length / each }, (_, index) =>
    bytes.subarray(index * each, (index + 1) * each),
  );
}

/** Color in a place of a picture of 320x180. */
function nameColor(frame: Buffer, x: number, y: number): string {
  const at = (y * 320 + x) * 3;
  const bits = [0, 1, 2].map(channel => frame[at + channel] ?? 0);
  if (bits.every(value => value > 90 && value < 165)) return 'gray';
  const key = bits.map(value => (value > 128 ? 1 : 0)).join('');
  return { '001': 'blue', '100': 'red', '010': 'lime', '000': 'black' }[key] ?? key;
}

/** How often each comes in a row. */
function runs(names: readonly string[]): [string, number][] {
  const found: [string, number][] = [];
  for (const name of names) {
    const last = found.at(-1);
    if (last?.[0] === name) last[1] += 1;
    else found.push([name, 1]);
  }
  return found;
}

/** When a file is silent, from and to. */
function silencesOf(path: string): [number, number][] {
  const text = execFileSync(
    'sh',
    ['-c', 'ffmpeg -hide_banner -nostats -i "$0" -vn -af silencedetect=n=-50dB:d=0.1 -f null - 2>&1', path],
    { encoding: 'utf8' },
  );
  const times = (name: string): number[] =>
    [...text.matchAll(new RegExp(`silence_${name}: ([\\d.]+)`, 'g'))].map(([, value]) => Number(value));
  return times('start').map((start, index) => [start, times('end')[index] ?? 0]);
}
