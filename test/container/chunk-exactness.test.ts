import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClip } from './support/clips';
import { codedPicture } from './support/coded-clip';
import type { ShownFrame } from './support/cut-directly';
import { DirectCut } from './support/cut-directly';

const CHUNK_SECONDS = 0.6;
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '14', '-pix_fmt', 'yuv420p', '-g', '15'];
const B_FRAMES = [...X264, '-bf', '2', '-x264-params', 'b-adapt=0:scenecut=0'];
const OPEN_GOP = [...X264, '-bf', '3', '-x264-params', 'open-gop=1:b-adapt=0:scenecut=0'];

const picture = (rate = '25', seconds = 1.8): string[] => codedPicture({ rate, seconds });
/** Frames at uneven times. */
const UNEVEN = [
  ...['-vf', "setpts='PTS+mod(N*7\\,5)*0.006/TB'", '-fps_mode', 'passthrough'],
  ...['-enc_time_base', '1/90000'],
];

/** Another container, or a part, of the same packets. */
function remuxed(name: string, clip: Buffer, before: readonly string[] = []): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'clip-'));
  try {
    writeFileSync(join(folder, 'from.mp4'), clip);
    const to = join(folder, name);
    execFileSync('ffmpeg', ['-v', 'error', ...before, '-i', join(folder, 'from.mp4'), '-c', 'copy', to]);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Stored lying, shown upright. */
function turned(clip: Buffer): Buffer {
  const matrix = clip.indexOf('tkhd') + 44;
  [0, 0x10000, 0, -0x10000, 0, 0, 56 << 16, 0, 0x40000000].forEach((value, index) =>
    clip.writeInt32BE(value, matrix + index * 4),
  );
  return clip;
}

interface Source {
  readonly name: string;
  readonly clip: () => Buffer;
}

const openGop = (): Buffer => makeClip('open.mp4', [...picture(), ...OPEN_GOP]);

describe('the frames of a source that is cut', () => {
  const cut = <Result>({ name, clip }: Source, output: object, use: (video: DirectCut) => Result): Result => {
    const video = new DirectCut(name, clip(), output);
    try {
      return use(video);
    } finally {
      video.close();
    }
  };
  const numbers = (frames: readonly ShownFrame[]): number[] => frames.map(({ number }) => number);
  const expectSameTimes = (frames: readonly ShownFrame[], others: readonly ShownFrame[]): void => {
    expect(frames).toHaveLength(others.length);
    const apart = frames.map(({ seconds }, index) =>
      Math.abs(seconds - (others[index]?.seconds ?? Infinity)),
    );
    expect(Math.max(...apart)).toBeLessThan(0.0005);
  };

  it.each<[string, Source]>([
    [
      'at 29.97 a second, with B-frames',
      { name: 'ntsc.mp4', clip: () => makeClip('a.mp4', [...picture('30000/1001'), ...B_FRAMES]) },
    ],
    [
      'at uneven times, with B-frames',
      { name: 'vfr.mp4', clip: () => makeClip('a.mp4', [...picture(), ...UNEVEN, ...B_FRAMES]) },
    ],
    ['in open groups of pictures', { name: 'open.mp4', clip: openGop }],
    ['in Matroska', { name: 'open.mkv', clip: () => remuxed('a.mkv', openGop()) }],
    [
      'behind the start of an edit list',
      {
        name: 'edit.mp4',
        clip: () => remuxed('a.mp4', makeClip('a.mp4', [...picture('25', 2), ...B_FRAMES]), ['-ss', '0.3']),
      },
    ],
    ['in a transport stream', { name: 'open.ts', clip: () => remuxed('a.ts', openGop()) }],
    [
      'in H.265',
      {
        name: 'hevc.mp4',
        clip: () =>
          makeClip('a.mp4', [
            ...[...picture(), '-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1'],
            ...['-x265-params', 'log-level=error:keyint=15:open-gop=1:bframes=3'],
          ]),
      },
    ],
  ])('all come once, in order and at their own times: %s', (_title, source) => {
    cut(source, {}, video => {
      const plan = video.plan(CHUNK_SECONDS);
      expect(plan.chunks.length).toBeGreaterThanOrEqual(3);
      const frames = video.inChunks(plan);
      const original = video.frames();
      expect(numbers(frames)).toEqual(numbers(original));
      expect(numbers(frames)).toEqual([...numbers(frames)].sort((a, b) => a - b));
      expectSameTimes(frames, original);
    });
  });

  it.each<[string, Source, object]>([
    [
      '50 a second thinned to 25',
      { name: 'fast.mp4', clip: () => makeClip('a.mp4', [...picture('50'), ...B_FRAMES]) },
      { video: { speed: 'ultrafast', quality: { crf: 18 }, maxFrameRate: 30 } },
    ],
    [
      'an excerpt that begins and ends between two frames',
      { name: 'long.mp4', clip: () => makeClip('a.mp4', [...picture('25', 2), ...B_FRAMES]) },
      { trim: { startSeconds: 0.33, endSeconds: 1.87 } },
    ],
    [
      'an excerpt of a transport stream, thinned',
      { name: 'open.ts', clip: () => remuxed('a.ts', openGop()) },
      {
        trim: { startSeconds: 0.33 },
        video: { speed: 'ultrafast', quality: { crf: 18 }, maxFrameRate: 15 },
      },
    ],
    [
      'fields made whole frames',
      {
        name: 'fields.ts',
        clip: () =>
          makeClip('a.ts', [
            ...[...picture('50'), '-vf', 'interlace=scan=tff', '-c:v', 'mpeg2video', '-b:v', '3M'],
            ...['-flags', '+ildct+ilme', '-top', '1', '-bf', '2', '-g', '12'],
          ]),
      },
      {},
    ],
    [
      'turned as the phone was held',
      { name: 'phone.mp4', clip: () => turned(makeClip('a.mp4', [...picture(), ...B_FRAMES])) },
      {},
    ],
  ])('are those of a whole encode: %s', (_title, source, output) => {
    cut(source, output, video => {
      const plan = video.plan(CHUNK_SECONDS);
      expect(plan.chunks.length).toBeGreaterThanOrEqual(2);
      const frames = video.inChunks(plan);
      const whole = video.whole();
      expect(numbers(frames)).toEqual(numbers(whole));
      expect(new Set(numbers(frames)).size).toBeGreaterThan(1);
      expectSameTimes(frames, whole);
    });
  });
});
