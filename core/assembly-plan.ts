import type { TrackFile } from './captions/track';
import { trackOptions } from './captions/track';
import type { Chunk } from './chunk';
import { chunkOrderId, REST_ORDER_ID } from './chunked-job';
import { containerOptions } from './container-options';
import type { CutPart } from './cut-part';
import { chunkStart, excerptOnGrid, frameGrid, partFileName } from './cut-part';
import type { FfmpegPlan, Findings } from './encode-plan';
import { soundStream } from './encode-plan';
import { seekOptions } from './excerpt';
import { outputFileName } from './output-files';
import type { AdaptiveOutput, PresetOutput, VideoOutput, VideoSettings } from './preset';
import type { Probe } from './probe';
import { countsFromUsedStreams } from './seekable';
import type { SoundRendition } from './sound-rendition';
import { soundRenditions } from './sound-rendition';
import { selectTrack } from './sound-track';
import { formatMicroseconds, toMicroseconds } from './time-base';
import type { VideoRendition } from './video-rendition';

/** Name of the file that holds a sound of an output until it is put together; no output can have such a name. */
export function soundFileName(output: PresetOutput, { id }: Pick<SoundRendition, 'id'>): string {
  return `_sound-${id}.${output.kind === 'video' ? output.container : 'mp4'}`;
}

/** The sound of all outputs that are cut, once and whole: each seam would be heard. Undefined when all are silent. */
export function planSound(
  { outputs, fromSeconds, originMicroseconds }: CutPart,
  { probe, findings }: { probe: Probe; findings: Findings },
): FfmpegPlan | undefined {
  // Without the picture ffmpeg would count from the first sound.
  const moved = countsFromUsedStreams(probe);
  const shift = `asetpts=round(PTS-${formatMicroseconds(originMicroseconds)}/TB)`;
  const files = outputs.filter(isCut).flatMap(output =>
    soundRenditions(output, probe).map(rendition => ({
      fileName: soundFileName(output, rendition),
      options: [
        ...withFirstFilter(
          soundStream(output, rendition, { source: { probe, findings }, fromSeconds }),
          moved ? shift : undefined,
        ),
        ...['-map_metadata', '-1', '-map_chapters', '-1'],
        ...['-f', output.kind === 'video' ? output.container : 'mp4'],
      ],
    })),
  );
  if (files.length === 0) return undefined;
  return {
    throughout: true,
    inputOptions: [...(moved ? ['-copyts'] : []), '-vn', ...seekOptions(fromSeconds)],
    filterGraph: [],
    files,
  };
}

function withFirstFilter(options: readonly string[], filter: string | undefined): string[] {
  const at = options.indexOf('-filter:a') + 1;
  const filters = options[at];
  return filter === undefined || at === 0 || filters === undefined
    ? [...options]
    : options.with(at, `${filter},${filters}`);
}

/** A file that another order made. */
export interface Part {
  /** As the ticket knows it. */
  readonly inputId: string;
  /** Name under which it lies in the folder of the assembly. */
  readonly fileName: string;
}

export interface SoundPart extends Part {
  readonly rendition: SoundRendition;
}

/** A rendition's picture, put together by a list of its parts. */
export interface JoinedPicture {
  readonly rendition: VideoRendition;
  readonly parts: readonly (Part & { readonly chunk: Chunk })[];
  readonly listFileName: string;
  /** Text of the list, for ffmpeg's concat demuxer. */
  readonly list: string;
  /** As an input of a plan: its times are those of the output. */
  readonly inputOptions: readonly string[];
}

export function joinPicture(
  rendition: VideoRendition,
  chunks: readonly Chunk[],
  part: CutPart,
): JoinedPicture {
  const grid = frameGrid(rendition, part);
  const parts = chunks.map(chunk => {
    const fileName = partFileName(rendition);
    const orderId = chunkOrderId(chunk);
    return { chunk, inputId: `${orderId}/${fileName}`, fileName: `${orderId}${fileName}` };
  });
  const starts = chunks.map(chunk => toMicroseconds(chunkStart(chunk, grid, part), grid.unit));
  const lines = parts.flatMap(({ fileName }, index) => {
    const [start, next] = [starts[index], starts[index + 1]];
    // Without it the next part would begin where this one says it ends, and that is rounded.
    const lasts =
      start === undefined || next === undefined ? [] : [`duration ${formatMicroseconds(next - start)}`];
    return [`file '${fileName}'`, ...lasts];
  });
  const begin = toMicroseconds(excerptOnGrid(grid, part).start, grid.unit);
  return {
    rendition,
    parts,
    listFileName: `_picture-${rendition.id}.ffconcat`,
    list: ['ffconcat version 1.0', ...lines, ''].join('\n'),
    inputOptions: [
      ...['-itsoffset', formatMicroseconds((starts[0] ?? 0) - begin)],
      // The names are ours. All parts have the same header: nothing is to be converted.
      ...['-f', 'concat', '-safe', '0', '-auto_convert', '0'],
    ],
  };
}

/** The sounds of an output that the order for the rest made, in the order of `soundRenditions`. */
export function soundParts(output: PresetOutput, probe: Probe): SoundPart[] {
  return soundRenditions(output, probe).map(rendition => {
    const fileName = soundFileName(output, rendition);
    return { rendition, inputId: `${REST_ORDER_ID}/${fileName}`, fileName };
  });
}

const CHAPTERS_FILE = '_chapters.txt';

/** Reads the chapter marks of the source as an output gets them; undefined when it does not keep them. */
export function planChapters({ metadata }: VideoOutput, { fromSeconds }: CutPart): FfmpegPlan | undefined {
  if (!metadata.chapters) return undefined;
  return {
    inputOptions: seekOptions(fromSeconds),
    filterGraph: [],
    files: [
      {
        fileName: CHAPTERS_FILE,
        options: ['-map_metadata:g', '-1', '-map_chapters', '0', '-f', 'ffmetadata'],
      },
    ],
  };
}

export interface Joined {
  readonly picture: JoinedPicture;
  readonly sound: Part | undefined;
  /** Captions, in the order's folder. */
  readonly tracks: readonly TrackFile[];
  readonly probe: Probe;
}

/** Puts picture and sound of a video output together, as a whole encode would have written them. */
export function planMux(output: VideoOutput, { picture, sound, tracks, probe }: Joined): FfmpegPlan {
  const chapters = output.metadata.chapters
    ? [{ fileName: CHAPTERS_FILE, options: ['-f', 'ffmetadata'] }]
    : [];
  const first = chapters.length;
  return {
    // Times are those of the output already: none of the inputs is to be moved to its own beginning.
    inputOptions: ['-copyts'],
    madeInputs: [
      ...chapters,
      { fileName: picture.listFileName, options: picture.inputOptions },
      ...(sound === undefined ? [] : [{ fileName: sound.fileName, options: [] }]),
      ...tracks.map(({ fileName }) => ({ fileName, options: ['-f', 'webvtt'] })),
    ],
    filterGraph: [],
    files: [
      {
        fileName: outputFileName(output),
        options: [
          ...['-map', `${first}:v`, ...(sound === undefined ? [] : ['-map', `${first + 1}:a`])],
          ...copyOptions(output.video),
          ...languageOptions(output, probe),
          ...trackOptions(tracks, first + (sound === undefined ? 1 : 2)),
          ...containerOptions(output, probe.tags),
        ],
      },
    ],
  };
}

function languageOptions({ audio, metadata }: VideoOutput, probe: Probe): string[] {
  const language = audio === undefined ? undefined : selectTrack(probe, audio.track)?.language;
  return language === undefined || !metadata.language ? [] : ['-metadata:s:a:0', `language=${language}`];
}

/** Leaves an encoded picture as it is. */
export function copyOptions({ codec }: Pick<VideoSettings, 'codec'>): string[] {
  // Apple's players take this tag only.
  return ['-c', 'copy', ...(codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])];
}

/** Whether the picture of an output can be made in chunks. */
export function isCut(output: PresetOutput): output is VideoOutput | AdaptiveOutput {
  return output.kind === 'video' || output.kind === 'adaptive';
}
