import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalService } from '../types';
import { lastPart } from './arns';
import { Fargate } from './fargate';
import { answer } from './http';
import { MetadataEndpoint } from './metadata';
import type { Ecs } from './operation';
import { TaskTable } from './task-table';
import type { EcsOptions, Task } from './types';

export type {
  CapacityAnswer,
  CapacityRequest,
  EcsOptions,
  EventBridgeEvent,
  LocalContainer,
  LocalTaskDefinition,
  Task,
} from './types';

export interface LocalEcs extends LocalService {
  /**
   * Takes the capacity back from one FARGATE_SPOT task, or from all of them: the warning event
   * (`TerminationNotice`, still RUNNING) and SIGTERM at once, SIGKILL after the stop timeout, then
   * STOPPED with `SpotInterruption`. Answers the ids of the tasks that were warned; a task that is
   * unknown, stopping or not on Spot is none of them.
   */
  reclaim(taskId?: string): Promise<string[]>;
  /**
   * SIGKILL to a task's containers, as a crash or the kernel's out-of-memory killer would; resolves
   * when the task is STOPPED. Throws when the task has no running container.
   */
  kill(taskId: string): Promise<void>;
  /** Live tasks, and those that stopped within the last hour. */
  tasks(): Task[];
  /**
   * Emits the end of the tasks that were live when the last process with this `dataDir` went. They
   * are STOPPED from the start; call this once events can be taken.
   */
  announceLost(): Promise<void>;
  /** Kills all containers and stops listening. To the next start, their tasks' host was lost. */
  close(): Promise<void>;
}

/** A local ECS whose Fargate tasks are processes of this machine. */
export async function createEcs(options: EcsOptions): Promise<LocalEcs> {
  const now = options.now ?? ((): Date => new Date());
  mkdirSync(options.dataDir, { recursive: true });
  mkdirSync(options.logDir, { recursive: true });
  const table = new TaskTable(join(options.dataDir, 'ecs.json'), now);
  const metadata = await MetadataEndpoint.listen();
  const fargate = new Fargate({ options, now, table, metadata });
  await table.save();
  const ecs: Ecs = { options, now, table, fargate };
  return {
    handle: (request, response) => answer(ecs, request, response),
    reclaim: taskId => reclaim(ecs, taskId),
    kill: taskId => kill(ecs, taskId),
    tasks: () => table.all(),
    announceLost: () => fargate.announceLost(),
    close: async () => {
      await fargate.close();
      await metadata.close();
    },
  };
}

async function reclaim({ table, fargate }: Ecs, taskId: string | undefined): Promise<string[]> {
  const reclaimed = table
    .live()
    .filter(
      task =>
        task.capacityProviderName === 'FARGATE_SPOT' &&
        task.desiredStatus === 'RUNNING' &&
        (taskId === undefined || lastPart(task.taskArn) === taskId),
    );
  for (const { taskArn } of reclaimed) {
    fargate.stop(taskArn, {
      stopCode: 'TerminationNotice',
      stoppedReason: 'Your Spot Task was interrupted.',
    });
  }
  await table.save();
  return reclaimed.map(({ taskArn }) => lastPart(taskArn));
}

async function kill({ table, fargate }: Ecs, taskId: string): Promise<void> {
  const task = table.live().find(({ taskArn }) => lastPart(taskArn) === taskId);
  if (task === undefined || !(await fargate.kill(task.taskArn))) {
    throw new Error(`Task ${taskId} has no running container to kill.`);
  }
}
