import { spawnSync } from 'node:child_process';
import type { Finding } from './finding';
import { ok, wrong } from './finding';

export interface Machine {
  /** Such as 20.19.2. */
  readonly nodeVersion: string;
  /** As Node names it: x64, arm64. */
  readonly arch: string;
  /** First line that a program prints about itself; undefined when it cannot be started. */
  readonly firstLine: (program: string, args: readonly string[]) => string | undefined;
  /** Program that builds images. */
  readonly imageBuilder: string;
}

const OLDEST_NODE: readonly [number, number] = [20, 19];
const BUILD_SECONDS = 10;

export function thisMachine(): Machine {
  return {
    nodeVersion: process.versions.node,
    arch: process.arch,
    imageBuilder: process.env['CDK_DOCKER'] ?? 'docker',
    firstLine: (program, args) => {
      const run = spawnSync(program, args, { encoding: 'utf8', timeout: BUILD_SECONDS * 1000 });
      return run.status === 0 ? run.stdout.split('\n')[0] : undefined;
    },
  };
}

/** What the local cloud and a deployment need of the machine that they are started on. */
export function checkMachine(machine: Machine, architecture: 'x86_64' | 'arm64'): Finding[] {
  return [
    checkNode(machine.nodeVersion),
    ...['ffmpeg', 'ffprobe'].map(program => checkMedia(machine, program)),
    checkBuilder(machine, architecture),
  ];
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  return major > oldest || (major === oldest && minor >= oldestMinor)
    ? ok(`Node ${version}`)
    : wrong(`Node ${version} is too old.`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

function checkMedia({ firstLine }: Machine, program: string): Finding {
  const line = firstLine(program, ['-version']);
  return line === undefined
    ? wrong(
        `${program} is not there. The local cloud and "spotreel preset" need it; a deployment does not.`,
        'Install ffmpeg: apt-get install ffmpeg, or brew install ffmpeg.',
      )
    : ok(line.replace(/ Copyright.*$/, ''));
}

function checkBuilder(machine: Machine, architecture: 'x86_64' | 'arm64'): Finding {
  const { imageBuilder } = machine;
  if (machine.firstLine(imageBuilder, ['--version']) === undefined)
    return wrong(
      `${imageBuilder} is not there; deploying builds the worker's image with it.`,
      'Install Docker, or podman and set CDK_DOCKER=podman.',
    );
  const own = machine.arch === 'arm64' ? 'arm64' : 'x86_64';
  return own === architecture
    ? ok(`${imageBuilder} builds the image for ${architecture}, which this machine is`)
    : wrong(
        `The image is for ${architecture} and this machine is ${own}: building it takes emulation.`,
        `Deploy with -c spotreel:architecture=${own}, or install emulation: docker run --privileged tonistiigi/binfmt --install ${architecture === 'arm64' ? 'arm64' : 'amd64'}`,
      );
}
