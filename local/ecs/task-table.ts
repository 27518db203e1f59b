import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { Tag, Task } from './types';

const HOUR_MS = 3_600_000;
/** How long a stopped task can still be described, and how long it answers to its client token. */
const STOPPED_TASK_KEPT_MS = HOUR_MS;
const CLIENT_TOKEN_KEPT_MS = 24 * HOUR_MS;

/** Ties a task to the RunTask request that made it. */
export interface ClientToken {
  readonly token: string;
  /** Digest of the request's parameters. */
  readonly fingerprint: string;
}

interface Entry {
  task: Task;
  readonly clientToken?: ClientToken;
  /** Whether the event of the task's end has been delivered. */
  endAnnounced: boolean;
}

/** What a state change may touch. */
export type TaskChange = Partial<Omit<Task, 'taskArn' | 'version' | 'updatedAt' | 'tags'>>;

/** The tasks of all clusters, kept in one JSON file that is replaced whole with every save. */
export class TaskTable {
  readonly #file: string;
  readonly #now: () => Date;
  readonly #entries: Map<string, Entry>;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  /** Reads the file, or starts empty when there is none. */
  constructor(file: string, now: () => Date) {
    this.#file = file;
    this.#now = now;
    this.#entries = new Map(readEntries(file).map(entry => [entry.task.taskArn, entry]));
  }

  add(task: Task, clientToken: ClientToken | undefined): void {
    this.#entries.set(task.taskArn, { task, clientToken, endAnnounced: false });
  }

  get(taskArn: string): Task | undefined {
    this.#forget();
    return this.#entries.get(taskArn)?.task;
  }

  /** Every task that can still be described, oldest first. */
  all(): Task[] {
    this.#forget();
    return [...this.#entries.values()].map(({ task }) => task);
  }

  live(): Task[] {
    return this.all().filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  }

  /** Applies a state change, which makes a new version of the task. */
  change(taskArn: string, change: TaskChange): Task {
    const entry = this.#entry(taskArn);
    const updatedAt = this.#now().toISOString();
    entry.task = { ...entry.task, ...change, version: entry.task.version + 1, updatedAt };
    return entry.task;
  }

  /** Replaces the tags, which is no state change. */
  setTags(taskArn: string, tags: readonly Tag[]): void {
    const entry = this.#entry(taskArn);
    entry.task = { ...entry.task, tags };
  }

  /** The tasks of a cluster that were run with this client token, and the digest of that request. */
  findByToken(clusterArn: string, token: string): { tasks: Task[]; fingerprint: string } | undefined {
    this.#forget();
    const earliest = this.#now().getTime() - CLIENT_TOKEN_KEPT_MS;
    const entries = [...this.#entries.values()].filter(
      ({ task, clientToken }) =>
        clientToken?.token === token &&
        task.clusterArn === clusterArn &&
        Date.parse(task.createdAt) > earliest,
    );
    const fingerprint = entries[0]?.clientToken?.fingerprint;
    return fingerprint === undefined ? undefined : { tasks: entries.map(({ task }) => task), fingerprint };
  }

  /** Stopped tasks of whose end nobody has been told. */
  unannounced(): Task[] {
    this.#forget();
    const entries = [...this.#entries.values()];
    return entries
      .filter(({ task, endAnnounced }) => task.lastStatus === 'STOPPED' && !endAnnounced)
      .map(({ task }) => task);
  }

  markAnnounced(taskArn: string): void {
    const entry = this.#entries.get(taskArn);
    if (entry !== undefined) entry.endAnnounced = true;
  }

  /** Resolves when the table, as it was at the call or later, is on disk. */
  save(): Promise<void> {
    this.#queued ??= this.#writing
      .catch(() => undefined) // Whoever asked for that write was told.
      .then(() => {
        this.#queued = undefined;
        this.#writing = this.#write();
        return this.#writing;
      });
    return this.#queued;
  }

  async #write(): Promise<void> {
    const text = JSON.stringify({ tasks: [...this.#entries.values()] });
    const temporary = `${this.#file}.new`;
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#file);
  }

  #entry(taskArn: string): Entry {
    const entry = this.#entries.get(taskArn);
    if (entry === undefined) throw new Error(`The task table has no task ${taskArn}.`);
    return entry;
  }

  #forget(): void {
    const earliest = this.#now().getTime() - STOPPED_TASK_KEPT_MS;
    for (const [taskArn, { task }] of this.#entries) {
      if (task.stoppedAt !== undefined && Date.parse(task.stoppedAt) <= earliest) {
        this.#entries.delete(taskArn);
      }
    }
  }
}

function readEntries(file: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return (JSON.parse(text) as { tasks: Entry[] }).tasks;
  } catch (error) {
    throw new Error(`${file} does not hold a task table; move it away to start without tasks.`, {
      cause: error,
    });
  }
}
