import type { Settings } from '../../core/settings';
import type { Finding, MachineCheck } from './check';
import { ok } from './check';

type Architecture = Settings['architecture'];

/** Docker's names of the platforms. */
const PLATFORMS: Readonly<Record<Architecture, string>> = { x86_64: 'amd64', arm64: 'arm64' };
const NODE_NAMES: Readonly<Record<Architecture, string>> = { x86_64: 'x64', arm64: 'arm64' };
const EMULATORS: Readonly<Record<Architecture, string>> = { x86_64: 'qemu-x86_64', arm64: 'qemu-aarch64' };
/** Where Linux lists the emulators that run foreign programs. */
const EMULATOR_FOLDER = '/proc/sys/fs/binfmt_misc';

export interface ArchitectureFacts {
  readonly wanted: Architecture;
  /** Node's name of this machine's. */
  readonly arch: string;
  /** Whether programs of the wanted architecture run in the image builder. */
  readonly canEmulate: boolean;
}

/** The image is built by running programs of its own architecture. */
export const architecture: MachineCheck = {
  name: 'image architecture',
  isForDeployment: true,
  async look({ machine, deployment }) {
    const { architecture: wanted } = deployment.config.settings;
    const { arch } = machine;
    if (arch === NODE_NAMES[wanted]) return judgeArchitecture({ wanted, arch, canEmulate: true });
    const [platforms, emulators] = await Promise.all([
      machine.output(machine.imageBuilder, ['buildx', 'inspect']),
      machine.output('ls', [EMULATOR_FOLDER]),
    ]);
    const canEmulate =
      platforms?.includes(`linux/${PLATFORMS[wanted]}`) === true ||
      emulators?.includes(EMULATORS[wanted]) === true;
    return judgeArchitecture({ wanted, arch, canEmulate });
  },
};

export function judgeArchitecture({ wanted, arch, canEmulate }: ArchitectureFacts): Finding {
  if (arch === NODE_NAMES[wanted]) return ok(`${wanted}, as this machine`);
  if (canEmulate)
    return {
      status: 'warning',
      found: `${wanted} on a machine of ${arch}: emulated, and slow to build`,
      fix: otherArchitecture(arch) ?? 'Build it on a machine of that architecture.',
    };
  return {
    status: 'missing',
    found: `${wanted} can't be built on this machine of ${arch}`,
    fix: [
      otherArchitecture(arch),
      `Install emulation: docker run --privileged --rm tonistiigi/binfmt --install ${PLATFORMS[wanted]}.`,
    ]
      .filter(way => way !== undefined)
      .join(' Or: '),
  };
}

/** What to deploy with so that this machine builds natively. */
function otherArchitecture(arch: string): string | undefined {
  const own = (Object.keys(NODE_NAMES) as Architecture[]).find(name => NODE_NAMES[name] === arch);
  return own && `Deploy with -c spotreel:architecture=${own}.`;
}
