import { statSync } from 'node:fs';
import { join } from 'node:path';
import { lastPart } from './arns';

/** What a task has on this machine's disk while it lives. */
export interface TaskFolder {
  readonly path: string;
  /** The ephemeral storage: a fresh folder that goes with the task. */
  readonly work: string;
  /** Written by the init process when the host goes: its time tells when the containers were killed. */
  readonly hostLostNote: string;
}

export function taskFolder(root: string, taskArn: string): TaskFolder {
  const path = join(root, lastPart(taskArn));
  return { path, work: join(path, 'work'), hostLostNote: join(path, 'host-lost') };
}

/** When the host of a task went; `undefined` when not even its init process could take a note. */
export function hostLostAt(folder: TaskFolder): Date | undefined {
  return statSync(folder.hostLostNote, { throwIfNoEntry: false })?.mtime;
}
