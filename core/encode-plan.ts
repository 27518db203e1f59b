import type { CaptionTrack, TrackFile } from './captions/track';
import { shownSeconds, trackFiles, trackOptions } from './captions/track';
import { segmentFiles, segmentOptions } from './adaptive/packaging';
import { planClip } from './clip-plan';
import { containerOptions } from './container-options';
import { PART_METADATA, partFileName } from './cut-part';
import { excerptOf, readFromSeconds, seekOptions } from './excerpt';
import type { Join } from './join/join';
import type { Loudness } from './loudness';
import { loudnessKey } from './loudness-plan';
import { pictureGraph } from './picture-graph';
import type { AdaptiveOutput, CaptionsOutput, ClipOutput, PresetOutput, StillOutput } from './preset';
import { outputFileName } from './preset';
import type { Probe } from './probe';
import { isMeasuredByEncoder } from './quality/encoder-score';
import { canSeek } from './seekable';
import { soundOptions } from './sound-options';
import type { SoundRendition } from './sound-rendition';
import { soundRenditions } from './sound-rendition';
import type { StillPlan } from './still-plan';
import { planStill } from './still-plan';
import { isTiled, pictureSeconds, tileBranch, tileOptions } from './tile-plan';
import type { WatermarkImages } from './watermark';
import { watermarkInputs, finishBranches } from './watermark';
import type { VideoRendition } from './video-rendition';
import { renditionBranches, renditionOptions, videoRenditions, withCrfs } from './video-rendition';

export { GOP_SECONDS } from './video-encoders';

/** One ffmpeg process over the source: what stands before and after `-i`, without any safety option. */
export interface FfmpegPlan {
  readonly inputOptions: readonly string[];
  /** Files in the order's folder that are read instead of the source. */
  readonly madeInputs?: readonly PlannedFile[];
  /** Files in the order's folder that are read beside the source: inputs from number 1 on. */
  readonly moreInputs?: readonly PlannedFile[];
  /** The files that the source consists of, where there are several: `weave` makes inputs of them. */
  readonly join?: Join | undefined;
  /** Files of the source that are read beside the main one: inputs after `moreInputs`. */
  readonly sourceInputs?: readonly SourceInput[];
  /** Chains of `-filter_complex`; empty when no picture is worked on. */
  readonly filterGraph: readonly string[];
  readonly files: readonly PlannedFile[];
  /** What it finds out stands among its messages. */
  readonly prints?: boolean;
  /** It decodes the source to its end, and damage counts; single pictures are content with what they find. */
  readonly throughout?: boolean;
}

export interface PlannedFile {
  readonly fileName: string;
  readonly options: readonly string[];
  /** It is not uploaded itself, and may have any size. */
  readonly isHeld?: boolean;
}

/** A file of the source as an input of its own. */
export interface SourceInput {
  /** Input of the order that it is; undefined: the main source once more. */
  readonly inputId: string | undefined;
  readonly options: readonly string[];
}

export interface EncodePlan {
  /** All outputs that go through the source: it is read and decoded once. Absent when there are none. */
  readonly encode: FfmpegPlan | undefined;
  /** One short process for each still. */
  readonly stills: readonly StillPlan[];
  /** And for each clip. */
  readonly clips: readonly FfmpegPlan[];
}

/** What was measured of the source before the outputs are made. */
export interface Findings {
  /** By `LoudnessPlan.key`; silence is left out. */
  readonly loudness: ReadonlyMap<string, Loudness>;
  /** Where the best frame is, when one is wanted and was found. */
  readonly bestSeconds?: number | undefined;
  /** Captions from inside of the source and from files beside it. */
  readonly captions: readonly CaptionTrack[];
  /** Images that are put on pictures. */
  readonly images: WatermarkImages;
  /** Constant rate factors by the id of the rendition, where one was chosen for this source. */
  readonly crfs?: ReadonlyMap<string, number> | undefined;
}

export const NOTHING_FOUND: Findings = { loudness: new Map(), captions: [], images: new Map() };

/**
 * How the outputs are made of a source.
 * Nothing that a user wrote reaches a filter or option but numbers and checked names.
 * @throws when an output needs a stream that the source lacks: rule that out with `missingStream` first
 */
export function planEncode(
  outputs: readonly PresetOutput[],
  probe: Probe,
  findings: Findings = NOTHING_FOUND,
): EncodePlan {
  const through = outputs.filter(
    output => output.kind !== 'still' && output.kind !== 'clip' && output.kind !== 'captions',
  );
  const { bestSeconds } = findings;
  return {
    encode: through.length === 0 ? undefined : planThrough(through, { probe, findings }),
    stills: outputs
      .filter(output => output.kind === 'still')
      .map(output => planStill(output, { probe, bestSeconds })),
    clips: outputs.filter(output => output.kind === 'clip').map(output => planClip(output, probe)),
  };
}

/**
 * Encodes pictures once more, with other factors: files of videos whole, of adaptive outputs the files of these sizes.
 * @param renditions with their new factors
 */
export function planAgain(
  renditions: readonly VideoRendition[],
  probe: Probe,
  findings: Findings,
): FfmpegPlan {
  const outputs = [...new Set(renditions.map(({ output }) => output))];
  return planThrough(outputs, { probe, findings, again: renditions });
}

/**
 * Whether a picture of an adaptive output is made in one piece before it is cut into segments: segments are stored and
 * gone as they are made, and one that misses its quality is to be made once more.
 */
export function isHeldBack({ output, wanted }: VideoRendition): boolean {
  return output.kind === 'adaptive' && wanted.quality.target !== undefined;
}

type ThroughOutput = Exclude<PresetOutput, StillOutput | ClipOutput | CaptionsOutput>;

interface Source {
  readonly probe: Probe;
  readonly findings: Findings;
  /** Pictures that are made once more; absent: all are made. */
  readonly again?: readonly VideoRendition[];
}

function planThrough(outputs: readonly ThroughOutput[], source: Source): FfmpegPlan {
  const { probe, findings, again } = source;
  const { images } = findings;
  const fromSeconds = readFromSeconds(outputs.map(excerptOf), canSeek(probe));
  const renditions = again ?? withCrfs(videoRenditions(outputs, probe), findings.crfs);
  const tiled = outputs.filter(isTiled);
  const branches = [
    ...(renditions.length === 0
      ? []
      : finishBranches(renditionBranches(renditions, required(probe.video), fromSeconds), renditions, {
          video: required(probe.video),
          images,
        })),
    ...tiled.map(output => tileBranch(output, required(probe.video), pictureSeconds(probe))),
  ];
  const tracks = planTracks(outputs, source);
  const picture = (rendition: VideoRendition): string[] => [
    ...['-map', `[v${renditions.indexOf(rendition)}]`],
    ...renditionOptions(rendition, required(probe.video)),
  ];
  const sound = (output: ThroughOutput, rendition: SoundRendition): string[] =>
    soundStream(output, rendition, { source, fromSeconds });
  const filesOf = (output: ThroughOutput): PlannedFile[] => {
    const pictures = renditions.filter(rendition => rendition.output === output);
    const sounds = soundRenditions(output, probe);
    switch (output.kind) {
      case 'thumbnails':
      case 'storyboard': {
        const { fileName, options } = tileOptions(output);
        const branch = renditions.length + tiled.indexOf(output);
        return [{ fileName, options: ['-map', `[v${branch}]`, ...options] }];
      }
      case 'video':
      case 'audio':
        return [
          {
            fileName: outputFileName(output),
            options: [
              ...pictures.flatMap(picture),
              ...sounds.flatMap(rendition => sound(output, rendition)),
              ...(tracks.get(output)?.options ?? []),
              ...containerOptions(output, probe.tags),
            ],
          },
        ];
      case 'adaptive':
        return [
          ...pictures.map(rendition =>
            isHeldBack(rendition)
              ? heldFile(rendition, picture(rendition))
              : segmentedFile(output, rendition.id, picture(rendition)),
          ),
          ...(again === undefined ? sounds : []).map(rendition =>
            segmentedFile(output, rendition.id, sound(output, rendition)),
          ),
        ];
    }
  };
  return {
    throughout: true,
    ...(renditions.some(({ wanted }) => isMeasuredByEncoder(wanted)) ? { prints: true } : {}),
    inputOptions: seekOptions(fromSeconds),
    join: probe.join,
    moreInputs: [
      ...watermarkInputs(images),
      ...[...tracks.values()].flatMap(({ files }) =>
        files.map(({ fileName }) => ({ fileName, options: ['-f', 'webvtt'] })),
      ),
    ],
    filterGraph: branches.length === 0 ? [] : pictureGraph(branches, required(probe.video)),
    files: outputs.flatMap(filesOf),
  };
}

/** A stream of its own: each has its own segments, in whatever order they become ready. */
export function segmentedFile(output: AdaptiveOutput, id: string, stream: readonly string[]): PlannedFile {
  return {
    fileName: segmentFiles(id).manifest,
    options: [...stream, ...segmentOptions(id, output.segmentSeconds)],
  };
}

/** A picture in one piece, to be cut into segments when it is good. */
function heldFile(rendition: VideoRendition, stream: readonly string[]): PlannedFile {
  return {
    fileName: partFileName(rendition),
    options: [...stream, ...PART_METADATA, '-f', 'mp4'],
    isHeld: true,
  };
}

interface PlannedTracks {
  readonly files: readonly TrackFile[];
  readonly options: readonly string[];
}

/** Captions that go into video files, each from a file of its own. */
function planTracks(
  outputs: readonly PresetOutput[],
  { probe, findings }: Source,
): Map<PresetOutput, PlannedTracks> {
  const planned = new Map<PresetOutput, PlannedTracks>();
  let firstInput = 1 + findings.images.size;
  for (const output of outputs) {
    if (output.kind !== 'video') continue;
    const files = trackFiles(output, findings.captions, shownSeconds(probe));
    planned.set(output, { files, options: trackOptions(files, firstInput) });
    firstInput += files.length;
  }
  return planned;
}

/** Mapping, filters and encoder of a sound stream of an output. */
export function soundStream(
  output: ThroughOutput,
  { wanted, track }: SoundRendition,
  { source, fromSeconds }: { source: Source; fromSeconds: number },
): string[] {
  return soundOptions(wanted, {
    track,
    excerpt: excerptOf(output),
    fromSeconds,
    // Among several tracks a player finds its own by the language.
    keepLanguage: 'metadata' in output ? output.metadata.language : true,
    loudness: source.findings.loudness.get(loudnessKey(output, { audio: wanted, track })),
  });
}

function required<Stream>(stream: Stream | undefined): Stream {
  if (stream === undefined) throw new Error('The output needs a stream that the source does not have');
  return stream;
}
