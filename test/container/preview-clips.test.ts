import { makeClip, plainClip } from './support/clips';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

describe('preview clips', () => {
  let made: Awaited<ReturnType<typeof Studio.make>>;

  beforeAll(async () => {
    const shipped = await Promise.all(['preview', 'preview-gif'].map(shippedPreset));
    const short = { kind: 'clip', startSeconds: 0.5, seconds: 1, size: { shortSide: 90 } };
    made = await Studio.make(
      plainClip(),
      presetOf([
        ...shipped.flatMap(({ outputs }) => outputs),
        ...['mp4', 'gif', 'webp'].map(format => ({ ...short, name: 'short', format })),
      ]),
    );
  });
  afterAll(() => made.close());

  it.each([
    ['preview.mp4', 'video/mp4', 'h264', 2, 320],
    ['preview.gif', 'image/gif', 'gif', 2, 320],
    ['preview.webp', 'image/webp', 'webp', 2, 320],
    ['short.mp4', 'video/mp4', 'h264', 1, 160],
    ['short.gif', 'image/gif', 'gif', 1, 160],
    ['short.webp', 'image/webp', 'webp', 1, 160],
  ])('%s is silent, of the length that the source allows and no larger', (...row) => {
    const [fileName, contentType, codec, seconds, width] = row;
    const facts = made.report.outputs.find(output => output.fileName === fileName);
    expect(facts).toMatchObject({ contentType, video: { codec, width } });
    expect(Math.abs((facts?.durationSeconds ?? 0) - seconds)).toBeLessThan(0.15);
    expect(facts?.audio).toBeUndefined();
  });

  it('play again and again', () => {
    expect(made.body('short.gif').includes('NETSCAPE2.0')).toBe(true);
    const webp = made.body('short.webp');
    expect(webp.readUInt16LE(webp.indexOf('ANIM') + 12)).toBe(0);
  });
});

describe('preview clips of a picture that never moves', () => {
  it('are made all the same', async () => {
    const still = makeClip('still.mp4', [
      ...['-f', 'lavfi', '-i', 'color=teal:size=64x64:rate=10:duration=2', '-c:v', 'libx264'],
    ]);
    const formats = ['mp4', 'gif', 'webp'].map(format => ({ kind: 'clip', name: 'still', format }));
    const made = await Studio.make(still, presetOf(formats));
    expect(made.report.outputs.map(({ video }) => video?.codec)).toEqual(['h264', 'gif', 'webp']);
    await made.close();
  });
});
