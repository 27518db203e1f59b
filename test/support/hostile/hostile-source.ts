/** A file that is not what a video should be, and what has to come of it. */
export interface HostileSource {
  /** Beginning of the row in docs/input.md that tells of it. */
  readonly row: string;
  /** Which of the files of that row. */
  readonly what: string;
  readonly bytes: Buffer;
  /** Rejected at intake by its first bytes. The worker has to cope all the same: it must not rely on that. */
  readonly rejected?: true;
  /** Sound alone is made of it; by default a video. */
  readonly forSound?: true;
  /** The code of the failure with another version of ffmpeg, which knows the format. */
  readonly orFailure?: string;
  readonly ends:
    /** Code of the failure; `UPLOAD_REJECTED` where intake alone can tell. */
    | { readonly failure: string }
    /** Seconds and, of a picture, its size in the output. */
    | { readonly seconds: number; readonly size?: string };
}

export function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/** The file with a part of it, from 0 to 1, overwritten by zeros, as by a download that left holes. */
export function withHole(bytes: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.from(bytes);
  return copy.fill(0, Math.floor(bytes.length * from), Math.floor(bytes.length * to));
}

/** The same bytes each time, without any order. */
export function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) & 255));
}

/** Makes the sources of a row that all fail alike. */
export function failing(row: string, failure: string): (what: string, bytes: Buffer) => HostileSource {
  return (what, bytes) => ({ row, what, bytes, ends: { failure } });
}
