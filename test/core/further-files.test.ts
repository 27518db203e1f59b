import { captionsBeside, filesBeside, isFurtherFile, namedFiles } from '../../core/further-files';
import { manifestSchema } from '../../core/manifest';

describe('files beside a video', () => {
  it('are looked for in its folder, or after a slash from the top of the bucket', () => {
    const manifest = manifestSchema.parse({
      preset: 'web',
      captions: [{ file: 'cat.de.srt', language: 'de' }],
      watermark: '/brand/logo.png',
    });
    expect(namedFiles(manifest, 'clips/cat.mp4').map(({ pointer, key }) => [pointer, key])).toEqual([
      ['/captions/0/file', 'clips/cat.de.srt'],
      ['/watermark', 'brand/logo.png'],
    ]);
    expect(namedFiles(manifest, 'cat.mp4')[0]?.key).toBe('cat.de.srt');
  });

  it.each(['../x.srt', 'a/../x.srt', '', 'a/', 'a\nb.srt'])('cannot be named %j', file => {
    const captions = [{ file, language: 'de' }];
    expect(manifestSchema.safeParse({ preset: 'web', captions }).success).toBe(false);
  });

  it.each([
    ['clips/cat.mp4.de.srt', 'clips/cat.mp4', { language: 'de', forced: false, hearingImpaired: false }],
    ['cat.mp4.eng.VTT', 'cat.mp4', { language: 'en' }],
    ['cat.mp4.pt-br.forced.ass', 'cat.mp4', { language: 'pt-BR', forced: true }],
    ['cat.mp4.en.sdh.srt', 'cat.mp4', { language: 'en', hearingImpaired: true }],
  ])('%s has captions of %s by its name', (key, videoKey, label) => {
    expect(captionsBeside(key)).toMatchObject({ videoKey, label });
  });

  it.each(['cat.srt', 'clips/de.srt', 'cat.mp4.de.txt', 'cat.mp4.german.srt'])('%s is of no video', key => {
    expect(captionsBeside(key)).toBeUndefined();
  });

  it('are taken once, where a manifest names them as well', () => {
    const videoKey = 'cat.mp4';
    const captions = [{ file: 'cat.mp4.de.srt', language: 'de-AT' }];
    const named = namedFiles(manifestSchema.parse({ preset: 'web', captions }), videoKey);
    const keys = ['cat.mp4.de.srt', 'cat.mp4.en.srt', 'cat.mp4.json', 'cat.mp4.mp4.en.srt'];
    expect(filesBeside(keys, { videoKey, named }).map(({ id }) => id)).toEqual(['beside/en.srt']);
  });

  it('are no videos by their extensions', () => {
    expect(['a.srt', 'a.PNG', 'a.mp4', 'a.mp4.json'].map(isFurtherFile)).toEqual([true, true, false, false]);
  });
});
