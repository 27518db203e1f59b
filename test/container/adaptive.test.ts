import { makeClip } from './support/clips';
import { PublishedTree } from './support/published-tree';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

describe('an adaptive output', () => {
  it('x', async () => {
    const clip = makeClip('ntsc.mp4', [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30000/1001:duration=9'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=9'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=880:sample_rate=48000:duration=9'],
      ...['-map', '0', '-map', '1', '-map', '2', '-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=ger'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
    ]);
    const studio = await Studio.make(clip, presetOf([{ kind: 'adaptive', name: 'web', audio: {}, rungs: [{ shortSide: 360 }, { shortSide: 180 }] , segmentSeconds: 4}]));
    const tree = PublishedTree.of(studio);
    console.log([...tree.types].join('\n'));
    console.log(JSON.stringify(studio.report.outputs, null, 1));
    for (const f of ['web/master.m3u8', 'web/manifest.mpd', 'web/360p/index.m3u8', 'web/180p/iframes.m3u8', 'web/audio-1-eng/index.m3u8', 'web/files.json']) console.log(tree.text(f));
    console.log(tree.packets('web/360p').filter(p => p.isKey), tree.packets('web/audio-1-eng').slice(0, 3));
    await studio.close();
  });
});
