import { clipExcerpt } from './clip-plan';
import { excerptOf, excerptSeconds } from './excerpt';
import type { PresetOutput } from './preset';
import type { SourceFacts } from './report';
import { partsSeconds } from './join/parts-of-facts';
import { selectTrack } from './sound-track';

/**
 * Seconds that an output of the source should last: as long as the streams that go into it,
 * which may be less than the whole file lasts, and no longer than the part that is wanted.
 * Undefined for pictures and animations, and for a sound track of which the file does not tell the length.
 */
export function expectedDurationSeconds(source: SourceFacts, output: PresetOutput): number | undefined {
  if (output.kind === 'clip') {
    // Frames that do not change are merged into one, and the last one's length is lost.
    if (output.format !== 'mp4') return undefined;
    const seconds = source.video?.durationSeconds ?? source.durationSeconds;
    return excerptSeconds(clipExcerpt(output, seconds), seconds);
  }
  const whole = wholeSeconds(source, output);
  if (whole === undefined) return undefined;
  const around = partsSeconds(source);
  return around + excerptSeconds(excerptOf(output), whole - around);
}

function wholeSeconds(source: SourceFacts, output: PresetOutput): number | undefined {
  const video = source.video?.durationSeconds ?? source.durationSeconds;
  switch (output.kind) {
    case 'still':
    case 'thumbnails':
    case 'storyboard':
    case 'clip':
    case 'captions':
      return undefined;
    case 'audio':
      return soundSeconds(source, output.audio.track);
    case 'adaptive': {
      const tracks = output.audio?.tracks;
      if (tracks === undefined || source.audio === undefined) return video;
      const sounds =
        tracks === 'all'
          ? (source.audioTracks ?? [source.audio]).map(({ durationSeconds }) => durationSeconds)
          : tracks.map(track => soundSeconds(source, track));
      return Math.max(video, ...sounds.filter(seconds => seconds !== undefined));
    }
    case 'video': {
      if (output.audio === undefined || source.audio === undefined) return video;
      const audio = soundSeconds(source, output.audio.track);
      return audio === undefined ? undefined : Math.max(video, audio);
    }
  }
}

function soundSeconds(source: SourceFacts, wanted: Parameters<typeof selectTrack>[1]): number | undefined {
  if (wanted === undefined) return source.audio?.durationSeconds ?? source.durationSeconds;
  // Of a single track no list is kept.
  if (source.audioTracks === undefined) return source.audio?.durationSeconds;
  return selectTrack({ audioTracks: source.audioTracks }, wanted)?.durationSeconds;
}
