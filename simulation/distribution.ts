/** Each bucket is this much wider than the one before: percentiles are right to within it. */
const STEP = 1.01;
/** Values below this are taken for it. */
const LEAST = 0.01;

/** Percentiles of any number of values in a few kilobytes. */
export class Distribution {
  readonly #counts: number[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    const bucket = Math.max(0, Math.ceil(Math.log(value / LEAST) / Math.log(STEP)));
    while (this.#counts.length <= bucket) this.#counts.push(0);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
  }

  /** @param percent 0 to 100 */
  percentile(percent: number): number {
    const wanted = Math.ceil((percent / 100) * this.#count);
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted && count > 0) return LEAST * STEP ** bucket;
    }
    return 0;
  }
}
