import { endedChildrenCpuSeconds, runningCpuSeconds } from './cpu-time';

/** CPU time of the tools for one order. The kernel's own count, so nothing is lost between two looks. */
export class CpuMeter {
  readonly #startSeconds = endedChildrenCpuSeconds();
  readonly #running = new Set<number>();

  /** A process began; `ended` must be called when it has. */
  started(pid: number): { ended: () => void } {
    this.#running.add(pid);
    return { ended: () => this.#running.delete(pid) };
  }

  /** User plus system seconds since the meter was made. */
  seconds(): number {
    const running = [...this.#running].reduce((sum, pid) => sum + runningCpuSeconds(pid), 0);
    return Math.max(0, endedChildrenCpuSeconds() - this.#startSeconds + running);
  }
}
