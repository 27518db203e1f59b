import type { StackOutcome, StackRequest } from '../core/stack-request';
import { describeError } from './batch';
import type { Cloud, NetworkCloud } from './cloud';

/** A worker has two minutes after SIGTERM; ECS takes about as long again to give a task's network interface back. */
const PATIENCE_SECONDS = 600;

/** Between two looks. */
const PAUSE_SECONDS = 5;

export interface ClosingCloud extends Cloud {
  readonly answerStack: NetworkCloud['answerStack'];
  readonly pause: (seconds: number) => Promise<void>;
}

/**
 * Answers CloudFormation when it makes or removes the stack. It removes no cluster in which tasks run, so all of them
 * are stopped before, and it waits for that. What started them is gone by then.
 */
export function stackHandler(cloud: ClosingCloud): (request: StackRequest) => Promise<void> {
  return async request => {
    cloud.log.info('CloudFormation asks', { requestType: request.RequestType });
    const outcome =
      request.RequestType === 'Delete' ? await stopAllTasks(cloud) : ({ kind: 'done' } as const);
    await cloud.answerStack(request, outcome);
  };
}

async function stopAllTasks(cloud: ClosingCloud): Promise<StackOutcome> {
  const { now, pause, tasks } = cloud;
  const until = now().getTime() + PATIENCE_SECONDS * 1000;
  const stopping = new Set<string>();
  for (let isSecondLook = false; ; isSecondLook = true) {
    let trouble: string;
    try {
      const live: string[] = [];
      for await (const { taskArn } of tasks.live()) live.push(taskArn);
      for (const taskArn of live) {
        await tasks.stop(taskArn, 'the deployment is removed');
        stopping.add(taskArn);
      }
      for (const [taskArn, { kind }] of await tasks.see([...stopping]))
        if (kind !== 'live') stopping.delete(taskArn);
      trouble = [...stopping].map(taskArn => taskArn.split('/').at(-1)).join(', ');
      // A function that was at work when its queue was taken from it may have started one after the first look.
      if (isSecondLook && stopping.size === 0) return { kind: 'done' };
    } catch (error) {
      trouble = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      cloud.log.error('Tasks could not be stopped so far', { error: describeError(error) });
    }
    if (now().getTime() >= until) {
      const reason = `Tasks of the cluster still run: ${trouble}. Stop them (aws ecs list-tasks, aws ecs stop-task), then remove the stack again.`;
      return { kind: 'failed', reason };
    }
    await pause(PAUSE_SECONDS);
  }
}
