import type { Cue } from '../captions/cue';
import { cutCues } from '../captions/cue';
import type { CaptionTrack, TextFile } from '../captions/track';
import { shownExcerpt } from '../captions/track';
import { writeWebVtt } from '../captions/web-vtt';
import { captionVariants } from '../output-files';
import type { AdaptiveOutput } from '../preset';
import type { CaptionFacts, TreeFacts } from '../report';
import { joinLines, mediaHeader, segmentLines } from './hls-tags';
import { CAPTION_FILE, MEDIA_PLAYLIST, publishedCaptions } from './packaging';

/** Captions of one language as an adaptive output has them. */
export type CaptionRendition = NonNullable<TreeFacts['captions']>[number];

/** How many segments of the picture a segment of captions is as long as: it has some hundred bytes, and costs as much. */
const SEGMENTS_IN_ONE = 5;

/** Seconds that a segment of captions lasts. */
export function captionSegmentSeconds({ segmentSeconds }: Pick<AdaptiveOutput, 'segmentSeconds'>): number {
  return segmentSeconds * SEGMENTS_IN_ONE;
}

/** Folders of all captions of an output: `captions-de`, `captions-en.sdh`. They stay the same when others are added. */
export function captionFolders(tracks: readonly CaptionFacts[]): string[] {
  return captionVariants(tracks).map(
    variant => `captions-${variant.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-')}`,
  );
}

/** The captions that an adaptive output gets, by its own time; what has nothing to say in its excerpt is left out. */
export function captionsOf(
  output: AdaptiveOutput,
  tracks: readonly CaptionTrack[],
  durationSeconds: number | undefined,
): CaptionTrack[] {
  if (output.captions?.tracks !== true) return [];
  const excerpt = shownExcerpt(output, durationSeconds);
  return tracks
    .map(({ facts, cues }) => ({ facts, cues: cutCues(cues, excerpt) }))
    .filter(({ cues }) => cues.length > 0);
}

/**
 * All files of one rendition, in its folder: the whole of it, which is what DASH players take, and for HLS the same in
 * segments with their playlist. Names and number of the files depend on the length alone, so that a corrected
 * file replaces each.
 */
export function captionFiles(
  cues: readonly Cue[],
  { durationSeconds, segmentSeconds }: { durationSeconds: number; segmentSeconds: number },
): TextFile[] {
  const count = Math.max(1, Math.ceil(durationSeconds / segmentSeconds));
  const segments = Array.from({ length: count }, (_, index) => {
    const fromSeconds = index * segmentSeconds;
    return {
      fileName: publishedCaptions(index + 1),
      fromSeconds,
      seconds: Math.min(segmentSeconds, durationSeconds - fromSeconds),
    };
  });
  const target = Math.max(1, ...segments.map(({ seconds }) => Math.round(seconds)));
  return [
    { fileName: CAPTION_FILE, text: writeWebVtt(cues) },
    ...segments.map(({ fileName, fromSeconds, seconds }) => ({
      fileName,
      // Whole cues, again in each segment that they reach into: players know them by their times and text.
      text: writeWebVtt(shownWithin(cues, fromSeconds, seconds), TIMESTAMP_MAP),
    })),
    {
      fileName: MEDIA_PLAYLIST,
      text: joinLines([
        ...mediaHeader(target),
        ...segments.flatMap(({ fileName, seconds }) => segmentLines(seconds, fileName)),
        '#EXT-X-ENDLIST',
      ]),
    },
  ];
}

/** The segments of picture and sound begin at 0, where their edit lists say so. */
const TIMESTAMP_MAP = 'X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0';

function shownWithin(cues: readonly Cue[], fromSeconds: number, seconds: number): Cue[] {
  const [fromMs, untilMs] = [fromSeconds * 1000, (fromSeconds + seconds) * 1000];
  return cues.filter(({ startMs, endMs }) => endMs > fromMs && startMs < untilMs);
}
