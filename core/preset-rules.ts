import type {
  AdaptiveOutput,
  AudioOutput,
  AudioSettings,
  ClipOutput,
  PresetOutput,
  StillOutput,
  Trim,
  VideoOutput,
  VideoSettings,
} from './preset';

import { targetProblems } from './quality/target';

/** Fields of an output that do not go together. */
export interface OutputProblem {
  /** Within the output. */
  readonly path: readonly string[];
  /** What is wrong and which values are allowed. */
  readonly message: string;
}

type VideoCodec = VideoSettings['codec'];
type AudioCodec = AudioSettings['codec'];

const VIDEO_CODECS: Readonly<Record<VideoOutput['container'], readonly VideoCodec[]>> = {
  mp4: ['h264', 'hevc', 'av1'],
  webm: ['vp9', 'av1'],
  mov: ['prores', 'dnxhr', 'h264', 'hevc'],
};

const AUDIO_CODECS: Readonly<Record<(VideoOutput | AudioOutput)['container'], readonly AudioCodec[]>> = {
  mp4: ['aac', 'opus', 'mp3'],
  webm: ['opus'],
  mov: ['pcm', 'aac'],
  m4a: ['aac'],
  ogg: ['opus'],
  mp3: ['mp3'],
  flac: ['flac'],
  wav: ['pcm'],
};

const TEN_BIT_CODECS: readonly VideoCodec[] = ['hevc', 'av1', 'vp9'];
const MEZZANINE_CODECS: readonly VideoCodec[] = ['prores', 'dnxhr'];

/** Everything in an output that no single field can tell to be wrong. */
export function outputProblems(output: PresetOutput): OutputProblem[] {
  switch (output.kind) {
    case 'video':
      return [
        ...videoProblems(output),
        ...(output.audio === undefined ? [] : audioProblems(output.container, output.audio)),
        ...captionsProblems(output),
        ...trimProblems(output),
      ];
    case 'captions':
      return trimProblems({ ...output, metadata: { chapters: false } });
    case 'adaptive':
      return [
        ...depthProblems(output.video),
        ...rungProblems(output),
        ...rungQualityProblems(output),
        ...trimProblems(output),
      ];
    case 'audio':
      return [...audioProblems(output.container, output.audio), ...trimProblems(output)];
    case 'still':
      return stillProblems(output);
    case 'clip':
      return clipProblems(output);
    case 'thumbnails':
    case 'storyboard':
      return [];
  }
}

function videoProblems({ container, video }: VideoOutput): OutputProblem[] {
  const problems = [
    ...oneOf(['video', 'codec'], video.codec, {
      allowed: VIDEO_CODECS[container],
      where: `A ${container} file`,
    }),
  ];
  if (video.profile === 'high' && !MEZZANINE_CODECS.includes(video.codec))
    problems.push({
      path: ['video', 'profile'],
      message: `Only ${MEZZANINE_CODECS.join(' and ')} have this. Remove it or use standard.`,
    });
  return [...problems, ...depthProblems(video), ...qualityProblems(video)];
}

function qualityProblems({ codec, quality: { target } }: VideoSettings): OutputProblem[] {
  if (target === undefined) return [];
  const path = ['video', 'quality', 'target'];
  return MEZZANINE_CODECS.includes(codec)
    ? [{ path, message: `${codec} has no crf to be chosen. Remove this.` }]
    : targetProblems(target).map(problem => ({ ...problem, path: [...path, ...problem.path] }));
}

function depthProblems(video: Pick<VideoSettings, 'codec' | 'bitDepth' | 'hdr'>): OutputProblem[] {
  const problems: OutputProblem[] = [];
  if (video.bitDepth === 10 && !TEN_BIT_CODECS.includes(video.codec))
    problems.push({
      path: ['video', 'bitDepth'],
      message: `Only with codec ${TEN_BIT_CODECS.join(', ')}. Remove it, or change video.codec.`,
    });
  if (video.hdr === 'keep' && (video.bitDepth !== 10 || !TEN_BIT_CODECS.includes(video.codec)))
    problems.push({
      path: ['video', 'hdr'],
      message: `keep needs bitDepth 10 and codec ${TEN_BIT_CODECS.join(', ')}. Set these, or use toSdr.`,
    });
  return problems;
}

function captionsProblems({ container, captions }: VideoOutput): OutputProblem[] {
  if (captions?.tracks !== true || container !== 'webm') return [];
  return [
    {
      path: ['captions', 'tracks'],
      message:
        'A webm file takes no tracks of captions. Set this to false, and add an output of kind captions.',
    },
  ];
}

function rungQualityProblems({ rungs = [] }: AdaptiveOutput): OutputProblem[] {
  return rungs.flatMap(({ quality: { target } }, index) =>
    target === undefined
      ? []
      : targetProblems(target).map(({ path, message }) => ({
          path: ['rungs', String(index), 'quality', 'target', ...path],
          message,
        })),
  );
}

function rungProblems({ rungs = [] }: AdaptiveOutput): OutputProblem[] {
  const sides = rungs.map(({ shortSide }) => shortSide);
  const again = sides.findIndex((side, index) => sides.indexOf(side) < index);
  if (again < 0) return [];
  return [
    {
      path: ['rungs', String(again), 'shortSide'],
      message: 'This size is there already. Give each rung its own.',
    },
  ];
}

function audioProblems(
  container: (VideoOutput | AudioOutput)['container'],
  audio: AudioSettings,
): OutputProblem[] {
  const problems = oneOf(['audio', 'codec'], audio.codec, {
    allowed: AUDIO_CODECS[container],
    where: `A ${container} file`,
  });
  if (audio.codec === 'mp3' && audio.channels > 2)
    problems.push({ path: ['audio', 'channels'], message: 'mp3 has at most 2 channels. Use one of: 1, 2.' });
  if (audio.codec === 'mp3' && audio.bitrateKbps > 320)
    problems.push({
      path: ['audio', 'bitrateKbps'],
      message: 'mp3 has at most 320 kbit/s. Use at most 320.',
    });
  return problems;
}

function trimProblems({
  trim,
  metadata,
}: {
  trim?: Trim | undefined;
  metadata?: { chapters: boolean };
}): OutputProblem[] {
  if (trim === undefined) return [];
  const problems: OutputProblem[] = [];
  if (trim.endSeconds !== undefined && trim.endSeconds <= trim.startSeconds)
    problems.push({
      path: ['trim', 'endSeconds'],
      message: `It ends before it begins. Use more than trim.startSeconds, ${trim.startSeconds}.`,
    });
  if (metadata?.chapters === true)
    problems.push({
      path: ['metadata', 'chapters'],
      message: 'Chapter marks would be wrong in a part of the source. Remove this or trim.',
    });
  return problems;
}

function stillProblems({ best, atSeconds }: StillOutput): OutputProblem[] {
  if (!best || atSeconds === undefined) return [];
  return [{ path: ['best'], message: 'The best frame is no chosen moment. Remove this or atSeconds.' }];
}

/** All frames of a GIF are held in memory until its palette is known. */
const LARGEST_ANIMATION_SIDE = 720;

function clipProblems({ format, size }: ClipOutput): OutputProblem[] {
  if (format === 'mp4') return [];
  const [field, side] =
    'shortSide' in size
      ? ['shortSide', size.shortSide]
      : ['boxHeight', Math.min(size.boxWidth, size.boxHeight)];
  if (side <= LARGEST_ANIMATION_SIDE) return [];
  return [
    {
      path: ['size', field],
      message: `Use at most ${LARGEST_ANIMATION_SIDE} with ${format}, or format mp4.`,
    },
  ];
}

function oneOf(
  path: readonly string[],
  value: string,
  { allowed, where }: { allowed: readonly string[]; where: string },
): OutputProblem[] {
  if (allowed.includes(value)) return [];
  return [{ path, message: `${where} does not take ${value}. Use one of: ${allowed.join(', ')}.` }];
}
