/** What ffprobe is asked of each packet of the picture, to be read by `PacketTableReader`. */
export const PACKET_ENTRIES = 'packet=pts,dts,duration,pos,flags';

/** A place where decoding can begin. */
export interface KeyFrame {
  readonly pts: number;
  /** Undefined where the file does not tell. */
  readonly dts: number | undefined;
  /** Byte at which it lies in the file; undefined where the file does not tell. */
  readonly position?: number | undefined;
}

/** When each frame of a picture is shown, in units of the stream. */
export interface PacketTable {
  /** Of all frames that are shown, in ascending order. */
  readonly pts: Float64Array;
  /** In ascending order of their time; those included of which nothing is shown. */
  readonly keys: readonly KeyFrame[];
  /** Where the last frame ends. */
  readonly endPts: number;
  /** Packets without a time stamp. */
  readonly missing: number;
  /** Whether packets come in the order in which they are to be decoded. */
  readonly inOrder: boolean;
}

/** Frames beyond which a table is not kept: ten hours at 120 frames a second. */
export const MOST_FRAMES = 4_320_000;

/** Collects the table line by line, so that no more than the time stamps of a long source are in memory. */
export class PacketTableReader {
  #pts = new Float64Array(4096);
  #count = 0;
  #missing = 0;
  #inOrder = true;
  #lastDts = Number.NEGATIVE_INFINITY;
  #last = { pts: Number.NEGATIVE_INFINITY, duration: 0 };
  readonly #keys: KeyFrame[] = [];

  /** Takes one line of ffprobe's CSV; others than those of packets are left aside. */
  add(line: string): void {
    const [pts, dts, duration, position, flags] = line.split(',');
    if (pts === undefined || flags === undefined) return;
    const isShown = !flags.includes('D');
    const at = toInteger(pts);
    const decodedAt = toInteger(dts);
    if (at === undefined) {
      this.#missing += isShown ? 1 : 0;
      return;
    }
    if (decodedAt !== undefined) {
      if (decodedAt < this.#lastDts) this.#inOrder = false;
      this.#lastDts = decodedAt;
    }
    if (flags.startsWith('K')) this.#keys.push({ pts: at, dts: decodedAt, position: toInteger(position) });
    if (isShown) this.#addFrame(at, toInteger(duration) ?? 0);
  }

  /** More frames than a table keeps: what comes is not taken any more. */
  get isFull(): boolean {
    return this.#count >= MOST_FRAMES;
  }

  table(): PacketTable {
    const pts = this.#pts.slice(0, this.#count).sort();
    const lastGap = (pts.at(-1) ?? 0) - (pts.at(-2) ?? 0);
    const { duration } = this.#last;
    return {
      pts,
      keys: [...this.#keys].sort((a, b) => a.pts - b.pts),
      // Where the file does not tell how long the last frame is shown, as long as the one before it.
      endPts: (pts.at(-1) ?? 0) + Math.max(1, duration > 0 ? duration : lastGap),
      missing: this.#missing,
      inOrder: this.#inOrder,
    };
  }

  #addFrame(pts: number, duration: number): void {
    if (this.isFull) return;
    if (this.#count === this.#pts.length) {
      const larger = new Float64Array(this.#pts.length * 2);
      larger.set(this.#pts);
      this.#pts = larger;
    }
    this.#pts[this.#count] = pts;
    this.#count += 1;
    if (pts > this.#last.pts) this.#last = { pts, duration };
  }
}

function toInteger(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,16}$/.test(text) ? Number(text) : undefined;
}
