import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LocalCloudError, messageOf } from './local-cloud-error';
import type { AccessKey, Keyring } from './types';
import { writeFileAtomically } from './write-file';

const accessKeySchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string().optional(),
  expiresAt: z.coerce.date().optional(),
  principal: z.object({ kind: z.enum(['root', 'role']), arn: z.string() }),
});

const fileSchema = z.object({ root: accessKeySchema, roleKeys: z.array(accessKeySchema) });

/** Keys of the person and of the template's roles. */
export interface RoleKeyring extends Keyring {
  /** The key of the person at the keyboard; the same for ever in one data directory. */
  readonly root: AccessKey;
  /** Temporary credentials of a role, good for at least half their lifetime from now. */
  forRole(roleArn: string): AccessKey;
}

export interface KeyringOptions {
  /** The keys are in `keys.json` in here, which only its owner can read. */
  readonly dataDir: string;
  readonly accountId: string;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
  /** How long a role's key is good. Default 3600, as on AWS. A URL that it signed dies with it. */
  readonly roleKeySeconds?: number;
}

const ROOT_ACCESS_KEY_ID = 'SPOTREELLOCALROOT';

/** Opens the data directory's keys, or makes them; URLs that were signed before a restart stay good. */
export function openKeyring(options: KeyringOptions): RoleKeyring {
  const now = options.now ?? ((): Date => new Date());
  const lifetimeMs = (options.roleKeySeconds ?? 3600) * 1000;
  const path = join(options.dataDir, 'keys.json');
  const stored = readKeys(path);
  const root = stored?.root ?? newRootKey(options.accountId);
  let roleKeys = (stored?.roleKeys ?? []).filter(key => remainingMs(key, now()) > 0);
  const save = (): void => {
    writeFileAtomically(path, JSON.stringify({ root, roleKeys }, null, 2), { mode: 0o600 });
  };
  save();
  return {
    root,
    find: accessKeyId => [root, ...roleKeys].find(key => key.accessKeyId === accessKeyId),
    forRole: roleArn => {
      const fresh = roleKeys.find(
        key => key.principal.arn === roleArn && remainingMs(key, now()) >= lifetimeMs / 2,
      );
      if (fresh) return fresh;
      const key = newRoleKey(roleArn, new Date(now().getTime() + lifetimeMs));
      // A key stays for its lifetime after its end, so that its holder hears "expired" and not "unknown".
      roleKeys = [...roleKeys.filter(old => remainingMs(old, now()) > -lifetimeMs), key];
      save();
      return key;
    },
  };
}

function readKeys(path: string): z.infer<typeof fileSchema> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new LocalCloudError(`${path} is damaged; delete it to have new keys made. ${messageOf(error)}`);
  }
}

function newRootKey(accountId: string): AccessKey {
  return {
    accessKeyId: ROOT_ACCESS_KEY_ID,
    secretAccessKey: newSecret(),
    principal: { kind: 'root', arn: `arn:aws:iam::${accountId}:root` },
  };
}

function newRoleKey(roleArn: string, expiresAt: Date): AccessKey {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: newSecret(),
    sessionToken: randomBytes(96).toString('base64'),
    expiresAt,
    principal: { kind: 'role', arn: roleArn },
  };
}

/** 40 characters, as AWS's secrets; none of them needs quoting in a shell. */
function newSecret(): string {
  return randomBytes(30).toString('base64url');
}

function remainingMs(key: AccessKey, now: Date): number {
  return key.expiresAt ? key.expiresAt.getTime() - now.getTime() : Infinity;
}
