import { plainClip } from './support/clips';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

const LADDERS = ['web-ladder', 'web-ladder-hevc', 'web-ladder-av1'];

describe('shipped presets that no other test makes', () => {
  it('give the files that the guide tells of, from one order', async () => {
    const names = ['web-complete', 'thumbnails', 'storyboard', 'mezzanine-dnxhr', ...LADDERS];
    const outputs = await Promise.all(
      names.map(async name =>
        (await shippedPreset(name)).outputs.map(output => ({ ...output, name: `${name}.${output.name}` })),
      ),
    );
    const made = await Studio.make(plainClip(), presetOf(outputs.flat()));
    expect(made.report.outputs.map(({ fileName, contentType }) => `${fileName} ${contentType}`)).toEqual([
      'web-complete.video.mp4 video/mp4',
      'web-complete.poster.webp image/webp',
      'web-complete.storyboard-001.webp image/webp',
      'web-complete.storyboard.vtt text/vtt',
      'web-complete.preview.mp4 video/mp4',
      'thumbnails.thumb-001.webp image/webp',
      'storyboard.storyboard-001.jpg image/jpeg',
      'storyboard.storyboard.vtt text/vtt',
      'mezzanine-dnxhr.mezzanine.mov video/quicktime',
      ...LADDERS.flatMap((name, index) => [
        `${name}.${['web', 'web-hevc', 'web-av1'][index]}/master.m3u8 application/vnd.apple.mpegurl`,
        `${name}.${['web', 'web-hevc', 'web-av1'][index]}/manifest.mpd application/dash+xml`,
      ]),
    ]);
    await made.close();
  });
});
