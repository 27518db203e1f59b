import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileListSchema } from '../../core/file-list';
import {
  anamorphicClip,
  hdrClip,
  makeClip,
  plainClip,
  rotatedClip,
  silentClip,
  songWithCover,
} from './support/clips';
import { PublishedTree } from './support/published-tree';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const FAST = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];

/** Nine seconds at 29.97 frames a second with two languages and scene changes at odd places. */
function bilingualClip(): Buffer {
  return makeClip('ntsc.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30000/1001:duration=9'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=9'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=880:sample_rate=48000:duration=9'],
    ...['-map', '0', '-map', '1', '-map', '2', '-disposition:a:1', 'default', '-disposition:a:0', '0'],
    ...['-metadata:s:a:0', 'language=ger', '-metadata:s:a:1', 'language=eng'],
    ...['-vf', "negate=enable='between(t,1.3,3.1)+between(t,5.2,6.7)'", ...FAST],
  ]);
}

const ladder = (shortSides: readonly number[], more: object = {}): object => ({
  kind: 'adaptive',
  name: 'web',
  rungs: shortSides.map(shortSide => ({ shortSide })),
  ...more,
});

describe('an adaptive output', () => {
  let studio: Studio & { readonly report: NonNullable<Studio['report']> };
  let tree: PublishedTree;
  beforeAll(async () => {
    const output = ladder([240, 180, 120], { segmentSeconds: 4, audio: { bitrateKbps: 64 } });
    studio = await Studio.make(bilingualClip(), presetOf([output]));
    tree = PublishedTree.of(studio);
  });
  afterAll(() => studio.close());

  it('reports the files with which players begin, and lists all others', () => {
    const { outputs } = studio.report;
    expect(outputs.map(({ fileName, contentType }) => [fileName, contentType])).toEqual([
      ['web/master.m3u8', 'application/vnd.apple.mpegurl'],
      ['web/manifest.mpd', 'application/dash+xml'],
    ]);
    expect(outputs[0]).toMatchObject({
      durationSeconds: expect.closeTo(9.03, 1) as number,
      video: { codec: 'h264', width: 320, height: 180, frameRate: expect.closeTo(29.97, 3) as number },
      audio: { codec: 'aac', channels: 1 },
      tree: { rungs: [{ name: '180p' }, { name: '120p', width: 214 }], sounds: [{ language: 'en' }, {}] },
    });
    expect(JSON.stringify(studio.report).length).toBeLessThan(4000);
  });

  it('lists each file with what was stored', () => {
    const { files } = fileListSchema.parse(JSON.parse(tree.text('web/files.json')));
    const stored = [...tree.types.keys()].filter(
      name => !['web/files.json', 'web/master.m3u8', 'web/manifest.mpd'].includes(name),
    );
    expect(files.map(({ fileName }) => fileName)).toEqual(stored.toSorted());
    for (const { fileName, sizeBytes, sha256, contentType } of files) {
      const body = readFileSync(join(tree.folder, fileName));
      expect([fileName, sizeBytes, sha256]).toEqual([
        fileName,
        body.length,
        createHash('sha256').update(body).digest('hex'),
      ]);
      expect(contentType).toBe(tree.types.get(fileName));
    }
    expect(tree.types.get('web/180p/segment-00001.m4s')).toBe('video/iso.segment');
    expect(tree.types.get('web/180p/init.mp4')).toBe('video/mp4');
  });

  it('has key frames every two seconds at the same frames in all sizes, and nowhere else', () => {
    const [large, small] = ['web/180p', 'web/120p'].map(folder => tree.packets(folder));
    const keys = (packets: typeof large): number[] =>
      (packets ?? []).filter(({ isKey }) => isKey).map(({ pts }) => pts);
    expect(keys(large)).toEqual(keys(small));
    expect(keys(large)).toEqual([0, 2.002, 4.004, 6.006, 8.008].map(pts => expect.closeTo(pts, 3) as number));
    expect(large).toHaveLength(270);
  });

  it('tells in the master playlist what ffprobe finds in the segments', () => {
    const variants = tree.tags('web/master.m3u8', 'EXT-X-STREAM-INF');
    expect(variants.map(({ RESOLUTION, next }) => [RESOLUTION, next])).toEqual([
      ['320x180', '180p/index.m3u8'],
      ['214x120', '120p/index.m3u8'],
    ]);
    for (const variant of variants) {
      expect(variant).toMatchObject({ 'FRAME-RATE': '29.970', 'VIDEO-RANGE': 'SDR', AUDIO: 'audio' });
      expect(variant['CODECS']).toMatch(/^avc1\.6400[0-9a-f]{2},mp4a\.40\.2$/);
      const folder = `web/${variant['next']?.split('/')[0]}`;
      const bits = (from: string): number =>
        tree.segments(from).reduce((sum, name) => sum + statSync(join(tree.folder, from, name)).size * 8, 0);
      const average = Number(variant['AVERAGE-BANDWIDTH']);
      expect(average).toBeCloseTo(bits(folder) / 9.009 + bits('web/audio-1-eng') / 9.03, -3);
      expect(Number(variant['BANDWIDTH'])).toBeGreaterThanOrEqual(average);
    }
  });

  it('offers each language once, that of the default track at first', () => {
    const sounds = tree.tags('web/master.m3u8', 'EXT-X-MEDIA');
    expect(sounds).toMatchObject([
      { NAME: 'English', LANGUAGE: 'en', DEFAULT: 'YES', AUTOSELECT: 'YES', CHANNELS: '1' },
      { NAME: 'Deutsch', LANGUAGE: 'de', DEFAULT: 'NO', AUTOSELECT: 'YES', URI: 'audio-2-ger/index.m3u8' },
    ]);
  });

  it('has playlists on demand whose times are those of the segments', () => {
    const text = tree.text('web/180p/index.m3u8');
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:VOD');
    expect(text).toContain('#EXT-X-TARGETDURATION:4\n');
    expect(text.match(/#EXTINF:[\d.]+/g)).toEqual([
      '#EXTINF:4.004000',
      '#EXTINF:4.004000',
      '#EXTINF:1.001000',
    ]);
    expect(text.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
  });

  it('points at key frames that can be shown by themselves', () => {
    const ranges = [...tree.text('web/180p/iframes.m3u8').matchAll(/BYTERANGE:(\d+)@(\d+)\n(.*)/g)];
    expect(ranges).toHaveLength(5);
    const init = readFileSync(join(tree.folder, 'web/180p/init.mp4'));
    for (const [, bytes, offset, fileName = ''] of ranges) {
      const segment = readFileSync(join(tree.folder, 'web/180p', fileName));
      const frame = segment.subarray(Number(offset), Number(offset) + Number(bytes));
      expect(frame.toString('latin1', 4, 8)).toBe('moof');
      expect(Studio.frames(Buffer.concat([init, frame]))).toBe(1);
    }
  });

  it('describes the same segments in the DASH manifest', () => {
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
    const { MPD } = parser.parse(tree.text('web/manifest.mpd')) as {
      MPD: { type: string; Period: { AdaptationSet: Record<string, unknown>[] } };
    };
    const [video, english, german] = MPD.Period.AdaptationSet;
    expect(MPD.type).toBe('static');
    expect([english?.['lang'], german?.['lang'], english?.['Label']]).toEqual(['en', 'de', 'English']);
    expect(video?.['Representation']).toMatchObject([
      {
        id: '180p',
        frameRate: '30000/1001',
        SegmentTemplate: {
          media: '$RepresentationID$/segment-$Number%05d$.m4s',
          SegmentTimeline: {
            S: [
              { t: '0', d: '120120', r: '1' },
              { t: '240240', d: '30030' },
            ],
          },
        },
      },
      { id: '120p', width: '214', height: '120' },
    ]);
  });

  it('keeps picture and sound together', () => {
    expect(tree.packets('web/180p')[0]?.pts).toBeCloseTo(0, 3);
    // The encoder's run-up lies before 0 and is not played.
    expect(tree.packets('web/audio-1-eng')[0]?.pts).toBeCloseTo(-0.0213, 3);
  });
});

describe('sizes of an adaptive output', () => {
  const portrait = (): Buffer => makeClip('p.mp4', source('180x320'));
  const square = (): Buffer => makeClip('s.mp4', source('200x200'));
  const tiny = (): Buffer => makeClip('t.mp4', source('96x54'));
  const source = (size: string): string[] => [
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10:duration=1`, ...FAST],
  ];

  it.each<[string, () => Buffer, string[]]>([
    ['a portrait by its width', portrait, ['180x320', '120x214', '96x170']],
    ['a square', square, ['200x200', '120x120', '96x96']],
    ['one turned by its phone', rotatedClip, ['180x320', '120x214', '96x170']],
    ['an anamorphic one in square pixels', anamorphicClip, ['640x180', '426x120', '342x96']],
    ['one smaller than the smallest by its own size', tiny, ['96x54']],
  ])('takes %s', async (_title, clip, expected) => {
    const studio = await Studio.make(clip(), presetOf([ladder([240, 120, 96])]));
    try {
      const tree = PublishedTree.of(studio);
      const variants = tree.tags('web/master.m3u8', 'EXT-X-STREAM-INF');
      expect(variants.map(({ RESOLUTION }) => RESOLUTION).toSorted()).toEqual(expected.toSorted());
      for (const { RESOLUTION, next = '' } of variants) {
        const { streams } = Studio.see(tree.joined(`web/${next.split('/')[0]}`));
        expect([
          [streams[0]?.['width'], streams[0]?.['height']].join('x'),
          streams[0]?.['sample_aspect_ratio'],
        ]).toEqual([RESOLUTION, '1:1']);
      }
    } finally {
      await studio.close();
    }
  });
});

describe('streams of an adaptive output', () => {
  it.each<[string, 'hevc' | 'av1', RegExp]>([
    ['HEVC under the tag that Apple takes', 'hevc', /^hvc1\.2\.4\.L\d+(\.[0-9A-F]+)*$/],
    ['AV1', 'av1', /^av01\.0\.\d\dM\.10$/],
  ])('are %s, with HDR kept', async (_title, codec, codecs) => {
    const video = { codec, bitDepth: 10, hdr: 'keep', speed: 'ultrafast' };
    const studio = await Studio.make(hdrClip(), presetOf([ladder([96], { video })]));
    try {
      const tree = PublishedTree.of(studio);
      const [variant] = tree.tags('web/master.m3u8', 'EXT-X-STREAM-INF');
      expect(variant?.['VIDEO-RANGE']).toBe('PQ');
      expect(variant?.['CODECS']).toMatch(codecs);
      const { streams } = Studio.see(tree.joined('web/36p'));
      expect(streams[0]).toMatchObject({ codec_name: codec, color_transfer: 'smpte2084' });
      expect(tree.text('web/manifest.mpd')).toContain('TransferCharacteristics" value="16"');
    } finally {
      await studio.close();
    }
  });

  it('are SDR in H.264 of an HDR source', async () => {
    const studio = await Studio.make(hdrClip(), presetOf([ladder([96])]));
    const tree = PublishedTree.of(studio);
    expect(tree.tags('web/master.m3u8', 'EXT-X-STREAM-INF')[0]?.['VIDEO-RANGE']).toBe('SDR');
    await studio.close();
  });

  it('are pictures alone where the source is silent', async () => {
    const studio = await Studio.make(silentClip(), presetOf([ladder([120], { audio: {} })]));
    const tree = PublishedTree.of(studio);
    expect(tree.text('web/master.m3u8')).not.toContain('AUDIO');
    expect(studio.report.outputs[0]).not.toHaveProperty('audio');
    await studio.close();
  });

  it('can be those of chosen languages only', async () => {
    const audio = { tracks: [{ language: 'deu' }], channels: 1 };
    const studio = await Studio.make(bilingualClip(), presetOf([ladder([96], { audio })]));
    const tree = PublishedTree.of(studio);
    expect(tree.tags('web/master.m3u8', 'EXT-X-MEDIA').map(({ NAME }) => NAME)).toEqual(['Deutsch']);
    await studio.close();
  });

  it('show the first picture from the beginning where it begins late', async () => {
    const clip = makeClip('late.mkv', [
      ...['-itsoffset', '0.5', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=2'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=2.5', ...FAST],
    ]);
    const studio = await Studio.make(clip, presetOf([ladder([96], { audio: {} })]));
    const tree = PublishedTree.of(studio);
    const times = tree.packets('web/90p').map(({ pts }) => pts);
    const [first, second] = times.toSorted((a, b) => a - b);
    expect([first, second]).toEqual([0, expect.closeTo(0.58, 2)]);
    await studio.close();
  });

  it('end in no segment that is next to nothing, which players would not load', async () => {
    const studio = await Studio.make(plainClip(), presetOf([ladder([96], { audio: {}, segmentSeconds: 2 })]));
    const tree = PublishedTree.of(studio);
    // The sound of two seconds has a packet more than two seconds have.
    const segments = tree.segments('web/audio-1');
    const times = tree.packets('web/audio-1').map(({ pts }) => pts);
    await studio.close();
    expect(segments).toEqual(['segment-00001.m4s']);
    expect(times.at(-1)).toBeGreaterThan(1.95);
    times.slice(1).forEach((pts, index) => expect(pts - (times[index] ?? 0)).toBeCloseTo(1024 / 44_100, 3));
  });

  it('need a picture', async () => {
    const studio = await Studio.try(songWithCover(), presetOf([ladder([96], { audio: {} })]));
    expect(studio.failed?.failure).toMatchObject({
      code: 'SOURCE_HAS_NO_VIDEO',
      fix: 'Use a preset that makes sound only, such as audio-m4a.',
    });
    await studio.close();
  });
});
