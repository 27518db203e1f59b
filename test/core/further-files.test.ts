import {
  captionsBeside,
  filesBeside,
  furtherProblems,
  isFurtherFile,
  namedFiles,
} from '../../core/further-files';
import { manifestSchema } from '../../core/manifest';
import { settingsSchema } from '../../core/settings';

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

describe('an intro or outro', () => {
  it('is one file or several, named by field and place', () => {
    const manifest = manifestSchema.parse({ preset: 'web', intro: 'i.mp4', outro: ['a.mp4', '/b.mp4'] });
    expect(namedFiles(manifest, 'clips/cat.mp4').map(({ id, pointer, key }) => [id, pointer, key])).toEqual([
      ['intro/0', '/intro', 'clips/i.mp4'],
      ['outro/0', '/outro/0', 'clips/a.mp4'],
      ['outro/1', '/outro/1', 'b.mp4'],
    ]);
    const six = Array.from({ length: 6 }, () => 'i.mp4');
    expect(manifestSchema.safeParse({ preset: 'web', intro: six }).success).toBe(false);
  });

  it.each([
    ['no video at all', 5000, 'is not a video or sound file'],
    ['', 0, 'is empty'],
    ['\0\0\0\x18ftypisom', 200 * 1024 ** 3, 'over the limit of 100 GiB'],
  ])('that holds %j in %i bytes is refused', (text, sizeBytes, fix) => {
    const [file] = namedFiles(manifestSchema.parse({ preset: 'web', outro: ['o.mp4'] }), 'cat.mp4');
    if (file === undefined) throw new Error('the file is not named');
    const upload = { versionId: '1', etag: '', sizeBytes, uploadedAt: new Date(0), head: Buffer.from(text) };
    const settings = settingsSchema.parse({});
    expect(furtherProblems([{ file, upload }], { preset: undefined, settings })).toMatchObject([
      { pointer: '/outro/0', value: 'o.mp4', fix: expect.stringContaining(fix) as string },
    ]);
  });
});
