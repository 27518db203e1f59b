/** Calls again and again until it is stopped, each call after the one before has ended. */
export function repeat(everyMs: number, call: () => Promise<void>): { stop: () => void } {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const schedule = (): void => {
    timer = setTimeout(() => void call().finally(() => stopped || schedule()), everyMs);
  };
  schedule();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
