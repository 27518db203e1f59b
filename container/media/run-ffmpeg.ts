import type { ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ffmpeg from 'fluent-ffmpeg';
import { MOST_DAMAGE } from '../../core/damage';
import type { FfmpegPlan } from '../../core/encode-plan';
import { weave } from '../../core/join/weave';
import type { CpuMeter } from './cpu-meter';
import { FfmpegMessages, logLevel } from './ffmpeg-messages';
import { MediaProcessError } from './process-error';
import type { EncodeProgress } from './progress';
import { ProgressReader } from './progress';
import { MADE_INPUT_OPTIONS, SOURCE_SAFETY_OPTIONS } from './safety-options';
import { sendSignal } from './send-signal';
import type { Limits } from './supervise';
import { supervise } from './supervise';
import type { MediaTools } from './tools';

export interface FfmpegRun {
  readonly tools: MediaTools;
  /** Address of the source at the gate. */
  readonly sourceUrl: string;
  /** The same of a further file of the source, by the input of the order that it is. */
  readonly partUrl?: (inputId: string) => string;
  /** Bytes of the source read so far: an encoder that still reads does not hang. */
  readonly sourceBytesRead: () => number;
  readonly plan: FfmpegPlan;
  /** Where the files of the plan are written. */
  readonly folder: string;
  readonly limits: Limits;
  /** Bytes that each file may have at most; undefined: no limit. */
  readonly maxFileBytes: (fileName: string) => number | undefined;
  readonly cpu: CpuMeter;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: EncodeProgress) => void;
  /** Takes each warning. */
  readonly onMessage?: (line: string) => void;
}

/** Seconds between two lines of progress. */
const PROGRESS_PERIOD_SECONDS = '0.5';

const GENERAL_OPTIONS: readonly string[] = [
  ...['-nostdin', '-hide_banner'],
  ...['-nostats', '-progress', 'pipe:2', '-stats_period', PROGRESS_PERIOD_SECONDS],
];

/** All that plans name after `-f`. */
const MUXERS = [
  'mp4',
  'mov',
  'webm',
  'ogg',
  'mp3',
  'flac',
  'wav',
  'gif',
  'webp',
  'image2',
  'webvtt',
  'ass',
  'ffmetadata',
  'dash',
  'null',
];
/** And before an input. */
const DEMUXERS = ['concat', 'ffmetadata', 'webvtt', 'png_pipe', 'jpeg_pipe', 'webp_pipe'];

type Answer = (error: null, capabilities: Readonly<Record<string, object>>) => void;

/** What fluent-ffmpeg's types leave out: where it keeps the child process, and how it puts the arguments together. */
type StartedCommand = ffmpeg.FfmpegCommand & {
  readonly ffmpegProc?: ChildProcess;
  _getArguments(): string[];
};

/**
 * Runs ffmpeg over the source.
 * @returns its messages, if the plan is one that prints, once all files of the plan are written; whether they are what they should be is for the caller to check
 * @throws MediaProcessError when ffmpeg fails, finds too much damage or the source cut off, is stopped for exceeding a limit, or the signal is given
 */
export async function runFfmpeg(run: FfmpegRun): Promise<readonly string[]> {
  const command = buildCommand(run);
  const messages = new FfmpegMessages(run.plan, run.onMessage);
  const progress = new ProgressReader();
  const startedAtMs = performance.now();
  const paths = run.plan.files.map(({ fileName }) => join(run.folder, fileName));

  await new Promise<void>((resolve, reject) => {
    let release = (): MediaEnd => ({});
    const fail = (ended: MediaEnd): void =>
      reject(
        new MediaProcessError({
          command: 'ffmpeg',
          exitCode: ended.exitCode ?? null,
          signal: ended.signal ?? null,
          ...(ended.stopReason === undefined ? {} : { stopReason: ended.stopReason }),
          ...messages.fault,
          durationMs: performance.now() - startedAtMs,
          stderrTail: messages.tail.toString(),
        }),
      );
    command
      .on('start', () => (release = watch(run, { command, paths, progress })))
      .on('stderr', (line: string) => {
        if (!progress.read(line)) messages.add(line);
        else if (line.startsWith('progress=')) run.onProgress?.(progress.now);
      })
      .on('end', () => {
        const ended = release();
        if (messages.fault === undefined) resolve();
        else fail(ended);
      })
      .on('error', (error: Error) => {
        const ended = release();
        if (ended.exitCode === undefined) messages.tail.add(error.message);
        fail(ended);
      })
      .run();
  });
  return messages.printed;
}

interface MediaEnd {
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly stopReason?: MediaProcessError['end']['stopReason'];
}

/**
 * Arguments of ffmpeg for a plan over a file that is trusted: those of `runFfmpeg`, without its limits and progress.
 * @param input the source, or what gives the path of each of its files
 * @param folder where the files of the plan are written
 */
export function planArguments(given: FfmpegPlan, input: string | SourceUrl, folder: string): string[] {
  const command = ffmpeg() as StartedCommand;
  const plan = weave(given);
  const url = typeof input === 'string' ? (): string => input : input;
  const ready =
    plan.madeInputs === undefined
      ? addPlan(command, { plan, url, folder, options: [], safety: [] })
      : addOutputs(addMadeInputs(command, { plan, folder, options: [] }), { plan, folder });
  return ready._getArguments();
}

function buildCommand(run: FfmpegRun): StartedCommand {
  const { tools, sourceUrl, partUrl = noParts, plan: planned, folder: given } = run;
  const plan = weave(planned);
  const url: SourceUrl = inputId => (inputId === undefined ? sourceUrl : partUrl(inputId));
  // Filters name files without their folder.
  const folder = resolve(given);
  const command = ffmpeg({ stdoutLines: 1, cwd: folder }).setFfmpegPath(tools.ffmpegPath) as StartedCommand;
  answerCapabilities(command);
  const damage = ['-max_error_rate', plan.throughout === true ? String(MOST_DAMAGE) : '1'];
  const options = [...GENERAL_OPTIONS, '-loglevel', logLevel(plan), ...damage];
  return plan.madeInputs === undefined
    ? addPlan(command, { plan, url, folder, options, safety: SOURCE_SAFETY_OPTIONS })
    : addOutputs(addMadeInputs(command, { plan, folder, options }), { plan, folder });
}

function noParts(inputId: string): string {
  throw new Error(`There is no address of ${inputId}`);
}

function addInput(command: StartedCommand, input: string, options: readonly string[]): void {
  command.input(input);
  // Without any, fluent-ffmpeg would pass on the word "undefined".
  if (options.length > 0) command.inputOptions(...options);
}

function addMadeInputs(
  command: StartedCommand,
  { plan, folder, options }: Pick<FfmpegRun, 'plan' | 'folder'> & { options: readonly string[] },
): StartedCommand {
  // What is shown to people goes without limits.
  const limits = options.length === 0 ? [] : MADE_INPUT_OPTIONS;
  (plan.madeInputs ?? []).forEach(({ fileName, options: own }, index) => {
    // What concerns no input stands before the first.
    const general = index === 0 ? [...options, ...plan.inputOptions] : [];
    addInput(command, join(folder, fileName), [...general, ...limits, ...own]);
  });
  return command;
}

/** Where ffmpeg reads a file of the source; the main one without an id. */
type SourceUrl = (inputId?: string) => string;

function addPlan(
  command: StartedCommand,
  given: Pick<FfmpegRun, 'plan' | 'folder'> & {
    url: SourceUrl;
    /** What stands before all inputs, and before each that comes from outside. */
    options: readonly string[];
    safety: readonly string[];
  },
): StartedCommand {
  const { plan, folder, url, options, safety } = given;
  addInput(command, url(), [...options, ...safety, ...plan.inputOptions]);
  // What is shown to people goes without limits.
  const limits = safety.length === 0 ? [] : MADE_INPUT_OPTIONS;
  for (const { fileName, options: own } of plan.moreInputs ?? [])
    addInput(command, join(folder, fileName), [...limits, ...own]);
  for (const { inputId, options: own } of plan.sourceInputs ?? [])
    addInput(command, url(inputId), [...safety, ...own]);
  return addOutputs(command, { plan, folder });
}

function addOutputs(
  command: StartedCommand,
  { plan, folder }: Pick<FfmpegRun, 'plan' | 'folder'>,
): StartedCommand {
  if (plan.filterGraph.length > 0) command.complexFilter([...plan.filterGraph]);
  for (const { fileName, options: fileOptions } of plan.files) {
    command.output(join(folder, fileName)).outputOptions(...fileOptions);
  }
  return command;
}

/**
 * fluent-ffmpeg asks ffmpeg for its formats and encoders before the first run, which takes longer than a still.
 * What is used here is in every ffmpeg, and one that lacks it says so itself.
 */
function answerCapabilities(command: ffmpeg.FfmpegCommand): void {
  const known = { description: '', canDemux: true, canMux: true };
  const formats = Object.fromEntries([...MUXERS, ...DEMUXERS].map(name => [name, known]));
  Object.assign(command, {
    availableFormats: (answer: Answer) => answer(null, formats),
    availableEncoders: (answer: Answer) => answer(null, {}),
  });
}

function watch(
  run: FfmpegRun,
  {
    command,
    paths,
    progress,
  }: { command: StartedCommand; paths: readonly string[]; progress: ProgressReader },
): () => MediaEnd {
  const child = command.ffmpegProc;
  const counted = child?.pid === undefined ? undefined : run.cpu.started(child.pid);
  const result = async (): Promise<string> =>
    [progress.mark, ...(await Promise.all(paths.map(fileMark)))].join(' ');
  const supervisor = supervise({
    limits: run.limits,
    signal: run.signal,
    kill: signal => child && sendSignal(run.tools, child, signal),
    // The index is moved to the front of a finished file without a line of progress, but not without a trace.
    activity: async () => [run.sourceBytesRead(), await result()].join(' '),
    result,
    tooLarge: () => anyTooLarge(run),
  });
  return () => {
    supervisor.release();
    counted?.ended();
    const stopReason = supervisor.stopReason();
    return {
      exitCode: child?.exitCode ?? null,
      signal: child?.signalCode ?? null,
      ...(stopReason === undefined ? {} : { stopReason }),
    };
  };
}

async function fileMark(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  return info === undefined ? '' : `${info.size}/${info.mtimeMs}`;
}

async function anyTooLarge({ plan, folder, maxFileBytes }: FfmpegRun): Promise<boolean> {
  const checks = plan.files.map(async ({ fileName, isHeld }) => {
    const maximum = isHeld === true ? undefined : maxFileBytes(fileName);
    if (maximum === undefined) return false;
    const info = await stat(join(folder, fileName)).catch(() => undefined);
    return info !== undefined && info.size > maximum;
  });
  return (await Promise.all(checks)).includes(true);
}
