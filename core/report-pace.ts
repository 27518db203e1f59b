/** Least gain that is worth a report, in percentage points. */
const LEAST_GAIN_PERCENT = 5;
/** Least time between two reports of progress. */
const LEAST_PAUSE_SECONDS = 2;
/** Longest silence: the other side takes a silent worker for hung. */
const LONGEST_SILENCE_SECONDS = 60;

export interface ProgressMark {
  readonly percent: number;
  readonly atMs: number;
}

/** Whether progress is to be reported now: about 20 times for an order, and once a minute when it is slow. */
export function shouldReport(last: ProgressMark, now: ProgressMark): boolean {
  const pauseSeconds = (now.atMs - last.atMs) / 1000;
  if (pauseSeconds >= LONGEST_SILENCE_SECONDS) return true;
  return now.percent - last.percent >= LEAST_GAIN_PERCENT && pauseSeconds >= LEAST_PAUSE_SECONDS;
}
