/** What `-progress` tells. */
export interface EncodeProgress {
  /** Frames of picture that have been encoded for the first output. */
  readonly frames: number;
  /** Seconds of media that have been encoded. */
  readonly mediaSeconds: number;
  /** Media seconds per second of time. */
  readonly speed: number;
}

const PROGRESS_LINE = /^([a-z0-9_]+)=\s*(\S*)$/;
/** The values that grow as long as the encoder gets on. */
const GROWING_KEYS = ['frame', 'out_time_us', 'total_size'];

/** Reads the lines that ffmpeg's `-progress` mixes into its other output. */
export class ProgressReader {
  readonly #values = new Map<string, string>();

  /** @returns whether the line was one of progress, and not a message */
  read(line: string): boolean {
    const [, key, value = ''] = PROGRESS_LINE.exec(line) ?? [];
    if (key === undefined) return false;
    this.#values.set(key, value);
    return true;
  }

  /** Changes when the encoder gets on. */
  get mark(): string {
    return GROWING_KEYS.map(key => this.#values.get(key) ?? '').join(' ');
  }

  get now(): EncodeProgress {
    const mediaMicroseconds = Number(this.#values.get('out_time_us'));
    const speed = Number.parseFloat(this.#values.get('speed') ?? '');
    const frames = Number(this.#values.get('frame'));
    return {
      frames: Number.isFinite(frames) ? frames : 0,
      mediaSeconds: Number.isFinite(mediaMicroseconds) ? Math.max(0, mediaMicroseconds / 1e6) : 0,
      speed: Number.isFinite(speed) ? Math.max(0, speed) : 0,
    };
  }
}
