import type { StopSignal } from './send-signal';

/** One SIGTERM does not stop an ffmpeg that is blocked on the network, a second does. */
const SECOND_SIGTERM_MS = 500;
/** After that it gets no more time to finish its files, which nobody wants. */
const SIGKILL_MS = 3000;

/** Ends a process: SIGTERM, SIGTERM, SIGKILL. The returned function is called when it has ended. */
export function terminate(kill: (signal: StopSignal) => void): () => void {
  kill('TERM');
  const timers = [
    setTimeout(() => kill('TERM'), SECOND_SIGTERM_MS),
    setTimeout(() => kill('KILL'), SIGKILL_MS),
  ];
  return () => timers.forEach(clearTimeout);
}
