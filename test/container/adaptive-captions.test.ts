import { checkFileList } from '../../core/file-list';
import { captionedClip, captionFile } from './support/captioned';
import { ChunkStudio } from './support/chunk-studio';
import { makeClip, plainClip } from './support/clips';
import { PublishedTree } from './support/published-tree';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const GERMAN = '1\n00:00:00,200 --> 00:00:01,000\n<i>Erste</i>\n\n2\n00:00:01,500 --> 00:00:03,000\nZweite\n';

const ladder = (fields: object = {}): object => ({
  kind: 'adaptive',
  name: 'web',
  video: { speed: 'ultrafast' },
  rungs: [{ shortSide: 96 }],
  captions: {},
  ...fields,
});

describe('captions in an adaptive output', () => {
  let studio: Studio & { readonly report: NonNullable<Studio['report']> };
  let tree: PublishedTree;
  beforeAll(async () => {
    studio = await Studio.make(captionedClip(), presetOf([ladder()]), [
      captionFile('clip.de.srt', GERMAN, { language: 'ger', name: 'Deutsch', default: true }),
    ]);
    tree = PublishedTree.of(studio);
  });
  afterAll(() => studio.close());

  it('come from files and from inside of the source, and are reported of it', () => {
    const [master] = studio.report.outputs;
    expect(studio.report.outputs.map(({ fileName }) => fileName)).toEqual([
      ...['web/master.m3u8', 'web/manifest.mpd'],
    ]);
    expect(master?.tree?.captions).toEqual([
      {
        ...{ language: 'de', name: 'Deutsch', default: true },
        ...{ folder: 'captions-de', sizeBytes: expect.any(Number) as number },
      },
      { language: 'en', folder: 'captions-en', sizeBytes: expect.any(Number) as number },
      { language: 'fr', folder: 'captions-fr', sizeBytes: expect.any(Number) as number },
    ]);
    expect(studio.report.source.captions).toHaveLength(3);
  });

  it('are text files in folders of their own, each in the list of the output', () => {
    expect(tree.filesBelow('web/captions-de')).toEqual([
      'web/captions-de/captions.vtt',
      'web/captions-de/index.m3u8',
      'web/captions-de/segment-00001.vtt',
    ]);
    expect(tree.types.get('web/captions-de/segment-00001.vtt')).toBe('text/vtt');
    expect(tree.text('web/captions-fr/captions.vtt')).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0\nBonjour\nle monde\n',
    );
    const facts = studio.report.outputs[0]?.tree;
    if (facts === undefined) throw new Error('there is no tree');
    const list = checkFileList(tree.text('web/files.json'), { outputName: 'web', tree: facts });
    const listed = list.kind === 'right' ? list.files.map(({ fileName }) => fileName) : [];
    expect(listed).toEqual(expect.arrayContaining(tree.filesBelow('web/captions-en')));
  });

  it('are named in both manifests', () => {
    expect(tree.tags('web/master.m3u8', 'EXT-X-MEDIA')).toMatchObject([
      { TYPE: 'SUBTITLES', NAME: 'Deutsch', LANGUAGE: 'de', DEFAULT: 'YES', URI: 'captions-de/index.m3u8' },
      { TYPE: 'SUBTITLES', NAME: 'English', LANGUAGE: 'en', DEFAULT: 'NO', URI: 'captions-en/index.m3u8' },
      { TYPE: 'SUBTITLES', NAME: 'français', LANGUAGE: 'fr', DEFAULT: 'NO' },
    ]);
    expect(tree.tags('web/master.m3u8', 'EXT-X-STREAM-INF')).toMatchObject([{ SUBTITLES: 'captions' }]);
    expect(tree.text('web/manifest.mpd')).toContain('<BaseURL>captions-fr/captions.vtt</BaseURL>');
  });

  it('go by the time of an excerpt, and can be drawn into all sizes as well', async () => {
    const black = makeClip('black.mp4', [
      ...['-f', 'lavfi', '-i', 'color=black:size=320x180:rate=10:duration=3'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ]);
    const fields = { captions: { burnIn: 'de' }, trim: { startSeconds: 1.2 } };
    const rungs = [{ shortSide: 180 }, { shortSide: 96 }];
    const made = await Studio.make(black, presetOf([ladder({ ...fields, rungs })]), [
      captionFile('clip.de.srt', GERMAN, { language: 'de' }),
    ]);
    const part = PublishedTree.of(made);
    expect(part.text('web/captions-de/captions.vtt')).toBe(
      'WEBVTT\n\n00:00:00.300 --> 00:00:01.800\nZweite\n',
    );
    for (const [folder, height] of [
      ['web/180p', 180],
      ['web/96p', 96],
    ] as const) {
      const lit = (seconds: number): number =>
        Studio.brightest(part.joined(folder), { seconds, top: Math.round(height / 2), height: height / 2 });
      expect([lit(0.1) < 60, lit(1) > 150]).toEqual([true, true]);
    }
    await made.close();
  });

  it('leave an output as it is where there are none', async () => {
    const made = await Studio.make(plainClip(), presetOf([ladder()]));
    const [facts] = made.report.outputs;
    expect(facts?.tree).not.toHaveProperty('captions');
    const files = PublishedTree.of(made);
    expect(files.text('web/master.m3u8')).not.toContain('SUBTITLES');
    expect(files.filesBelow('web').filter(name => name.includes('caption'))).toEqual([]);
    await made.close();
  });

  it('are made once, and whole, for a source that is cut', async () => {
    const cut = await ChunkStudio.open(captionedClip(), presetOf([ladder()]));
    try {
      const { planned, assembled } = await cut.run();
      expect(planned.chunks.length).toBeGreaterThan(1);
      expect(assembled.outputs[0]?.tree?.captions).toMatchObject([{ language: 'en' }, { language: 'fr' }]);
      const text = cut.body('web/captions-en/captions.vtt').toString();
      expect(text).toBe(tree.text('web/captions-en/captions.vtt'));
    } finally {
      await cut.close();
    }
  });
});
