import { formatFrameRate } from '../frame-rate';
import { PUBLISHED_INIT } from './packaging';
import { presentationSeconds } from './presentation';
import type { AudioTrack, Presentation, StoredSegment, Track, VideoTrack } from './track';
import { bitRate, frameRate, segmentSeconds } from './track';
import { element, textElement } from './xml';

/** Scheme of what a stream is for. */
export const ROLES = 'urn:mpeg:dash:role:2011';

/** The DASH manifest over the same segments as the HLS playlists. */
export function dashManifest(presentation: Presentation): string {
  const { videos, audios } = presentation;
  const all: readonly Track[] = [...videos, ...audios];
  const longest = Math.max(...all.flatMap(track => track.segments.map(part => segmentSeconds(track, part))));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element(
      'MPD',
      {
        xmlns: 'urn:mpeg:dash:schema:mpd:2011',
        profiles: 'urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019',
        type: 'static',
        mediaPresentationDuration: duration(presentationSeconds(presentation)),
        maxSegmentDuration: duration(longest),
        minBufferTime: duration(longest),
      },
      [
        element('Period', { id: '0', start: 'PT0S' }, [
          ...(videos.length === 0 ? [] : [videoSet(videos)]),
          ...audios.map((audio, index) => audioSet(audio, index)),
        ]),
      ],
    ),
    '',
  ].join('\n');
}

function videoSet(videos: readonly VideoTrack[]): string {
  const inits = videos.map(({ init }) => init);
  const attributes = {
    id: '0',
    contentType: 'video',
    mimeType: 'video/mp4',
    segmentAlignment: 'true',
    startWithSAP: '1',
    maxWidth: String(Math.max(...inits.map(({ width }) => width))),
    maxHeight: String(Math.max(...inits.map(({ height }) => height))),
  };
  return element('AdaptationSet', attributes, [
    ...colors(inits[0]?.videoRange ?? 'SDR'),
    ...videos.map(video =>
      representation(video, {
        width: String(video.init.width),
        height: String(video.init.height),
        sar: '1:1',
        frameRate: formatFrameRate(frameRate(video)),
      }),
    ),
  ]);
}

function audioSet(audio: AudioTrack, index: number): string {
  const { language, label, init } = audio;
  const attributes = {
    id: String(index + 1),
    contentType: 'audio',
    mimeType: 'audio/mp4',
    segmentAlignment: 'true',
    startWithSAP: '1',
    ...(language === undefined ? {} : { lang: language }),
  };
  return element('AdaptationSet', attributes, [
    textElement('Label', label),
    element('Role', { schemeIdUri: ROLES, value: index === 0 ? 'main' : 'alternate' }),
    representation(audio, { audioSamplingRate: String(init.sampleRateHz) }, [
      element('AudioChannelConfiguration', {
        schemeIdUri: 'urn:mpeg:dash:23003:3:audio_channel_configuration:2011',
        value: String(init.channels),
      }),
    ]),
  ]);
}

/** Numbers of ISO/IEC 23091-2 for BT.2020 and its two transfers. */
const CICP = { ColourPrimaries: '9', MatrixCoefficients: '9' } as const;
const TRANSFERS = { PQ: '16', HLG: '18' } as const;

/** HDR is only for players that know what to make of it. */
function colors(range: VideoTrack['init']['videoRange']): string[] {
  if (range === 'SDR') return [];
  return Object.entries({ ...CICP, TransferCharacteristics: TRANSFERS[range] }).map(([name, value]) =>
    element('EssentialProperty', { schemeIdUri: `urn:mpeg:mpegB:cicp:${name}`, value }),
  );
}

function representation(
  track: Track,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[] = [],
): string {
  return element(
    'Representation',
    { id: track.folder, codecs: track.init.codecs, bandwidth: String(bitRate(track).peakBps), ...attributes },
    [
      ...children,
      element(
        'SegmentTemplate',
        {
          timescale: String(track.init.timescale),
          initialization: `$RepresentationID$/${PUBLISHED_INIT}`,
          media: '$RepresentationID$/segment-$Number%05d$.m4s',
          startNumber: '1',
        },
        [element('SegmentTimeline', {}, timeline(track.segments))],
      ),
    ],
  );
}

/** Segments of the same length in a row are told by their number. */
function timeline(segments: readonly StoredSegment[]): string[] {
  const runs: { start: number; duration: number; count: number }[] = [];
  for (const { start, duration: ticks } of segments) {
    const run = runs.at(-1);
    if (run?.duration === ticks && run.start + run.count * ticks === start) run.count += 1;
    else runs.push({ start, duration: ticks, count: 1 });
  }
  return runs.map(({ start, duration: ticks, count }) =>
    element('S', { t: String(start), d: String(ticks), ...(count === 1 ? {} : { r: String(count - 1) }) }),
  );
}

const duration = (seconds: number): string => `PT${Number(seconds.toFixed(3))}S`;
