import type { SourceTail } from './duration-check';
import type { Probe } from './probe';

/** What ffprobe is asked for to tell where the streams end: by their packets, or by what can be decoded of them. */
export const TAIL_ENTRIES = {
  packets: 'packet=stream_index,pts_time,duration_time',
  // Versions of ffprobe differ in which of the two durations they know.
  frames: 'frame=stream_index,best_effort_timestamp_time,pkt_duration_time,duration_time',
} as const;

interface StreamEnd {
  readonly lastStart: number;
  readonly end: number;
}

/** Reads what ffprobe prints for either of `TAIL_ENTRIES` in its format `compact`, line by line. */
export class TailReader {
  readonly #ends = new Map<number, StreamEnd>();
  #decoded = false;

  constructor(private readonly source: Probe) {}

  add(line: string): void {
    const [section, ...fields] = line.split('|');
    if (section !== 'packet' && section !== 'frame') return;
    this.#decoded ||= section === 'frame';
    const values = new Map(fields.map(field => field.split('=') as [string, string | undefined]));
    const read = (name: string): number => Number(values.get(name) ?? Number.NaN);
    const time = read(section === 'frame' ? 'best_effort_timestamp_time' : 'pts_time');
    const start = time - this.source.startSeconds;
    if (!Number.isFinite(start)) return;
    const seconds = [read('duration_time'), read('pkt_duration_time')].find(Number.isFinite) ?? 0;
    const before = this.#ends.get(read('stream_index'));
    this.#ends.set(read('stream_index'), {
      lastStart: Math.max(before?.lastStart ?? start, start),
      end: Math.max(before?.end ?? 0, start + seconds),
    });
  }

  tail(): SourceTail {
    const { video, audio } = this.source;
    const of = (stream: { readonly index: number } | undefined): StreamEnd | undefined =>
      stream === undefined ? undefined : this.#ends.get(stream.index);
    return {
      video: of(video)?.end,
      audio: of(audio)?.end,
      ...(this.#decoded ? { lastPicture: of(video)?.lastStart } : {}),
    };
  }
}
