import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { MediaTools } from './tools';

export type StopSignal = 'TERM' | 'KILL';

/** Sends a signal to ffmpeg or ffprobe, unless it has ended. */
export function sendSignal(tools: MediaTools, child: ChildProcess, signal: StopSignal): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  spawn(tools.sendSignalPath, [signal, String(child.pid)], { stdio: 'ignore' })
    // It may have ended by itself meanwhile; if not, the next signal is under way.
    .on('error', () => undefined);
}
