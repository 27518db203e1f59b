import { findLanguage } from '../language';
import type { Dimensions } from '../picture-size';
import type { CaptionTrack, TextFile } from './track';
import { shownExcerpt, shownSeconds } from './track';
import type { VideoRendition } from '../video-rendition';
import { renditionLayout } from '../video-rendition';
import type { PresetOutput } from '../preset';
import type { Probe } from '../probe';
import { isHdr } from '../picture-filters';
import type { Cue } from './cue';
import { cutCues, isOnTop } from './cue';
import { plainText } from './cue-text';

/** Name of the file that the captions of a rendition are drawn from. */
export function burnInFileName({ id }: Pick<VideoRendition, 'id'>): string {
  return `_burn-in-${id}.ass`;
}

/**
 * What is drawn into the pictures, each by its own size; written before ffmpeg is started.
 * @param fromSeconds second of the source that is 0 for all; absent: each output goes by its own excerpt
 */
export function burnInFiles(
  renditions: readonly VideoRendition[],
  tracks: readonly CaptionTrack[],
  { probe, fromSeconds }: { probe: Probe; fromSeconds?: number },
): TextFile[] {
  const { video } = probe;
  return renditions.flatMap(rendition => {
    const { output, wanted } = rendition;
    const track = burntInTrack(rendition, tracks);
    if (track === undefined || video === undefined) return [];
    const excerpt =
      fromSeconds === undefined ? shownExcerpt(output, shownSeconds(probe)) : { startSeconds: fromSeconds };
    const cues = cutCues(track.cues, excerpt);
    const white = wanted.hdr === 'keep' && isHdr(video) ? HDR_WHITE : WHITE;
    const text = writeSubStation(cues, { size: renditionLayout(wanted, video).final, white });
    return [{ fileName: burnInFileName(rendition), text }];
  });
}

/** Filters that draw the captions of a rendition; none when it has none. */
export function burnInFilters(rendition: VideoRendition): string[] {
  // The name has no character that means anything to ffmpeg, and is found in the folder in which it runs.
  return burnInLanguage(rendition.output) === undefined ? [] : [`ass=filename=${burnInFileName(rendition)}`];
}

/** Language of the captions that are drawn into the picture of an output; undefined for none. */
export function burnInLanguage(output: PresetOutput): string | undefined {
  return output.kind === 'video' || output.kind === 'adaptive' ? output.captions?.burnIn : undefined;
}

function burntInTrack({ output }: VideoRendition, tracks: readonly CaptionTrack[]): CaptionTrack | undefined {
  const language = burnInLanguage(output);
  if (language === undefined) return undefined;
  const found = findLanguage(
    tracks.map(({ facts }) => facts),
    language,
  );
  return tracks.find(({ facts }) => facts === found);
}

const WHITE = 'FFFFFF';
/** About 203 cd/m² in PQ and in HLG: full white would dazzle. */
const HDR_WHITE = '969696';
/** Shares of the picture's shorter side. */
const FONT_SIZE = 0.065;
const MARGIN = 0.05;

/** Writes ASS, with nothing of a user's in it but text that can be nothing else. */
export function writeSubStation(
  cues: readonly Cue[],
  { size, white }: { size: Dimensions; white: string },
): string {
  const side = Math.min(size.width, size.height);
  const fontSize = Math.max(8, Math.round(side * FONT_SIZE));
  const margin = Math.round(side * MARGIN);
  const outline = Math.max(1, fontSize / 14).toFixed(1);
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${size.width}`,
    `PlayResY: ${size.height}`,
    'WrapStyle: 0',
    'ScaledBorderAndShadow: yes',
    '',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
    `Style: Below,DejaVu Sans,${fontSize},&H00${white},&H00000000,&H80000000,0,0,1,${outline},0,2,${margin},${margin},${margin},1`,
    `Style: Above,DejaVu Sans,${fontSize},&H00${white},&H00000000,&H80000000,0,0,1,${outline},0,8,${margin},${margin},${margin},1`,
    '',
    '[Events]',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    ...cues.map(
      cue =>
        `Dialogue: 0,${clock(cue.startMs)},${clock(cue.endMs)},${isOnTop(cue) ? 'Above' : 'Below'},,0,0,0,,${assText(cue.text)}`,
    ),
    '',
  ].join('\n');
}

/** Braces begin commands and a backslash is one; look-alikes are neither. */
function assText(text: string): string {
  return text
    .split(/(<\/?[biu]>)/)
    .map(part => {
      const [, slash, tag] = /^<(\/?)([biu])>$/.exec(part) ?? [];
      if (tag !== undefined) return `{\\${tag}${slash === '/' ? 0 : 1}}`;
      return plainText(part)
        .replaceAll('\\', '∖')
        .replaceAll('{', '❴')
        .replaceAll('}', '❵')
        .replaceAll('\n', '\\N');
    })
    .join('');
}

function clock(ms: number): string {
  const centiseconds = Math.round(ms / 10);
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${Math.floor(centiseconds / 360_000)}:${pad((centiseconds / 6000) % 60)}:${pad((centiseconds / 100) % 60)}.${pad(centiseconds % 100)}`;
}
