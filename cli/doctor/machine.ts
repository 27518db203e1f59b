import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** All that is read of this machine. */
export interface Machine {
  /** Such as 22.11.0. */
  readonly nodeVersion: string;
  /** Node's name of the CPU's architecture: x64, arm64 … */
  readonly arch: string;
  /** The program with which CDK builds images: CDK_DOCKER, else docker. */
  readonly imageBuilder: string;
  /** What a program prints, on both outputs; undefined when it is not there or fails. */
  output(program: string, args: readonly string[]): Promise<string | undefined>;
}

/** A daemon that hangs should not hang this. */
const TIMEOUT_MS = 15_000;

export function thisMachine(): Machine {
  return {
    nodeVersion: process.versions.node,
    arch: process.arch,
    imageBuilder: process.env['CDK_DOCKER'] ?? 'docker',
    async output(program, args) {
      try {
        const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: TIMEOUT_MS });
        return stdout + stderr;
      } catch {
        return undefined;
      }
    },
  };
}
