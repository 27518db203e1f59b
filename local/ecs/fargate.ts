import { mkdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { lastPart } from './arns';
import { containerEnvironment, findOverride } from './container-environment';
import { ContainerProcess } from './container-process';
import type { MetadataEndpoint } from './metadata';
import { stateChangeEvent } from './state-change-event';
import { containersEnded, hostLost, type StopRequest } from './task-end';
import { hostLostAt, taskFolder, type TaskFolder } from './task-folder';
import type { TaskChange, TaskTable } from './task-table';
import type { EcsOptions, LocalContainer, LocalTaskDefinition, Task, TaskNetworkInterface } from './types';

const DEFAULT_STOP_TIMEOUT_SECONDS = 30;
/** Fargate's maximum. */
const MAX_STOP_TIMEOUT_SECONDS = 120;

export interface FargateParts {
  readonly options: EcsOptions;
  readonly now: () => Date;
  readonly table: TaskTable;
  readonly metadata: MetadataEndpoint;
}

/** A task whose containers this process holds. */
interface LiveTask {
  readonly taskArn: string;
  readonly definition: LocalTaskDefinition;
  readonly containers: Map<string, ContainerProcess>;
  readonly folder: TaskFolder;
  readonly withdrawals: Array<() => void>;
  /** Resolves when the task is STOPPED. */
  ended: Promise<void>;
}

/** Takes tasks through their lives, and tells of every change as an event. */
export class Fargate {
  readonly #parts: FargateParts;
  readonly #table: TaskTable;
  readonly #workRoot: string;
  readonly #live = new Map<string, LiveTask>();
  readonly #announcements = new Map<string, Promise<void>>();
  #closed = false;

  constructor(parts: FargateParts) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#workRoot = join(parts.options.dataDir, 'ephemeral');
    this.#endLostTasks();
    // The containers of a host that was killed died with it; their work folders did not.
    rmSync(this.#workRoot, { recursive: true, force: true });
  }

  /** Starts the life of a task that has just been put into the table. */
  launch(task: Task, definition: LocalTaskDefinition): void {
    const live: LiveTask = {
      taskArn: task.taskArn,
      definition,
      containers: new Map(),
      folder: taskFolder(this.#workRoot, task.taskArn),
      withdrawals: [],
      ended: Promise.resolve(),
    };
    this.#live.set(task.taskArn, live);
    void this.#announce(task);
    live.ended = this.#run(live).finally(() => this.#live.delete(task.taskArn));
  }

  /** SIGTERM now, SIGKILL after the stop timeout. A task that is stopping or stopped stays as it is. */
  stop(taskArn: string, request: StopRequest): void {
    const task = this.#table.get(taskArn);
    if (task === undefined || task.desiredStatus === 'STOPPED') return;
    this.#change(taskArn, { ...request, desiredStatus: 'STOPPED', stoppingAt: this.#time() });
    const live = this.#live.get(taskArn);
    if (live !== undefined) stopContainers(live);
  }

  /** SIGKILL to the task's containers; resolves when the task is STOPPED. False when it is not running. */
  async kill(taskArn: string): Promise<boolean> {
    const live = this.#live.get(taskArn);
    if (live === undefined || live.containers.size === 0) return false;
    for (const container of live.containers.values()) container.kill();
    await live.ended;
    return true;
  }

  /** Tells of the ended tasks of whose end nobody was told before the last host went. */
  async announceLost(): Promise<void> {
    await Promise.all(this.#table.unannounced().map(task => this.#announce(task)));
  }

  /** Kills all containers and delivers the events there are. The tasks stay live in the table: the next start finds them lost. */
  async close(): Promise<void> {
    this.#closed = true;
    const lives = [...this.#live.values()];
    for (const live of lives) for (const container of live.containers.values()) container.kill();
    await Promise.all(lives.map(({ ended }) => ended));
    await Promise.all([...this.#announcements.values()]);
  }

  async #run(live: LiveTask): Promise<void> {
    await setImmediate();
    const failure = await this.#start(live).catch(
      (error: unknown) => `ResourceInitializationError: ${String(error)}`,
    );
    if (failure === undefined) await this.#superviseContainers(live);
    const exitCodes = await stopAndCollect(live);
    for (const withdraw of live.withdrawals) withdraw();
    if (!this.#closed) this.#end(live, { failure, exitCodes });
    // After a close, the note of when the containers were killed stays for the next start.
    await rm(this.#closed ? live.folder.work : live.folder.path, { recursive: true, force: true });
  }

  /** Answers why the task could not be started. */
  async #start(live: LiveTask): Promise<string | undefined> {
    if (this.#isStopping(live)) return undefined;
    const { taskArn, definition } = live;
    const { networkInterface } = this.#task(taskArn);
    this.#change(taskArn, {
      lastStatus: 'PENDING',
      networkInterface: { ...networkInterface, status: 'ATTACHED' },
      connectivityAt: this.#time(),
      pullStartedAt: this.#time(),
    });
    const pullFailure = this.#whyUnreachable(networkInterface) ?? this.#pull(definition);
    if (pullFailure !== undefined) return pullFailure;
    const pullStoppedAt = this.#time();
    mkdirSync(live.folder.work, { recursive: true });
    for (const container of definition.containers) {
      if (this.#isStopping(live)) return undefined;
      const failure = await this.#startContainer(live, container);
      if (failure !== undefined) return failure;
    }
    if (this.#closed) return undefined;
    this.#change(taskArn, {
      lastStatus: 'RUNNING',
      pullStoppedAt,
      startedAt: this.#time(),
      containers: this.#task(taskArn).containers.map(container => ({ ...container, lastStatus: 'RUNNING' })),
    });
    return undefined;
  }

  #whyUnreachable({
    subnetId,
    securityGroupIds,
    publicIpv4Address,
  }: TaskNetworkInterface): string | undefined {
    const place = { subnetId, securityGroupIds, publicAddress: publicIpv4Address !== undefined };
    const why = this.#parts.options.whyUnreachable?.(place);
    return why === undefined
      ? undefined
      : `ResourceInitializationError: unable to pull secrets or registry auth: ${why}`;
  }

  /** Answers which image can't be had. */
  #pull(definition: LocalTaskDefinition): string | undefined {
    for (const { image } of definition.containers) {
      const folder = this.#parts.options.imageDirectory(image);
      if (isFolder(folder)) continue;
      return `CannotPullContainerError: the folder ${folder} that stands for the image ${image} does not exist`;
    }
    return undefined;
  }

  async #startContainer(live: LiveTask, container: LocalContainer): Promise<string | undefined> {
    const { options } = this.#parts;
    const task = (): Task => this.#task(live.taskArn);
    const { env, withdraw } = containerEnvironment({
      ...options,
      container,
      definition: live.definition,
      task,
      workFolder: live.folder.work,
      metadata: this.#parts.metadata,
    });
    live.withdrawals.push(withdraw);
    const started = await ContainerProcess.start({
      command: findOverride(task(), container.name)?.command ?? container.command,
      cwd: options.imageDirectory(container.image),
      env,
      logFile: join(options.logDir, `${lastPart(live.taskArn)}.log`),
      hostLostNote: live.folder.hostLostNote,
    });
    if (started.kind === 'failed') return `CannotStartContainerError: ${started.reason}`;
    live.containers.set(container.name, started.container);
    if (this.#closed) started.container.kill();
    return undefined;
  }

  /** Resolves when the first essential container has ended. */
  async #superviseContainers(live: LiveTask): Promise<void> {
    // A stop that came while the containers were being started could not reach them.
    if (this.#isStopping(live)) return;
    const exits: Array<Promise<number>> = [];
    for (const { name, essential } of live.definition.containers) {
      const container = live.containers.get(name);
      if (essential && container !== undefined) exits.push(container.exited);
    }
    await Promise.race(exits);
  }

  #end(live: LiveTask, end: { failure: string | undefined; exitCodes: Map<string, number> }): void {
    const { taskArn } = live;
    const task = this.#task(taskArn);
    this.#change(taskArn, containersEnded(task, { ...end, at: this.#time() }));
    this.#change(taskArn, {
      lastStatus: 'STOPPED',
      stoppedAt: this.#time(),
      networkInterface: { ...task.networkInterface, status: 'DELETED' },
    });
  }

  /** Ends in the table what was live there; `announceLost` tells of it. */
  #endLostTasks(): void {
    for (const task of this.#table.live()) {
      const at = hostLostAt(taskFolder(this.#workRoot, task.taskArn))?.toISOString() ?? this.#time();
      this.#table.change(task.taskArn, hostLost(task, at));
    }
  }

  #change(taskArn: string, change: TaskChange): void {
    void this.#announce(this.#table.change(taskArn, change));
  }

  /** Saves the table, then emits, in the order of the task's changes. */
  #announce(task: Task): Promise<void> {
    const before = this.#announcements.get(task.taskArn) ?? Promise.resolve();
    const announcement = before
      .then(() => this.#deliver(task))
      .catch((error: unknown) => {
        process.emitWarning(
          `The state change to ${task.lastStatus} of ${task.taskArn} could not be told: ${String(error)}`,
        );
      })
      .finally(() => {
        const isLast = this.#announcements.get(task.taskArn) === announcement;
        if (isLast) this.#announcements.delete(task.taskArn);
      });
    this.#announcements.set(task.taskArn, announcement);
    return announcement;
  }

  async #deliver(task: Task): Promise<void> {
    await this.#table.save();
    await this.#parts.options.emit(stateChangeEvent(this.#parts.options, task));
    if (task.lastStatus !== 'STOPPED') return;
    this.#table.markAnnounced(task.taskArn);
    await this.#table.save();
  }

  #task(taskArn: string): Task {
    const task = this.#table.get(taskArn);
    if (task === undefined) throw new Error(`The task table lost the live task ${taskArn}.`);
    return task;
  }

  #isStopping(live: LiveTask): boolean {
    return this.#closed || this.#task(live.taskArn).desiredStatus === 'STOPPED';
  }

  #time(): string {
    return this.#parts.now().toISOString();
  }
}

function stopContainers(live: LiveTask): void {
  for (const { name, stopTimeoutSeconds } of live.definition.containers) {
    const timeout = stopTimeoutSeconds ?? DEFAULT_STOP_TIMEOUT_SECONDS;
    live.containers.get(name)?.stop(Math.min(timeout, MAX_STOP_TIMEOUT_SECONDS));
  }
}

/** Stops what still runs, and answers the exit code of every container that had started. */
async function stopAndCollect(live: LiveTask): Promise<Map<string, number>> {
  stopContainers(live);
  const exitCodes = new Map<string, number>();
  for (const [name, container] of live.containers) exitCodes.set(name, await container.exited);
  return exitCodes;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
