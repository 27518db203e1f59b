import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyring, type RoleKeyring } from '../../local/keyring';

const ROLE = 'arn:aws:iam::000000000000:role/intake';
const START = Date.parse('2026-01-01T00:00:00Z');

let dataDir: string;
let nowMs: number;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'keyring-'));
  nowMs = START;
});

afterEach(() => rmSync(dataDir, { recursive: true }));

const open = (): RoleKeyring =>
  openKeyring({ dataDir, accountId: '000000000000', now: () => new Date(nowMs), roleKeySeconds: 3600 });

describe('openKeyring', () => {
  it('has the same root key after a restart', () => {
    const { root } = open();
    expect(root).toMatchObject({ accessKeyId: 'SPOTREELLOCALROOT', principal: { kind: 'root' } });
    expect(root.secretAccessKey).toMatch(/^[\w-]{40}$/);
    expect(open().root).toEqual(root);
  });

  it('writes the keys to a file that only its owner can read', () => {
    open().forRole(ROLE);
    expect(statSync(join(dataDir, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it('gives a role one key with a session token for the first half of its lifetime', () => {
    const keyring = open();
    const key = keyring.forRole(ROLE);
    expect(key).toMatchObject({
      expiresAt: new Date(START + 3_600_000),
      principal: { kind: 'role', arn: ROLE },
    });
    expect(key.sessionToken).toBeDefined();
    nowMs += 1_800_000;
    expect(keyring.forRole(ROLE)).toEqual(key);
    expect(keyring.forRole(`${ROLE}-2`).accessKeyId).not.toBe(key.accessKeyId);
  });

  it('gives a new key in the second half and still finds the old one', () => {
    const keyring = open();
    const old = keyring.forRole(ROLE);
    nowMs += 1_800_001;
    const fresh = keyring.forRole(ROLE);
    expect(fresh.accessKeyId).not.toBe(old.accessKeyId);
    expect(keyring.find(old.accessKeyId)).toEqual(old);
    expect(keyring.find('nobody')).toBeUndefined();
  });

  it('finds the keys of roles after a restart, so that URLs stay good', () => {
    const key = open().forRole(ROLE);
    expect(open().find(key.accessKeyId)).toEqual(key);
    nowMs += 3_600_000;
    expect(open().find(key.accessKeyId)).toBeUndefined();
  });

  it('tells what to do about a damaged file', () => {
    writeFileSync(join(dataDir, 'keys.json'), '{');
    expect(open).toThrow(/keys\.json is damaged; delete it/);
  });
});
