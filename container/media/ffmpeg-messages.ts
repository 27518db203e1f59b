import { MOST_DAMAGE } from '../../core/damage';
import type { FfmpegPlan } from '../../core/encode-plan';
import type { ProcessEnd } from '../../core/process-failure';
import { TextTail } from './text-tail';

/** Messages that a run which prints what it finds out may have at most. */
const MOST_PRINTED_LINES = 200_000;

/** What the demuxer of Matroska says of a file that ends within a frame; its exit code is 0 all the same. */
const CUT_OFF_MESSAGE = 'File ended prematurely';

/** Behind the names of what a message is from. */
const LEVEL = /^((?:\[[^\]]* @ \w+\] )*)\[(\w+)\] /;

/** What ffmpeg 7 tells of each stream in the end. */
const STREAM_STATISTICS = /^Input stream #\d+:\d+ .* (\d+) frames decoded; (\d+) decode errors/;

type Plan = Pick<FfmpegPlan, 'prints' | 'throughout'>;

/** `-loglevel` with which a plan is run: each message with its level. */
export function logLevel({ prints, throughout }: Plan): string {
  // The statistics of the decoders come with that.
  return `level+${throughout === true ? 'verbose' : prints === true ? 'info' : 'warning'}`;
}

/** Reads what ffmpeg says on its standard error, beside its progress. */
export class FfmpegMessages {
  /** The last that it warned of. */
  readonly tail = new TextTail();
  /** All that it said, of a plan that prints. */
  readonly printed: string[] = [];
  #isCutOff = false;
  #damagedShare = 0;

  /** @param onMessage takes each warning */
  constructor(
    private readonly plan: Plan,
    private readonly onMessage?: (line: string) => void,
  ) {}

  add(line: string): void {
    const [, names = '', level] = LEVEL.exec(line) ?? [];
    const text = level === undefined ? line : names + line.slice(names.length + level.length + 3);
    if (level === 'verbose') this.#readStatistics(text.slice(names.length).trim());
    else {
      if (this.plan.prints === true && this.printed.length < MOST_PRINTED_LINES) this.printed.push(text);
      if (level !== 'info') this.#readWarning(text);
    }
  }

  /** What makes the outputs worthless although ffmpeg ended as if all were well. */
  get fault(): Pick<ProcessEnd, 'sourceIsCutOff' | 'sourceIsDamaged'> | undefined {
    if (this.plan.throughout !== true) return undefined;
    if (this.#isCutOff) return { sourceIsCutOff: true };
    return this.#damagedShare > MOST_DAMAGE ? { sourceIsDamaged: true } : undefined;
  }

  #readWarning(text: string): void {
    this.tail.add(text);
    this.onMessage?.(text);
    this.#isCutOff ||= text.includes(CUT_OFF_MESSAGE);
  }

  /** ffmpeg 7.1 has `-max_error_rate` and does not obey it. */
  #readStatistics(text: string): void {
    const [, decoded, errors] = (STREAM_STATISTICS.exec(text) ?? []).map(Number);
    if (decoded === undefined || errors === undefined || errors === 0) return;
    this.#damagedShare = Math.max(this.#damagedShare, errors / (decoded + errors));
  }
}
