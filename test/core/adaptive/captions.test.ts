import type { CaptionRendition } from '../../../core/adaptive/caption-files';
import { captionFiles, captionFolders, captionsOf } from '../../../core/adaptive/caption-files';
import { captionLabels } from '../../../core/adaptive/caption-labels';
import { withTextSets } from '../../../core/adaptive/dash-captions';
import { withSubtitles } from '../../../core/adaptive/hls-captions';
import { parseCaptions } from '../../../core/captions/parse-captions';
import type { AdaptiveOutput } from '../../../core/preset';
import { presetSchema } from '../../../core/preset';

const cues = parseCaptions(
  Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n00:09.000 --> 00:11.500 line:0\nTwo\n'),
);

const german: CaptionRendition = { language: 'de', default: true, folder: 'captions-de', sizeBytes: 250 };
const signs: CaptionRendition = {
  ...{ language: 'en', name: 'Signs & "more"', forced: true },
  ...{ folder: 'captions-en.forced', sizeBytes: 100 },
};
const deaf: CaptionRendition = {
  ...{ language: 'en', hearingImpaired: true, folder: 'captions-en.sdh', sizeBytes: 100 },
};
const unknown: CaptionRendition = { language: 'und', folder: 'captions-und', sizeBytes: 1 };

describe('files of captions in an adaptive output', () => {
  const files = new Map(
    captionFiles(cues, { durationSeconds: 23.5, segmentSeconds: 10 }).map(({ fileName, text }) => [
      fileName,
      text,
    ]),
  );

  it('are all of them in one, and the same in segments with a playlist', () => {
    expect([...files.keys()]).toEqual([
      ...['captions.vtt', 'segment-00001.vtt', 'segment-00002.vtt', 'segment-00003.vtt', 'index.m3u8'],
    ]);
    expect(files.get('index.m3u8')).toBe(
      [
        ...['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-INDEPENDENT-SEGMENTS'],
        ...['#EXT-X-TARGETDURATION:10', '#EXT-X-MEDIA-SEQUENCE:0'],
        ...['#EXTINF:10.000000,', 'segment-00001.vtt', '#EXTINF:10.000000,', 'segment-00002.vtt'],
        ...['#EXTINF:3.500000,', 'segment-00003.vtt', '#EXT-X-ENDLIST', ''],
      ].join('\n'),
    );
  });

  it('have a cue in each segment that it reaches into, unchanged, by the time of the whole', () => {
    const header = 'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n';
    const two = '\n00:00:09.000 --> 00:00:11.500 line:0\nTwo\n';
    expect(files.get('segment-00001.vtt')).toBe(`${header}\n00:00:01.000 --> 00:00:02.000\nOne\n${two}`);
    expect(files.get('segment-00002.vtt')).toBe(`${header}${two}`);
    expect(files.get('segment-00003.vtt')).toBe(header);
    expect(files.get('captions.vtt')).toBe(`WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne\n${two}`);
  });

  it('lie in folders that tell language and purpose', () => {
    const tracks = [{ language: 'pt-BR' }, german, signs, deaf, { language: 'de' }];
    expect(captionFolders(tracks)).toEqual([
      ...['captions-pt-br', 'captions-de', 'captions-en.forced', 'captions-en.sdh', 'captions-de-2'],
    ]);
  });
});

describe('captions of an adaptive output', () => {
  const adaptive = (fields: object): AdaptiveOutput =>
    presetSchema.parse({ outputs: [{ kind: 'adaptive', name: 'web', ...fields }] })
      .outputs[0] as AdaptiveOutput;
  const tracks = [{ facts: { language: 'de' }, cues }];
  const told = (fields: object): number[][] =>
    captionsOf(adaptive(fields), tracks, 60).map(track => track.cues.map(({ startMs }) => startMs));

  it.each<[string, object, number[][]]>([
    ['are none unless the preset says so', {}, []],
    ['are all', { captions: {} }, [[1000, 9000]]],
    ['can be drawn into the picture alone', { captions: { tracks: false, burnIn: 'de' } }, []],
    ['go by the time of an excerpt', { captions: {}, trim: { startSeconds: 5 } }, [[4000]]],
    ['that say nothing in an excerpt are left out', { captions: {}, trim: { startSeconds: 20 } }, []],
  ])('%s', (_what, fields, expected) => {
    expect(told(fields)).toEqual(expected);
  });
});

describe('names of captions', () => {
  it('tell language and purpose, each once', () => {
    expect(captionLabels([german, signs, deaf, unknown, { language: 'de' }, unknown])).toEqual([
      ...['Deutsch', 'Signs & "more"', 'English (SDH)', 'Captions', 'Deutsch 2', 'Captions 2'],
    ]);
  });
});

const MASTER = [
  ...['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'],
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",DEFAULT=YES,URI="audio-1/index.m3u8"',
  ...['#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="audio"', '720p/index.m3u8'],
  ...['#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="audio"', '360p/index.m3u8'],
  '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="720p/iframes.m3u8"',
  '',
].join('\n');

describe('a master playlist', () => {
  it('offers captions in a group that all variants have', () => {
    expect(withSubtitles(MASTER, [german, signs, deaf, unknown]).split('\n').slice(4, -2)).toEqual([
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Deutsch",LANGUAGE="de",DEFAULT=YES,AUTOSELECT=YES,URI="captions-de/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Signs & more",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="captions-en.forced/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English (SDH)",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound",URI="captions-en.sdh/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Captions",DEFAULT=NO,AUTOSELECT=YES,URI="captions-und/index.m3u8"',
      ...['#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="audio",SUBTITLES="captions"', '720p/index.m3u8'],
      ...['#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="audio",SUBTITLES="captions"', '360p/index.m3u8'],
    ]);
  });

  it('is the same as before without captions, and whatever captions it had before', () => {
    expect(withSubtitles(MASTER, [])).toBe(MASTER);
    const before = withSubtitles(MASTER, [german]);
    expect(withSubtitles(before, [])).toBe(MASTER);
    expect(withSubtitles(before, [german, deaf])).toBe(withSubtitles(MASTER, [german, deaf]));
  });
});

const MPD = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<MPD type="static">',
  '  <Period id="0" start="PT0S">',
  '    <AdaptationSet id="0" contentType="video">',
  '      <Representation id="720p"/>',
  '    </AdaptationSet>',
  '  </Period>',
  '</MPD>',
  '',
].join('\n');

describe('a DASH manifest', () => {
  it('has an adaptation set for each language, of one file', () => {
    expect(withTextSets(MPD, [german, signs, deaf], 10)).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<MPD type="static">
  <Period id="0" start="PT0S">
    <AdaptationSet id="0" contentType="video">
      <Representation id="720p"/>
    </AdaptationSet>
    <AdaptationSet id="1" contentType="text" mimeType="text/vtt" lang="de">
      <Label>Deutsch</Label>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>
      <Representation id="captions-de" bandwidth="200">
        <BaseURL>captions-de/captions.vtt</BaseURL>
      </Representation>
    </AdaptationSet>
    <AdaptationSet id="2" contentType="text" mimeType="text/vtt" lang="en">
      <Label>Signs &#38; &#34;more&#34;</Label>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="forced-subtitle"/>
      <Representation id="captions-en.forced" bandwidth="80">
        <BaseURL>captions-en.forced/captions.vtt</BaseURL>
      </Representation>
    </AdaptationSet>
    <AdaptationSet id="3" contentType="text" mimeType="text/vtt" lang="en">
      <Label>English (SDH)</Label>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="caption"/>
      <Representation id="captions-en.sdh" bandwidth="80">
        <BaseURL>captions-en.sdh/captions.vtt</BaseURL>
      </Representation>
    </AdaptationSet>
  </Period>
</MPD>
`,
    );
  });

  it('is the same as before without captions, and whatever captions it had before', () => {
    expect(withTextSets(MPD, [], 10)).toBe(MPD);
    const before = withTextSets(MPD, [german, signs], 10);
    expect(withTextSets(before, [], 10)).toBe(MPD);
    expect(withTextSets(before, [german, deaf], 10)).toBe(withTextSets(MPD, [german, deaf], 10));
  });
});
