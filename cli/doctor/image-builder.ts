import type { Finding, MachineCheck } from './check';
import { ok } from './check';

export interface BuilderFacts {
  /** The program with which CDK builds images. */
  readonly program: string;
  /** What it says of itself; undefined when it is not there. */
  readonly client: string | undefined;
  /** What it says with its daemon's help; undefined when there is none or it does not run. */
  readonly info: string | undefined;
  readonly hasPodman: boolean;
}

/** The worker's image is built by CDK on the machine that deploys. */
export const imageBuilder: MachineCheck = {
  name: 'image builder',
  isForDeployment: true,
  async look({ machine }) {
    const { imageBuilder: program } = machine;
    const [client, info, podman] = await Promise.all([
      machine.output(program, ['--version']),
      machine.output(program, ['info']),
      machine.output('podman', ['info']),
    ]);
    return judgeBuilder({ program, client, info, hasPodman: podman !== undefined });
  },
};

export function judgeBuilder({ program, client, info, hasPodman }: BuilderFacts): Finding {
  if (client !== undefined && info !== undefined) return ok(client.trim().split('\n')[0] ?? program);
  const usePodman =
    hasPodman && program !== 'podman' ? 'Use podman, which runs here: set CDK_DOCKER=podman. Or ' : '';
  return client === undefined
    ? {
        status: 'missing',
        found: `there is no ${program} to build the worker's image with`,
        fix: `${usePodman}${usePodman === '' ? 'Install' : 'install'} Docker, or podman with CDK_DOCKER=podman.`,
      }
    : {
        status: 'missing',
        found: `${program} is installed, but does not answer`,
        fix: `${usePodman}${usePodman === '' ? 'Start' : 'start'} it, and see that you may use it: ${program} info.`,
      };
}
