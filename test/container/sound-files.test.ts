import { execFileSync } from 'node:child_process';
import { makeClip, plainClip } from './support/clips';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

/** A quiet tone in 5.1 that the file calls German, and a stereo one in French that lasts half as long. */
function twoTracks(): Buffer {
  const tone = (hertz: number, seconds: number): string[] => [
    ...['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=48000:duration=${seconds}`],
  ];
  return makeClip('tracks.mkv', [
    ...[...tone(1000, 4), ...tone(500, 2)],
    ...[
      '-filter_complex',
      '[0]volume=-20dB,pan=5.1(side)|FL=c0|FR=c0|FC=c0|LFE=c0|SL=c0|SR=c0[a];[1]pan=stereo|c0=c0|c1=c0[b]',
    ],
    ...['-map', '[a]', '-map', '[b]', '-c:a', 'flac'],
    ...['-metadata:s:a:0', 'language=ger', '-metadata:s:a:1', 'language=fra', '-disposition:a:0', 'default'],
  ]);
}

function loudness(path: string): { lufs: number; peak: number } {
  const text = execFileSync('sh', [
    ...['-c', 'ffmpeg -hide_banner -nostats -i "$0" -vn -af ebur128=peak=true -f null - 2>&1', path],
  ]).toString();
  const summary = text.slice(text.lastIndexOf('Summary:'));
  const value = (pattern: RegExp): number => Number(pattern.exec(summary)?.[1]);
  return { lufs: value(/I:\s+(-?[\d.]+) LUFS/), peak: value(/Peak:\s+(-?[\d.]+) dBFS/) };
}

describe('sound files of every codec, from one decode', () => {
  let made: Awaited<ReturnType<typeof Studio.make>>;

  beforeAll(async () => {
    const shipped = await Promise.all(
      ['audio-m4a', 'audio-opus', 'audio-mp3', 'audio-lossless', 'podcast'].map(shippedPreset),
    );
    const sound = (name: string, container: string, audio: object): object => ({
      kind: 'audio',
      name,
      container,
      audio,
    });
    made = await Studio.make(
      twoTracks(),
      presetOf([
        ...shipped.flatMap(({ outputs }) => outputs),
        sound('surround', 'ogg', { codec: 'opus', bitrateKbps: 256, channels: 6 }),
        sound('surround', 'm4a', { channels: 6 }),
        sound('french', 'flac', { codec: 'flac', track: { language: 'fre' } }),
        sound('second', 'm4a', { track: { number: 2 }, channels: 1 }),
        sound('loud', 'wav', { codec: 'pcm', loudness: { targetLufs: -8, truePeakDbtp: -3 }, channels: 1 }),
      ]),
    );
  });
  afterAll(() => made.close());

  it.each([
    ['audio.m4a', 'aac', 2, 'audio/mp4', 4],
    ['audio.ogg', 'opus', 2, 'audio/ogg', 4],
    ['audio.mp3', 'mp3', 2, 'audio/mpeg', 4],
    ['audio.flac', 'flac', 6, 'audio/flac', 4],
    ['audio.wav', 'pcm_s24le', 6, 'audio/wav', 4],
    ['surround.ogg', 'opus', 6, 'audio/ogg', 4],
    ['surround.m4a', 'aac', 6, 'audio/mp4', 4],
    ['french.flac', 'flac', 2, 'audio/flac', 2],
    ['second.m4a', 'aac', 1, 'audio/mp4', 2],
  ])('%s is %s with %p channels', (...[fileName, codec, channels, type, seconds]) => {
    const facts = made.report.outputs.find(output => output.fileName === fileName);
    expect(facts).toMatchObject({ contentType: type, audio: { codec, channels } });
    expect(facts?.durationSeconds).toBeCloseTo(seconds, 0);
    expect(made.probe(fileName).streams).toHaveLength(1);
  });

  it('keep up to 24 bits where nothing is lost', () => {
    expect(made.probe('audio.flac').streams[0]).toMatchObject({
      bits_per_raw_sample: '24',
      sample_rate: '48000',
    });
  });

  it('come out at the loudness that was asked for, measured over the whole', () => {
    expect(loudness(made.path('podcast.mp3')).lufs).toBeCloseTo(-16, 0);
    expect(loudness(made.path('podcast.m4a')).lufs).toBeCloseTo(-16, 0);
    expect(loudness(made.path('audio.wav')).lufs).not.toBeCloseTo(-16, 0);
  });

  it('are held below the peak that was set, whatever that does to the loudness', () => {
    expect(loudness(made.path('loud.wav')).peak).toBeLessThanOrEqual(-2.8);
  });

  it('tell which tracks the source has', () => {
    expect(made.report.source.audioTracks).toMatchObject([
      { language: 'ger', channels: 6 },
      { language: 'fra', channels: 2 },
    ]);
  });
});

describe('a sound track that the source lacks', () => {
  it('is named, with those that are there', async () => {
    const made = await Studio.try(
      plainClip(),
      presetOf([{ kind: 'video', name: 'v', audio: { track: { language: 'jpn' } } }]),
    );
    expect(made.failed?.failure).toMatchObject({
      code: 'SOURCE_HAS_NO_TRACK',
      retryable: false,
      message: expect.stringContaining('found: 1 (no language)') as string,
    });
    await made.close();
  });
});
