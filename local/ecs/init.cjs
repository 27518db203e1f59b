'use strict';
// Runs one container as its first process, the way an init process does in an image.
//
// Started as the leader of its own process group, with
//   stdin: a pipe whose first line is the container as JSON ({command, cwd, env, hostLostNote}); each later
//          line is the name of a signal for the container. When the pipe closes, whatever the reason, the
//          container and all that it started are killed at once, and the file hostLostNote is made. The
//          host holds the other end, so a host that dies takes its containers with it, even by SIGKILL.
//   fd 3:  one JSON line per report: {"started": pid}, {"failed": message}, {"exited": exitCode}.
const { spawn } = require('node:child_process');
const { readFileSync, readdirSync, writeFileSync, writeSync } = require('node:fs');
const { constants } = require('node:os');
const { createInterface } = require('node:readline');

const REPORT_FD = 3;
let container;
let hostLostNote;

function report(message) {
  try {
    writeSync(REPORT_FD, `${JSON.stringify(message)}\n`);
  } catch {
    // The host is gone; the closing pipe ends this process as well.
  }
}

function parents() {
  const parentOf = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // "pid (name) state ppid …": the name may hold blanks and parentheses, so cut at the last one.
      parentOf.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while the folder was read.
    }
  }
  return parentOf;
}

/** Descendants of this process, those included that moved to a process group of their own. */
function descendants() {
  let parentOf;
  try {
    parentOf = parents();
  } catch {
    return []; // No /proc on this system: the process group has to do.
  }
  const family = new Set([process.pid]);
  let before = 0;
  while (family.size > before) {
    before = family.size;
    for (const [pid, parent] of parentOf) if (family.has(parent)) family.add(pid);
  }
  family.delete(process.pid);
  return [...family];
}

function killEverything() {
  for (const pid of descendants()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  process.kill(-process.pid, 'SIGKILL');
}

function hostLost() {
  try {
    if (hostLostNote !== undefined) writeFileSync(hostLostNote, '');
  } catch {
    // The folder is gone or the disk is full; killing matters more.
  }
  killEverything();
}

function start({ command, cwd, env, ...spec }) {
  hostLostNote = spec.hostLostNote;
  const [program, ...args] = command;
  container = spawn(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  container.once('spawn', () => report({ started: container.pid }));
  container.once('error', error => {
    if (container.pid !== undefined) return;
    report({ failed: error.message });
    process.exit(1);
  });
  container.once('exit', (code, signal) => {
    report({ exited: code ?? 128 + constants.signals[signal] });
    // What the container left running ends with its first process, as in a PID namespace.
    killEverything();
  });
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => container?.kill(signal));

createInterface({ input: process.stdin })
  .on('line', line => {
    if (container === undefined) start(JSON.parse(line));
    else container.kill(line);
  })
  .once('close', hostLost);
