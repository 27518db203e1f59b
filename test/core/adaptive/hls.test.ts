import { iFramePlaylist, masterPlaylist, mediaPlaylist } from '../../../core/adaptive/hls';
import { bitRate } from '../../../core/adaptive/track';
import type { StoredSegment, VideoTrack } from '../../../core/adaptive/track';

/** Segments of so many bytes, each of so many seconds, at 25 frames a second. */
function track(folder: string, segments: readonly (readonly [bytes: number, seconds: number])[]): VideoTrack {
  let start = 0;
  const stored = segments.map(([sizeBytes, seconds], index): StoredSegment => {
    const duration = seconds * 12_800;
    const keyRange = { offset: 24, bytes: 500 };
    const fragment = { start, duration, samples: seconds * 25, beginsWithKey: true, keyRange };
    start += duration;
    return { fileName: `s${index + 1}.m4s`, sizeBytes, ...fragment, fragments: [fragment] };
  });
  return {
    folder,
    init: {
      ...{ kind: 'video', codecs: 'avc1.640028', timescale: 12_800, mediaStart: 0 },
      ...{ width: 1280, height: 720, videoRange: 'HLG' },
    },
    segments: stored,
  };
}

describe('bit rates', () => {
  it('peak in the busiest segment, and average over all', () => {
    const measured = bitRate(
      track('a', [
        [6000, 6],
        [12_000, 6],
        [3000, 3],
      ]),
    );
    expect(measured).toEqual({ averageBps: 11_200, peakBps: 16_000 });
  });

  it('take a short last segment together with nothing', () => {
    expect(
      bitRate(
        track('a', [
          [6000, 6],
          [9000, 1],
        ]),
      ).peakBps,
    ).toBe(17_143);
  });
});

describe('HLS playlists', () => {
  const large = track('720p', [
    [3_000_000, 6],
    [3_000_000, 6],
  ]);
  const small = track('360p', [
    [750_000, 6],
    [700_000, 4],
  ]);

  it('begin with the largest size that most connections carry', () => {
    const variants = masterPlaylist({ videos: [large, small], audios: [] })
      .split('\n')
      .filter(line => line.endsWith('index.m3u8'));
    expect(variants).toEqual(['360p/index.m3u8', '720p/index.m3u8']);
  });

  it('tell the brightness that a picture is made for', () => {
    expect(masterPlaylist({ videos: [large], audios: [] })).toContain('VIDEO-RANGE=HLG');
  });

  it('announce the longest segment, rounded', () => {
    expect(mediaPlaylist(small)).toContain('#EXT-X-TARGETDURATION:6\n');
  });

  it('give each key frame its place in a segment', () => {
    expect(iFramePlaylist(small)).toContain('#EXTINF:4.000000,\n#EXT-X-BYTERANGE:500@24\ns2.m4s\n');
  });
});
