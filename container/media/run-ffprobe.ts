import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { CpuMeter } from './cpu-meter';
import { MediaProcessError } from './process-error';
import { sendSignal } from './send-signal';
import type { Limits } from './supervise';
import { supervise } from './supervise';
import { TextTail } from './text-tail';
import type { MediaTools } from './tools';

export interface FfprobeRun {
  readonly tools: MediaTools;
  /** Safety options of the input, then what is asked, without the input itself. */
  readonly options: readonly string[];
  /** Address at the gate or path of a file made here. */
  readonly input: string;
  readonly sourceBytesRead: () => number;
  readonly limits: Limits;
  readonly cpu: CpuMeter;
  readonly signal: AbortSignal;
}

/** A well-formed answer is some kilobytes; more is a file that wants to fill the memory. */
const MAX_OUTPUT_CHARACTERS = 8 * 1024 ** 2;

/**
 * Runs ffprobe and returns what it printed. Not through fluent-ffmpeg, which can neither stop it nor bound it
 * and reads a format that a line break in the metadata of a file breaks.
 * @throws MediaProcessError when ffprobe fails, exceeds a limit, or the signal is given
 */
export async function runFfprobe(run: FfprobeRun): Promise<string> {
  return (await askFfprobe(run)).output;
}

export interface FfprobeAnswer {
  readonly output: string;
  /** Last lines of what it said beside, redacted. */
  readonly messages: string;
}

/**
 * The same with what it said beside, which may tell why something is missing in its answer.
 * @throws as `runFfprobe`
 */
export async function askFfprobe(run: FfprobeRun): Promise<FfprobeAnswer> {
  let output = '';
  const messages = await supervised(run, (child, tooMuch) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > MAX_OUTPUT_CHARACTERS) tooMuch();
    });
    return () => output.length;
  });
  return { output, messages };
}

/**
 * The same for answers that are too long to be kept: each line as it comes.
 * @returns the last lines of its messages, redacted
 * @throws as `runFfprobe`
 */
export async function readFfprobeLines(run: FfprobeRun, onLine: (line: string) => void): Promise<string> {
  let lines = 0;
  return supervised(run, child => {
    createInterface({ input: child.stdout }).on('line', line => {
      lines += 1;
      onLine(line);
    });
    return () => lines;
  });
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * @param listen takes what is printed, and tells how much that was so far
 * @returns the last lines of its messages
 */
async function supervised(
  run: FfprobeRun,
  listen: (child: Child, tooMuch: () => void) => () => number,
): Promise<string> {
  const startedAtMs = performance.now();
  const tail = new TextTail();
  const child = spawn(
    run.tools.ffprobePath,
    ['-hide_banner', '-loglevel', 'warning', ...run.options, run.input],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let isFlood = false;
  const printed = listen(child, () => {
    isFlood = true;
    sendSignal(run.tools, child, 'KILL');
  });
  createInterface({ input: child.stderr }).on('line', line => tail.add(line));

  const counted = child.pid === undefined ? undefined : run.cpu.started(child.pid);
  const supervisor = supervise({
    limits: run.limits,
    signal: run.signal,
    kill: signal => sendSignal(run.tools, child, signal),
    activity: async () => `${run.sourceBytesRead()} ${printed()}`,
  });
  const startError = await new Promise<Error | undefined>(resolve => {
    child.once('error', resolve).once('close', () => resolve(undefined));
  });
  supervisor.release();
  counted?.ended();
  const stopReason = isFlood ? 'outputTooLarge' : supervisor.stopReason();
  if (startError === undefined && child.exitCode === 0 && stopReason === undefined) return tail.toString();
  if (startError !== undefined) tail.add(startError.message);
  throw new MediaProcessError({
    command: 'ffprobe',
    exitCode: child.exitCode,
    signal: child.signalCode,
    ...(stopReason === undefined ? {} : { stopReason }),
    durationMs: performance.now() - startedAtMs,
    stderrTail: tail.toString(),
  });
}
