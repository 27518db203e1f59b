import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CpuMeter } from '../../container/media/cpu-meter';
import { probeSource } from '../../container/media/examine';
import type { Limits } from '../../container/media/supervise';
import type { MediaTools } from '../../container/media/tools';
import { mediaTools } from '../../container/media/tools';
import { failureOf, OrderFailure } from '../../container/order-failure';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import type { Failure } from '../../core/report';
import { missingStream } from '../../core/source-failure';
import { beyondLimits } from '../../core/source-limits';
import { UsageError } from '../usage-error';
import { FileGate } from './file-gate';

/** A video of the user's own, with all that the worker's code needs to read it. */
export interface LocalSource {
  readonly tools: MediaTools;
  readonly gate: FileGate;
  readonly cpu: CpuMeter;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly probe: Probe;
  /** Where ffmpeg reads what is shown before and after it, by the input that it would be. */
  readonly partUrl?: (inputId: string) => string;
}

const HOUR_SECONDS = 3600;

/**
 * Opens a video and probes it as the worker does.
 * @param use what to do with it; it is closed afterwards
 * @throws an error in the words of the record's failure when the outputs can't be made of it
 */
export async function withLocalSource<T>(
  path: string,
  outputs: readonly PresetOutput[],
  use: (source: LocalSource) => Promise<T>,
): Promise<T> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UsageError(`--input ${path}: there is no such file. Give the path of a video.`);
  const interrupted = new AbortController();
  const onSignal = (): void => interrupted.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const gate = await FileGate.open(path);
  const base = {
    tools: mediaTools(join(__dirname, '..', '..', 'container')),
    cpu: new CpuMeter(),
    limits: { wallClockSeconds: 24 * HOUR_SECONDS, stallSeconds: 120 },
    signal: interrupted.signal,
  };
  try {
    const probe = await probeSource({ ...base, input: gate.url, sourceBytesRead: () => gate.bytesRead });
    const missing = missingStream(outputs, probe) ?? beyondLimits(outputs, probe);
    if (missing !== undefined) throw new Error(explain(missing));
    return await use({ ...base, gate, probe });
  } catch (error) {
    throw isMediaFailure(error) || error instanceof OrderFailure
      ? new Error(explain(failureOf(error, undefined)), { cause: error })
      : error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await gate.close();
  }
}

function isMediaFailure(error: unknown): boolean {
  return error instanceof Error && (error.name === 'MediaProcessError' || error.name === 'OrderFailure');
}

/** What the record of a job would say. */
function explain({ message, fix, process: ended }: Failure): string {
  const said = ended === undefined || ended.stderrTail === '' ? [] : ['', ended.stderrTail];
  return [message, fix, ...said].join('\n');
}
