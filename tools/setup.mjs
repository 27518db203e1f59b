// Makes a fresh machine ready: npm packages as locked, and ffmpeg. Runs on plain Node, before any package is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.spotreel-lock');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
}
installPackages();
installFfmpeg();

function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing npm packages …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) fail('npm ci failed: see above.');
  writeFileSync(stamp, wanted);
}

function installFfmpeg() {
  if (isThere('ffmpeg') && isThere('ffprobe')) return;
  const install = 'apt-get update && apt-get install -y ffmpeg';
  const isRoot = process.getuid?.() === 0;
  const canSudo = !isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  if (!existsSync('/usr/bin/apt-get') || (!isRoot && !canSudo)) {
    fail(
      `ffmpeg is missing. Install it: sudo sh -c '${install}' (Debian, Ubuntu), or brew install ffmpeg (macOS).`,
    );
  }
  say('Installing ffmpeg …');
  const { status } = spawnSync(isRoot ? 'sh' : 'sudo', [...(isRoot ? [] : ['sh']), '-c', `${install} >&2`], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0 || !isThere('ffmpeg')) fail(`ffmpeg could not be installed. Run by hand: ${install}`);
}

function isThere(command) {
  return spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
