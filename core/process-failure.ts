import { cutOffWithin, DAMAGED_SOURCE, RE_EXPORT, sourceFailure } from './source-failure';
import { tooLargePicture } from './source-limits';
import type { Failure } from './report';

/** Why a process of ours was stopped before it ended by itself. */
export type StopReason = 'wallClock' | 'stall' | 'outputTooLarge' | 'cancelled';

/** How a run of ffmpeg or ffprobe ended that did not end well. */
export interface ProcessEnd {
  readonly command: 'ffmpeg' | 'ffprobe';
  /** Both null: it was never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Set when we stopped it. */
  readonly stopReason?: StopReason;
  /** It ended by itself and said that the source ends within a frame. */
  readonly sourceIsCutOff?: boolean;
  /** It ended by itself and could not decode more of the source than is allowed. */
  readonly sourceIsDamaged?: boolean;
  readonly durationMs: number;
  /** Last lines, redacted. */
  readonly stderrTail: string;
}

type Verdict = Omit<Failure, 'process'>;

interface KnownMessage {
  readonly pattern: RegExp;
  readonly verdict: Verdict;
}

/** What ffmpeg ends with when more of the packets could not be decoded than are allowed. */
const TOO_MUCH_DAMAGE = 69;

/** What the tools say of a picture of which the memory alone would be too much. */
export const TOO_LARGE_PICTURE = /exceeds specified max pixel count|Picture size \d+x\d+ is invalid/;

/** What the tools say when the cause is known, the most telling first. */
const KNOWN_MESSAGES: readonly KnownMessage[] = [
  {
    pattern: /No space left on device/,
    verdict: {
      code: 'DISK_FULL',
      message: 'The disk of the task was full before the outputs were finished.',
      fix: 'Raise task.ephemeralStorageGiB in the preset, or set video.quality.maxBitrateKbps.',
      retryable: false,
      blame: 'limit',
    },
  },
  {
    pattern: /No such filter: 'libvmaf/,
    verdict: {
      code: 'VMAF_NOT_AVAILABLE',
      message: 'The preset asks for a score in vmaf, which the installed ffmpeg can not measure.',
      fix: 'Use metric ssim or psnr in quality.target, or an ffmpeg that was built with libvmaf.',
      retryable: false,
      blame: 'preset',
    },
  },
  {
    pattern: /No such filter|Unknown encoder|Encoder not found|Unrecognized option|Option not found/,
    verdict: {
      code: 'FFMPEG_INCOMPLETE',
      message: 'The installed ffmpeg lacks a part that is needed.',
      fix: 'Install the ffmpeg of Debian or Ubuntu, version 5.1 or newer, or rebuild the worker image.',
      retryable: false,
      blame: 'service',
    },
  },
  {
    pattern: TOO_LARGE_PICTURE,
    verdict: tooLargePicture('more pixels than are accepted (8192x4320)'),
  },
  {
    // From version 7.1 on ffmpeg passes over a playlist that is not named like one, and then finds no format.
    pattern: /not on whitelist|Not detecting m3u8/i,
    verdict: sourceFailure('SOURCE_FORMAT_NOT_ACCEPTED', {
      message: 'The file is a playlist, a script or another format that is not accepted.',
      fix: RE_EXPORT,
    }),
  },
  {
    pattern:
      /Invalid data found when processing input|moov atom not found|could not find codec parameters|Unknown format|End of file/i,
    verdict: sourceFailure('SOURCE_UNREADABLE', {
      message: 'The file is damaged or incomplete, or no media file.',
      fix: `Check that it plays from beginning to end. ${RE_EXPORT}`,
    }),
  },
  {
    pattern: /Cannot allocate memory/,
    verdict: {
      code: 'OUT_OF_MEMORY',
      message: 'The memory was not enough for this source.',
      fix: 'Raise task.memoryGiB in the preset.',
      retryable: false,
      blame: 'limit',
    },
  },
];

/** What the end of a process means for its order. */
export function classifyProcess(end: ProcessEnd): Failure {
  return { ...verdict(end), process: processFacts(end) };
}

function verdict(end: ProcessEnd): Verdict {
  if (end.stopReason !== undefined)
    return end.command === 'ffprobe' && end.stopReason === 'outputTooLarge'
      ? NOT_BELIEVABLE
      : STOPPED[end.stopReason];
  if (end.sourceIsCutOff === true) return cutOffWithin('frame');
  if (end.exitCode === null && end.signal === null) {
    return {
      code: 'PROCESS_NOT_STARTED',
      message: `${end.command} could not be started.`,
      fix: 'It is tried again by itself. Outside of the worker image, install ffmpeg.',
      retryable: true,
      blame: 'service',
    };
  }
  // Of a whole film no block of memory is as large as what a damaged file claims for one of its parts.
  if (end.command === 'ffprobe' && /Cannot allocate memory/.test(end.stderrTail)) return NOT_BELIEVABLE;
  if (end.exitCode === TOO_MUCH_DAMAGE || end.sourceIsDamaged === true) return DAMAGED_SOURCE;
  const known = KNOWN_MESSAGES.find(({ pattern }) => pattern.test(end.stderrTail));
  if (known !== undefined) return known.verdict;
  if (end.signal === 'SIGKILL' || end.exitCode === 137) {
    return {
      code: 'PROCESS_KILLED',
      message: `${end.command} was killed, most likely because the task ran out of memory.`,
      fix: 'If it happens again, raise task.memoryGiB in the preset.',
      retryable: true,
      blame: 'service',
    };
  }
  if (end.command === 'ffprobe') {
    return sourceFailure('SOURCE_UNREADABLE', {
      message: 'ffprobe could not read the file.',
      fix: `Check that it plays from beginning to end. ${RE_EXPORT}`,
    });
  }
  return {
    code: end.signal === null ? 'ENCODE_FAILED' : 'ENCODER_CRASHED',
    message: `${end.command} ended with ${end.signal ?? `exit code ${end.exitCode}`}.`,
    fix: 'See process.stderrTail in the record of the job; if the source plays well elsewhere, report it as a bug.',
    // A crash may be the machine's fault, an exit code is ffmpeg's own judgement of this input.
    retryable: end.signal !== null,
    blame: end.signal === null ? 'source' : 'service',
  };
}

const NOT_BELIEVABLE = sourceFailure('SOURCE_UNREADABLE', {
  message: 'The file claims sizes that no media file has: it is damaged.',
  fix: `Check that it plays from beginning to end. ${RE_EXPORT}`,
});

const STOPPED: Readonly<Record<StopReason, Verdict>> = {
  wallClock: {
    code: 'TIME_LIMIT',
    message: 'The time limit of the order was reached before it was finished.',
    fix: 'Use a larger task (task.vcpu) or a faster video.speed in the preset, or raise taskExpiryMinutes.',
    retryable: false,
    blame: 'limit',
  },
  stall: {
    code: 'ENCODE_STALLED',
    message: 'The encoder made no progress for too long and was stopped.',
    fix: 'It is tried again. If it stalls each time, the source is damaged: export it again.',
    retryable: true,
    blame: 'service',
  },
  outputTooLarge: {
    code: 'OUTPUT_TOO_LARGE',
    message: 'An output grew larger than can be uploaded.',
    fix: 'Set video.quality.maxBitrateKbps in the preset.',
    retryable: false,
    blame: 'limit',
  },
  cancelled: {
    code: 'CANCELLED',
    message: 'The worker was told to stop.',
    fix: 'Nothing: the order is given to another worker.',
    retryable: true,
    blame: 'service',
  },
};

function processFacts(end: ProcessEnd): NonNullable<Failure['process']> {
  return {
    command: end.command,
    exitCode: end.exitCode,
    signal: end.signal,
    timedOut: end.stopReason === 'wallClock' || end.stopReason === 'stall',
    durationMs: Math.round(end.durationMs),
    stderrTail: end.stderrTail,
  };
}
