import type { ProcessEnd } from '../../core/process-failure';

/** A run of ffmpeg or ffprobe that did not end well. */
export class MediaProcessError extends Error {
  override readonly name = 'MediaProcessError';

  constructor(readonly end: ProcessEnd) {
    super(`${end.command} ended with ${end.stopReason ?? end.signal ?? `exit code ${end.exitCode}`}`);
  }
}
