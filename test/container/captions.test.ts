import { execFileSync } from 'node:child_process';
import { captionedClip, captionFile } from './support/captioned';
import { makeClip, plainClip } from './support/clips';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

const GERMAN =
  '1\n00:00:01,500 --> 00:00:03,000\nZweite &amp; letzte\n\n2\n00:00:00,200 --> 00:00:01,000\n<i>Erste</i>\n';

/** Cues of a track of a stored file, as ffmpeg shows them. */
function cuesOf(made: Studio, fileName: string, track: number): string[] {
  const vtt = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', made.path(fileName), '-map', `0:s:${track}`, '-f', 'webvtt', '-'],
    { encoding: 'utf8' },
  );
  return vtt
    .split('\n\n')
    .slice(1)
    .map(cue => cue.trim())
    .filter(cue => cue !== '');
}

describe('captions', () => {
  it('from files and from inside of the source become tracks of the MP4 and WebVTT files', async () => {
    const made = await Studio.make(captionedClip(), await shippedPreset('web-captions'), [
      captionFile('clip.de.srt', Buffer.from(`\ufeff${GERMAN}`, 'utf16le'), {
        language: 'ger',
        name: 'Deutsch',
        default: true,
        hearingImpaired: true,
      }),
    ]);
    expect(made.report.source).toMatchObject({
      captions: [
        { language: 'de', name: 'Deutsch', default: true, hearingImpaired: true },
        { language: 'en' },
        { language: 'fr' },
      ],
    });
    expect(made.report.outputs.map(({ fileName, contentType }) => `${fileName} ${contentType}`)).toEqual([
      'web-captions.mp4 video/mp4',
      'captions.de.sdh.vtt text/vtt',
      'captions.en.vtt text/vtt',
      'captions.fr.vtt text/vtt',
    ]);
    expect(made.body('captions.de.sdh.vtt').toString()).toBe(
      'WEBVTT\n\n00:00:00.200 --> 00:00:01.000\n<i>Erste</i>\n\n00:00:01.500 --> 00:00:02.000\nZweite &amp; letzte\n',
    );
    expect(made.body('captions.fr.vtt').toString()).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0\nBonjour\nle monde\n',
    );
    const tracks = made
      .probe('web-captions.mp4')
      .streams.filter(({ codec_type: type }) => type === 'subtitle');
    expect(tracks).toMatchObject([
      { codec_name: 'mov_text', tags: { language: 'deu' }, disposition: { default: 1, hearing_impaired: 1 } },
      { codec_name: 'mov_text', tags: { language: 'eng' }, disposition: { default: 0 } },
      { codec_name: 'mov_text', tags: { language: 'fra' } },
    ]);
    expect(cuesOf(made, 'web-captions.mp4', 0)).toEqual([
      '00:00.200 --> 00:01.000\n<i>Erste</i>',
      '00:01.500 --> 00:02.000\nZweite & letzte',
    ]);
    expect(cuesOf(made, 'web-captions.mp4', 1)).toEqual(['00:00.500 --> 00:01.500\nHello <b>there</b>']);
    await made.close();
  });

  it('go by the time of the excerpt that they are in, and overlap in no track', async () => {
    const overlapping = '1\n00:00:00,000 --> 00:00:01,500\nA\n\n2\n00:00:01,000 --> 00:00:01,800\nB\n';
    const part = { trim: { startSeconds: 0.5, endSeconds: 1.7 } };
    const made = await Studio.make(
      plainClip(),
      presetOf([
        { kind: 'video', name: 'part', captions: {}, ...part },
        { kind: 'captions', name: 'text', ...part },
      ]),
      [captionFile('a.srt', overlapping, { language: 'en' })],
    );
    expect(cuesOf(made, 'part.mp4', 0)).toEqual([
      '00:00.000 --> 00:00.500\nA',
      '00:00.500 --> 00:01.000\nA\nB',
      '00:01.000 --> 00:01.200\nB',
    ]);
    expect(made.body('text.en.vtt').toString()).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nA\n\n00:00:00.500 --> 00:00:01.200\nB\n',
    );
    await made.close();
  });

  it('are drawn into the picture while they last, on each size and in the time of its excerpt', async () => {
    const black = makeClip('black.mp4', [
      ...['-f', 'lavfi', '-i', 'color=black:size=320x180:rate=10:duration=3'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ]);
    const text = 'WEBVTT\n\n00:01.000 --> 00:02.000\nMMMM {\\an8}\n\n00:02.000 --> 00:03.000 line:0\nMMMM\n';
    const video = { video: { size: { shortSide: 90 } }, captions: { tracks: false, burnIn: 'eng' } };
    const made = await Studio.make(
      black,
      presetOf([
        ...(await shippedPreset('web-burn-in')).outputs,
        { kind: 'video', name: 'part', ...video, trim: { startSeconds: 1 } },
      ]),
      [captionFile('a.vtt', text, { language: 'en' })],
    );
    const litAt = (fileName: string, seconds: number): string[] => {
      const size = fileName === 'part.mp4' ? 90 : 180;
      const half = (top: number): number =>
        made.brightest(fileName, { seconds, top: Math.round(size * top), height: Math.round(size / 3) });
      return [...(half(0) > 128 ? ['top'] : []), ...(half(2 / 3) > 128 ? ['bottom'] : [])];
    };
    expect([0.5, 1.5, 2.5].map(seconds => litAt('web-burn-in.mp4', seconds))).toEqual([
      [],
      ['bottom'],
      ['top'],
    ]);
    expect([0.5, 1.5].map(seconds => litAt('part.mp4', seconds))).toEqual([['bottom'], ['top']]);
    await made.close();
  });

  it('are no condition unless they are required', async () => {
    const made = await Studio.make(plainClip(), await shippedPreset('web-captions'));
    expect(made.report.outputs.map(({ fileName }) => fileName)).toEqual(['web-captions.mp4']);
    await made.close();
  });

  it.each<[string, object, string | undefined, string, RegExp]>([
    [
      'a required language is not there',
      { languages: ['de', 'fr'], required: true },
      GERMAN,
      'SOURCE_HAS_NO_CAPTIONS',
      /needs captions in "fr"; found: de/,
    ],
    ['there is nothing else to make', {}, undefined, 'SOURCE_HAS_NO_CAPTIONS', /needs captions; found: none/],
    [
      'the file is broken',
      {},
      '1\n00:00:0x --> 2\nA\n',
      'CAPTIONS_UNREADABLE',
      /^clip\.de\.srt, line 2: Expected a time/,
    ],
    [
      'the file is of another video',
      {},
      '1\n00:01:00,000 --> 00:01:01,000\nA\n',
      'CAPTIONS_BEYOND_END',
      /after the video's end, at 2\.0 s/,
    ],
  ])('end the job with a reason when %s', async (_what, output, ...[text, code, message]) => {
    const made = await Studio.try(
      plainClip(),
      presetOf([{ kind: 'captions', name: 'text', ...output }]),
      text === undefined ? [] : [captionFile('clip.de.srt', text, { language: 'de' })],
    );
    expect(made.failed?.failure).toMatchObject({ code, retryable: false, blame: 'source' });
    expect(made.failed?.failure.message).toMatch(message);
    expect(made.shop.traces).not.toMatch(/Signature|localhost|127\.0/);
    await made.close();
  });
});
