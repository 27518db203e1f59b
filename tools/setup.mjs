// Makes a fresh machine ready: npm packages as locked, and ffmpeg; with --tests also Chromium. Runs on plain Node, before any package is there.
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
if (process.argv.includes('--tests')) installChromium();

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
  const run = aptInstall('ffmpeg');
  if (run === undefined) {
    fail(
      `ffmpeg is missing. Install it: sudo sh -c '${aptCommand('ffmpeg')}' (Debian, Ubuntu), or brew install ffmpeg (macOS).`,
    );
  }
  if (!run() || !isThere('ffmpeg'))
    fail(`ffmpeg could not be installed. Run by hand: ${aptCommand('ffmpeg')}`);
}

/** The tests of players are skipped without it. */
function installChromium() {
  const places = ['chromium', 'chromium-browser', 'google-chrome'].map(name => `/usr/bin/${name}`);
  if (places.some(path => existsSync(path))) return;
  const run = aptInstall('chromium');
  if (run === undefined) say('Without Chromium the tests of players in a browser are skipped.');
  else if (!run())
    say(
      `Chromium could not be installed; the tests of players are skipped. Run by hand: ${aptCommand('chromium')}`,
    );
}

function aptCommand(name) {
  return `apt-get update && apt-get install -y ${name}`;
}

/** What installs a package of the distribution and tells whether that went well; undefined where it can't be done from here. */
function aptInstall(name) {
  const isRoot = process.getuid?.() === 0;
  const canSudo = !isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  if (!existsSync('/usr/bin/apt-get') || (!isRoot && !canSudo)) return undefined;
  return () => {
    say(`Installing ${name} …`);
    const command = [...(isRoot ? [] : ['sh']), '-c', `${aptCommand(name)} >&2`];
    const { status } = spawnSync(isRoot ? 'sh' : 'sudo', command, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return status === 0;
  };
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
