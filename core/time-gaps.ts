import { MOST_FRAMES } from './packet-table';

/** What ffprobe is asked of all packets, to be read by `GapMeter` as CSV. */
export const GAP_ENTRIES = 'packet=codec_type,pts_time';

/** Gaps up to this, or to some times the usual distance of packets, are none. */
const SHORTEST_GAP_SECONDS = 0.5;
const USUAL_DISTANCES = 4;

/** Finds times in which a source has neither picture nor sound. */
export class GapMeter {
  readonly #times: number[] = [];

  /** Takes one line; others than those of pictures and sound are left aside. */
  add(line: string): void {
    const [kind, time] = line.split(',');
    const seconds = Number.parseFloat(time ?? '');
    if (
      (kind === 'video' || kind === 'audio') &&
      Number.isFinite(seconds) &&
      this.#times.length < MOST_FRAMES
    )
      this.#times.push(seconds);
  }

  /** Part of the time from the first packet to the last in which nothing is, from 0 to 1. */
  missingShare(): number {
    const times = this.#times.toSorted((a, b) => a - b);
    const distances = times.slice(1).map((time, index) => time - (times[index] ?? time));
    const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
    const longest = Math.max(SHORTEST_GAP_SECONDS, usual * USUAL_DISTANCES);
    const missing = distances.filter(distance => distance > longest).reduce((sum, gap) => sum + gap, 0);
    const lasts = (times.at(-1) ?? 0) - (times[0] ?? 0);
    return lasts > 0 ? missing / lasts : 0;
  }
}
