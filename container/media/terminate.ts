/** One SIGTERM does not stop an ffmpeg that is blocked on the network, a second does. */
const SECOND_SIGTERM_MS = 500;
/** After that it gets no more time to finish its files, which nobody wants. */
const SIGKILL_MS = 3000;

/** Ends a process: SIGTERM, SIGTERM, SIGKILL. The returned function is called when it has ended. */
export function terminate(kill: (signal: NodeJS.Signals) => void): () => void {
  kill('SIGTERM');
  const timers = [
    setTimeout(() => kill('SIGTERM'), SECOND_SIGTERM_MS),
    setTimeout(() => kill('SIGKILL'), SIGKILL_MS),
  ];
  return () => timers.forEach(clearTimeout);
}
