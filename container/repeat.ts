export interface Repetition {
  /** No call begins after this; resolves when the one that may be under way has ended. */
  stop(): Promise<void>;
}

/** Calls again and again until it is stopped, each call a pause after the one before has ended. */
export function repeat(pauseMs: number, call: () => Promise<void>): Repetition {
  let timer: NodeJS.Timeout;
  let stopped = false;
  let running = Promise.resolve();
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = call().finally(() => stopped || schedule());
    }, pauseMs);
  };
  schedule();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
