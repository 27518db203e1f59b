import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CLEAN = join(__dirname, '../../container/clean');

describe('the scripts in clean/', () => {
  it('hand on PATH, set LC_ALL and drop all else of the environment', () => {
    const path = process.env['PATH'];
    const env = { PATH: path, AWS_SECRET_ACCESS_KEY: 'secret', TMPDIR: '/work', LC_ALL: 'de_DE' };
    const text = execFileSync(join(CLEAN, 'as-media'), ['env'], { env, encoding: 'utf8' });
    expect(text.trim().split('\n').sort()).toEqual(['LC_ALL=C', `PATH=${path}`]);
  });

  it('hand on arguments as they are, and the exit code', () => {
    const script = 'printf "<%s>" "$@"; exit 7';
    const { stdout, status } = spawnSync(
      join(CLEAN, 'as-media'),
      ['sh', '-c', script, 'x', 'a b', '', '$c*'],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toBe('<a b><><$c*>');
    expect(status).toBe(7);
  });
});
