import { hdrClip, makeClip, rotatedClip } from './support/clips';
import { PublishedTree } from './support/published-tree';
import type { Further } from './support/studio';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

const GREY = ['-f', 'lavfi', '-i', 'color=gray:size=320x180:rate=10:duration=1'];

function greyClip(): Buffer {
  return makeClip('grey.mp4', [...GREY, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']);
}

/** Twice as wide as high: its left half is red, its right half lets all through. */
function redLogo(): Buffer {
  const graph = 'color=red:size=200x200:duration=0.04,format=rgba,pad=400:200:0:0:color=black@0';
  return makeClip('logo.png', ['-f', 'lavfi', '-i', graph, '-frames:v', '1']);
}

const logo = (body: Buffer): Further => ({ fileName: 'watermark', body, use: { kind: 'watermark' } });

type Rgb = [number, number, number];
const isRed = ([red, green, blue]: Rgb): boolean => red > 200 && green < 60 && blue < 60;
const isGrey = (rgb: Rgb): boolean => rgb.every(value => Math.abs(value - 128) < 12);

describe('a watermark', () => {
  it('stands in the same place of every size, transparent where it is', async () => {
    const watermark = { position: 'topLeft', sizePercent: 40, marginPercent: 10 };
    const video = (name: string, shortSide: number): object => ({
      kind: 'video',
      name,
      video: { size: { shortSide }, watermark, quality: { crf: 15 } },
    });
    const made = await Studio.make(greyClip(), presetOf([video('large', 180), video('small', 90)]), [
      logo(redLogo()),
    ]);
    for (const [fileName, scale] of [
      ['large.mp4', 2],
      ['small.mp4', 1],
    ] as const) {
      const at = (x: number, y: number): Rgb =>
        made.pixel(fileName, { seconds: 0.5, x: x * scale, y: y * scale });
      // On 160x90: 36 by 18 pixels from 9, 9 on.
      expect([at(11, 11), at(24, 24)].every(isRed)).toBe(true);
      expect([at(6, 12), at(12, 6), at(30, 15), at(100, 50)].every(isGrey)).toBe(true);
    }
    await made.close();
  });

  it('stands on each size of an adaptive output, where it would on a file of that size', async () => {
    const watermark = { position: 'topLeft', sizePercent: 40, marginPercent: 10 };
    const rungs = [180, 96].map(shortSide => ({ shortSide, quality: { crf: 15 } }));
    const made = await Studio.make(
      greyClip(),
      presetOf([{ kind: 'adaptive', name: 'web', video: { watermark }, rungs }]),
      [logo(redLogo())],
    );
    const tree = PublishedTree.of(made);
    for (const [folder, side] of [
      ['web/180p', 180],
      ['web/96p', 96],
    ] as const) {
      const path = tree.joined(folder);
      const at = (x: number, y: number): Rgb =>
        Studio.pixel(path, { seconds: 0.5, x: Math.round((x * side) / 90), y: Math.round((y * side) / 90) });
      expect([at(11, 11), at(24, 24)].every(isRed)).toBe(true);
      expect([at(6, 12), at(12, 6), at(30, 15), at(100, 50)].every(isGrey)).toBe(true);
    }
    await made.close();
  });

  it('of the shipped preset lets the picture through, also on a portrait one', async () => {
    const made = await Studio.make(rotatedClip(), await shippedPreset('web-watermark'), [logo(redLogo())]);
    const [red, green] = made.pixel('web-watermark.mp4', { seconds: 0.5, x: 142, y: 302 });
    expect(made.report.outputs[0]?.video).toMatchObject({ width: 180, height: 320 });
    expect(red).toBeGreaterThan(green + 80);
    await made.close();
  });

  it('is a JPEG in the middle, as bright as subtitles where the picture stays HDR', async () => {
    const white = makeClip('white.jpg', ['-f', 'lavfi', '-i', 'color=white:size=64x36', '-frames:v', '1']);
    const video = {
      codec: 'hevc',
      bitDepth: 10,
      hdr: 'keep',
      speed: 'ultrafast',
      watermark: { position: 'center', sizePercent: 50 },
    };
    const made = await Studio.make(hdrClip(), presetOf([{ kind: 'video', name: 'hdr', video }]), [
      logo(white),
    ]);
    const rgb = made.pixel('hdr.mp4', { seconds: 0, x: 31, y: 17 });
    expect(Math.min(...rgb)).toBeGreaterThan(130);
    expect(Math.max(...rgb)).toBeLessThan(165);
    await made.close();
  });

  it.each([
    ['is no picture', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500, 7)])],
    ['is a playlist', Buffer.from('#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n')],
    ['claims more pixels than it may have', hugePng()],
  ])('that %s ends the job with a reason', async (_what, body) => {
    const made = await Studio.try(greyClip(), await shippedPreset('web-watermark'), [logo(body)]);
    expect(made.failed?.failure).toMatchObject({
      code: 'WATERMARK_UNREADABLE',
      retryable: false,
      blame: 'source',
    });
    await made.close();
  });
});

/** A PNG that says it has 60000 by 60000 pixels. */
function hugePng(): Buffer {
  const png = redLogo();
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  return png;
}
