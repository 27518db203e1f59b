import type { CapacityProvider } from '../core/cost/task';
import type { JobRecord, Launch } from '../core/job';
import { capacityPlan, launchToken } from '../core/launch';
import type { LaunchResult } from '../core/launch';
import type { Settings } from '../core/settings';
import type { TaskSight } from '../core/sweep';
import { EXPIRY_TAG, taskTags } from '../core/task-tags';
import type { Clock, Timer } from './clock';
import type { Faults } from './faults';
import type { Random } from './random';

export interface Task {
  readonly taskArn: string;
  readonly startedBy: string;
  readonly clientToken: string;
  readonly capacityProvider: CapacityProvider;
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  status: 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  /** From here on it is billed. */
  pullStartedAtMs?: number;
  stoppedAtMs?: number;
  stopCode?: string;
  stoppedReason?: string;
  exitCode?: number;
  process?: WorkerProcess;
  /** When Spot takes it back, if it is there for so long: mostly hours after it has ended. */
  reclaim?: Timer;
}

/** What runs in a task's container. */
export interface WorkerProcess {
  /** SIGTERM. */
  terminate(): void;
  /** SIGKILL: nothing more is heard of it. */
  kill(): void;
}

export interface FargateOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => Faults;
  readonly settings: Settings;
  readonly startWorker: (task: Task, exited: (exitCode: number) => void) => WorkerProcess;
  readonly onStopped: (task: Task) => void;
  /** A RunTask call was made, whatever came of it. */
  readonly onRunTask: () => void;
  readonly onCreated: (task: Task) => void;
  readonly trace: (line: string) => void;
}

/** Seconds from SIGTERM to SIGKILL, which is also the warning that Spot gives. */
const STOP_SECONDS = 120;
/** ECS forgets stopped tasks after about an hour. */
const REMEMBERED_SECONDS = 3600;

/** ECS with Fargate and Fargate Spot, as far as the pipeline uses it. */
export class Fargate {
  readonly #options: FargateOptions;
  readonly #tasks = new Map<string, Task>();
  readonly #byToken = new Map<string, Task>();
  #started = 0;
  #live = 0;

  constructor(options: FargateOptions) {
    this.#options = options;
  }

  start(job: JobRecord, launch: Launch): LaunchResult {
    const { random, faults, settings, onRunTask } = this.#options;
    if (this.#live >= settings.maxTasks)
      return { kind: 'deferred', reason: `${settings.maxTasks} tasks run` };
    const reasons: string[] = [];
    for (const capacityProvider of capacityPlan(launch, settings)) {
      onRunTask();
      const token = launchToken({
        jobId: job.jobId,
        launch: launch.launch,
        capacityProvider,
        subnetIndex: 0,
      });
      const known = this.#byToken.get(token);
      if (known !== undefined) return { kind: 'started', taskArn: known.taskArn, capacityProvider };
      if (random.chance(faults().noCapacity)) {
        reasons.push(`${capacityProvider}: Capacity is unavailable at this time`);
        continue;
      }
      const task = this.#run(job, launch, { capacityProvider, clientToken: token });
      this.#byToken.set(token, task);
      return { kind: 'started', taskArn: task.taskArn, capacityProvider };
    }
    return { kind: 'noCapacity', reasons };
  }

  stop(taskArn: string, reason: string): void {
    const task = this.#tasks.get(taskArn);
    if (task !== undefined) this.#terminate(task, { stopCode: 'UserInitiated', stoppedReason: reason });
  }

  see(taskArn: string): TaskSight {
    const task = this.#tasks.get(taskArn);
    if (task === undefined) return { kind: 'unknown', taskArn };
    if (task.status === 'STOPPED') {
      const { stopCode, stoppedReason, exitCode } = task;
      return {
        kind: 'stopped',
        task: {
          taskArn,
          ...(stopCode === undefined ? {} : { stopCode }),
          ...(stoppedReason === undefined ? {} : { stoppedReason }),
          ...(exitCode === undefined ? {} : { exitCode }),
        },
      };
    }
    return {
      kind: 'live',
      taskArn,
      startedBy: task.startedBy,
      createdAt: new Date(task.createdAtMs),
      expiresAt: new Date(task.expiresAtMs),
    };
  }

  /** Tasks that are to run, as ListTasks names them: not those that are being stopped. */
  wanted(): Task[] {
    return [...this.#tasks.values()].filter(({ status }) => status === 'PENDING' || status === 'RUNNING');
  }

  get liveCount(): number {
    return this.#live;
  }

  /** Takes a task for stopped whose worker goes on all the same. */
  forsake(taskArn: string): void {
    const task = this.#tasks.get(taskArn);
    if (task !== undefined)
      this.#stopped(task, {
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Host lost',
        exitCode: 137,
      });
  }

  #run(
    job: JobRecord,
    launch: Launch,
    place: { capacityProvider: CapacityProvider; clientToken: string },
  ): Task {
    const { clock, random, settings, faults, trace, onCreated } = this.#options;
    const size = job.preset?.content.task ?? { vcpu: 2, memoryGiB: 4 };
    this.#started += 1;
    const expiry = taskTags(job, { requestedAt: new Date(launch.requestedAt), settings }).find(
      ({ name }) => name === EXPIRY_TAG,
    );
    const task: Task = {
      taskArn: `arn:aws:ecs:us-east-1:000000000000:task/spotreel/t${this.#started}`,
      startedBy: job.jobId,
      ...place,
      vcpu: size.vcpu,
      memoryGiB: size.memoryGiB,
      createdAtMs: clock.nowMs,
      expiresAtMs: Date.parse(expiry?.value ?? clock.iso()),
      status: 'PENDING',
    };
    this.#tasks.set(task.taskArn, task);
    this.#live += 1;
    onCreated(task);
    trace(`run ${task.taskArn}`);
    const fails = random.chance(faults().startFails);
    clock.after(random.between(8, 20), () => {
      if (task.status !== 'PENDING') return;
      task.pullStartedAtMs = clock.nowMs;
      clock.after(random.between(10, 30), () => {
        if (task.status !== 'PENDING') return;
        if (fails) {
          this.#stopped(task, { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError' });
          return;
        }
        this.#running(task);
      });
    });
    return task;
  }

  #running(task: Task): void {
    const { clock, random, faults, startWorker } = this.#options;
    task.status = 'RUNNING';
    task.process = startWorker(task, exitCode => {
      const after: Partial<Task> = { exitCode };
      if (task.stopCode === undefined) {
        after.stopCode = 'EssentialContainerExited';
        after.stoppedReason = 'Essential container in task exited';
      }
      this.#stopped(task, after);
    });
    const { reclaimsPerHour } = faults();
    if (reclaimsPerHour === 0 || task.capacityProvider !== 'FARGATE_SPOT') return;
    task.reclaim = clock.after(random.exponential(3600 / reclaimsPerHour), () => {
      this.#terminate(task, {
        stopCode: 'SpotInterruption',
        stoppedReason: 'Your Spot Task was interrupted.',
      });
    });
  }

  #terminate(task: Task, why: Pick<Task, 'stopCode' | 'stoppedReason'>): void {
    if (task.status === 'STOPPED' || task.status === 'STOPPING') return;
    if (task.process === undefined) {
      this.#stopped(task, why);
      return;
    }
    task.status = 'STOPPING';
    Object.assign(task, why);
    task.process.terminate();
    this.#options.clock.after(STOP_SECONDS, () => this.#stopped(task, { exitCode: 137 }, 'kill'));
  }

  #stopped(task: Task, how: Partial<Task>, end: 'kill' | 'leave' = 'leave'): void {
    const { clock, trace, onStopped } = this.#options;
    if (task.status === 'STOPPED') return;
    if (end === 'kill') task.process?.kill();
    Object.assign(task, how);
    task.status = 'STOPPED';
    this.#live -= 1;
    task.stoppedAtMs = clock.nowMs;
    delete task.process;
    if (task.reclaim !== undefined) task.reclaim.cancel();
    delete task.reclaim;
    trace(`stopped ${task.taskArn} ${task.stopCode ?? ''} ${task.exitCode ?? ''}`);
    onStopped(task);
    clock.after(REMEMBERED_SECONDS, () => {
      this.#tasks.delete(task.taskArn);
      this.#byToken.delete(task.clientToken);
    });
  }
}
