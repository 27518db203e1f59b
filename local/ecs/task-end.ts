import { KILLED_EXIT_CODE } from './container-process';
import type { TaskChange } from './task-table';
import type { StopCode, Task } from './types';

/** Why a task is being stopped. */
export interface StopRequest {
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
}

/** How the containers of a task ended. */
export interface ContainersEnd {
  readonly at: string;
  /** Exit code of each container that had started, by name. */
  readonly exitCodes: ReadonlyMap<string, number>;
  /** Why the task could not be started, if that is why it ends. */
  readonly failure: string | undefined;
}

/** The change to a task whose containers have ended. */
export function containersEnded(task: Task, end: ContainersEnd): TaskChange {
  return {
    lastStatus: 'DEPROVISIONING',
    desiredStatus: 'STOPPED',
    ...finalStop(task, end.failure),
    stoppingAt: task.stoppingAt ?? end.at,
    ...(end.exitCodes.size > 0 ? { executionStoppedAt: end.at } : {}),
    containers: task.containers.map(container => {
      const exitCode = end.exitCodes.get(container.name);
      if (exitCode !== undefined) return { ...container, lastStatus: 'STOPPED', exitCode };
      if (end.failure !== undefined) return { ...container, lastStatus: 'STOPPED', reason: end.failure };
      return { ...container, lastStatus: 'STOPPED' };
    }),
  };
}

function finalStop(task: Task, failure: string | undefined): StopRequest {
  if (task.stopCode !== undefined) {
    return {
      stopCode: task.stopCode === 'TerminationNotice' ? 'SpotInterruption' : task.stopCode,
      stoppedReason: task.stoppedReason ?? '',
    };
  }
  if (failure !== undefined) return { stopCode: 'TaskFailedToStart', stoppedReason: failure };
  return { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };
}

const HOST_LOST: StopRequest = {
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'The host that ran the task was lost.',
};

/** The change to a task that was live when its host went. */
export function hostLost(task: Task, at: string): TaskChange {
  return {
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    // A task that was being stopped ends for that reason.
    ...(task.desiredStatus === 'STOPPED' ? finalStop(task, undefined) : HOST_LOST),
    stoppingAt: task.stoppingAt ?? at,
    executionStoppedAt: at,
    stoppedAt: at,
    networkInterface: { ...task.networkInterface, status: 'DELETED' },
    containers: task.containers.map(container => ({
      ...container,
      lastStatus: 'STOPPED',
      exitCode: KILLED_EXIT_CODE,
    })),
  };
}
