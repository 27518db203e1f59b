import type { Finding, MachineCheck } from './check';
import { ok } from './check';

/** As package.json's engines have it. */
const OLDEST = [20, 19] as const;
const NEXT_MAJOR = 22;

export const nodeVersion: MachineCheck = {
  name: 'Node',
  isForDeployment: false,
  look: async ({ machine }) => judgeNode(machine.nodeVersion),
};

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    return {
      status: 'missing',
      found: `${version}; ${OLDEST.join('.')} is needed`,
      fix: `Install Node ${NEXT_MAJOR} or newer.`,
    };
  if (major < NEXT_MAJOR)
    return {
      status: 'warning',
      found: version,
      fix: `From January 2027 on the AWS SDK asks for Node ${NEXT_MAJOR}: install it before you update packages.`,
    };
  return ok(version);
}
