import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataDir } from '../../local/data-dir-lock';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lock-'));
});

afterEach(() => rmSync(dataDir, { recursive: true }));

const writeLock = (content: string): void => writeFileSync(join(dataDir, 'lock'), content);

describe('lockDataDir', () => {
  it('makes the directory and takes it for one process', () => {
    const nested = join(dataDir, 'a', 'b');
    const unlock = lockDataDir(nested);
    expect(() => lockDataDir(nested)).toThrow(`is in use by the local cloud with process id ${process.pid}`);
    unlock();
    expect(existsSync(join(nested, 'lock'))).toBe(false);
    lockDataDir(nested)();
  });

  it('takes over the lock of a process that has gone', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeLock(JSON.stringify({ pid }));
    expect(() => lockDataDir(dataDir)).not.toThrow();
  });

  it('takes over a lock whose process id belongs to another process now', () => {
    writeLock(JSON.stringify({ pid: process.pid, startedAt: 'at another time' }));
    expect(() => lockDataDir(dataDir)).not.toThrow();
  });

  it('takes over a lock that was cut off', () => {
    writeLock('{"pi');
    expect(() => lockDataDir(dataDir)).not.toThrow();
  });
});
