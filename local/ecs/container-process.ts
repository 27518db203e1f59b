import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Runs under plain Node, outside whatever loader this process was started with. */
const INIT = join(__dirname, 'init.cjs');

/** What a process ends with that SIGKILL took before anyone could ask: 128 + 9. */
export const KILLED_EXIT_CODE = 137;

export interface ContainerCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  /** The container's whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard output and error are appended to this file. */
  readonly logFile: string;
  /** Made at the moment when the container is killed because this process let go of it. */
  readonly hostLostNote: string;
}

export type ContainerStart =
  | { readonly kind: 'started'; readonly container: ContainerProcess }
  | { readonly kind: 'failed'; readonly reason: string };

interface InitReport {
  readonly started?: number;
  readonly failed?: string;
  readonly exited?: number;
}

/** A container: a process and all that it starts, held by an init process in a process group of its own. */
export class ContainerProcess {
  /** Resolves with the exit code once the container and what it started are gone. */
  readonly exited: Promise<number>;
  readonly #init: ChildProcess;
  #stopping = false;

  private constructor(init: ChildProcess, exited: Promise<number>) {
    this.#init = init;
    this.exited = exited;
  }

  /** Starts a container; a program that can't be started is an answer, not an error. */
  static async start(options: ContainerCommand): Promise<ContainerStart> {
    const init = spawnInit(options.logFile);
    const reports = createInterface({ input: init.stdio[3] as Readable });
    let exitCode: number | undefined;
    const started = new Promise<string | undefined>(resolve => {
      reports.on('line', line => {
        const report = JSON.parse(line) as InitReport;
        if (report.exited !== undefined) exitCode = report.exited;
        else resolve(report.failed);
      });
      init.once('error', error => resolve(error.message));
      init.once('close', () => resolve('the init process ended before the container started'));
    });
    const exited = new Promise<number>(resolve => {
      init.once('close', () => {
        if (exitCode === undefined) killGroup(init);
        resolve(exitCode ?? KILLED_EXIT_CODE);
      });
    });
    // A container that has just ended is told nothing more; that its pipe is gone is no fault.
    init.stdin?.on('error', () => undefined);
    init.stdin?.write(`${JSON.stringify(options)}\n`);
    const failure = await started;
    if (failure !== undefined) return { kind: 'failed', reason: failure };
    return { kind: 'started', container: new ContainerProcess(init, exited) };
  }

  /**
   * SIGTERM to the container's first process, and SIGKILL to all of it when it outlives the time.
   * Once only: programs such as ffmpeg take a second SIGTERM for an order to drop everything.
   */
  stop(timeoutSeconds: number): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#init.stdin?.write('SIGTERM\n');
    const timer = setTimeout(() => this.kill(), timeoutSeconds * 1000);
    void this.exited.then(() => clearTimeout(timer));
  }

  /** SIGKILL to the container and to everything that it started. */
  kill(): void {
    this.#init.stdin?.destroy();
  }
}

function spawnInit(logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, [INIT], { detached: true, env: {}, stdio: ['pipe', log, log, 'pipe'] });
  } finally {
    closeSync(log);
  }
}

/** Ends what an init process leaves behind that was killed itself, with no time to end its container. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
