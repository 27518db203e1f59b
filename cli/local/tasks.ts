import type { CloudState } from '../../local/cloud';
import { UsageError } from '../usage-error';

type Task = CloudState['tasks'][number];

export function taskId({ taskArn }: Pick<Task, 'taskArn'>): string {
  return taskArn.split('/').at(-1) ?? taskArn;
}

/**
 * The running task that is meant: the one whose id begins so, or the only one there is.
 * @throws UsageError when there is none, or more than one
 */
export function chooseTask(tasks: readonly Task[], idOrStart: string | undefined): string {
  const running = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').map(taskId);
  const meant = running.filter(id => id.startsWith(idOrStart ?? ''));
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return only;
  const which = idOrStart === undefined ? '' : ` whose id begins with "${idOrStart}"`;
  if (running.length === 0) throw new UsageError('No task runs. Upload a video to have one started.');
  throw new UsageError(
    meant.length === 0
      ? `No task runs${which}. There is: ${running.join(', ')}.`
      : `More than one task runs${which}; name one: ${meant.join(', ')}.`,
  );
}
