/** Something that will happen at a time, unless it is cancelled first. */
export interface Timer {
  cancel(): void;
}

interface Entry {
  readonly atMs: number;
  readonly sequence: number;
  /** Undefined when it was cancelled. */
  run: (() => void) | undefined;
}

/** Fewer cancelled entries than this are left where they are. */
const LEAST_TO_SWEEP = 1000;

/** Virtual time: nothing waits, the next thing to happen is simply taken up. */
export class Clock {
  #heap: Entry[] = [];
  #cancelled = 0;
  #nowMs: number;
  #sequence = 0;
  #asynchronous = false;
  #steps = 0;

  constructor(start: Date) {
    this.#nowMs = start.getTime();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Things that have happened so far. */
  get steps(): number {
    return this.#steps;
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  iso(): string {
    return this.now().toISOString();
  }

  after(seconds: number, run: () => void): Timer {
    const atMs = this.#nowMs + Math.max(0, Math.round(seconds * 1000));
    const entry: Entry = { atMs, sequence: this.#sequence++, run };
    this.#push(entry);
    return {
      cancel: () => {
        if (entry.run === undefined) return;
        entry.run = undefined;
        this.#cancelled += 1;
        if (this.#cancelled > LEAST_TO_SWEEP && this.#cancelled * 2 > this.#heap.length)
          this.#forgetCancelled();
      },
    };
  }

  /** For code that awaits: goes on after that much virtual time. */
  sleep(seconds: number): Promise<void> {
    return new Promise(resolve => {
      this.after(seconds, () => this.resume(resolve));
    });
  }

  /** Settles a promise that somebody awaits; what then follows has happened before the next step. */
  resume(settle: () => void): void {
    this.#asynchronous = true;
    settle();
  }

  /** Starts code that awaits nothing but what happens at virtual times; it has gone as far as it can before the next step. */
  spawn(run: () => Promise<void>, onError: (error: unknown) => void): void {
    this.#asynchronous = true;
    run().catch(onError);
  }

  /** Lets things happen until `until` says so after one of them, nothing is left, or the time is reached. */
  async run(options: { untilMs: number; until?: () => boolean }): Promise<void> {
    for (let entry = this.#heap[0]; entry !== undefined; entry = this.#heap[0]) {
      if (entry.atMs > options.untilMs) break;
      this.#pop();
      const { run } = entry;
      if (run === undefined) {
        this.#cancelled -= 1;
        continue;
      }
      entry.run = undefined;
      this.#nowMs = entry.atMs;
      this.#steps += 1;
      run();
      if (this.#asynchronous) {
        this.#asynchronous = false;
        // All promise reactions run before this comes back.
        await new Promise(resolve => setImmediate(resolve));
      }
      if (options.until?.() === true) return;
    }
    if (this.#nowMs < options.untilMs && Number.isFinite(options.untilMs)) this.#nowMs = options.untilMs;
  }

  /** Most timers are leases and visibility timeouts that never come to pass, and lie hours ahead. */
  #forgetCancelled(): void {
    // A sorted list is a heap too.
    this.#heap = this.#heap
      .filter(({ run }) => run !== undefined)
      .sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence);
    this.#cancelled = 0;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isEarlier(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isEarlier(right, below)) {
        child += 1;
        below = right;
      }
      if (!isEarlier(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

function isEarlier(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
