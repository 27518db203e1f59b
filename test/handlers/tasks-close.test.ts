import type { StackOutcome, StackRequest } from '../../core/stack-request';
import { stackHandler } from '../../handlers/tasks-close';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud } from '../support/memory-cloud';

const REQUEST: StackRequest = {
  RequestType: 'Delete',
  ResponseURL: 'https://cloudformation.example/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Tasks',
};

const arn = (id: string): string => `arn:aws:ecs:us-east-1:123456789012:task/spotreel/${id}`;

/** A cloud in which tasks take a while from StopTask to their end, and its clock goes on while somebody waits. */
function closing({ stopSeconds = 0 } = {}) {
  const memory: MemoryCloud = memoryCloud();
  const { state } = memory;
  const answers: StackOutcome[] = [];
  const endsAt = new Map<string, number>();
  const passed: (() => void)[] = [];
  const start = (id: string): void => {
    state.tasks.set(arn(id), {
      kind: 'live',
      taskArn: arn(id),
      startedBy: 'spotreel',
      createdAt: state.now,
    });
  };
  const handle = stackHandler({
    ...memory,
    tasks: {
      ...memory.tasks,
      stop: async (taskArn, reason) => {
        await memory.tasks.stop(taskArn, reason);
        if (!endsAt.has(taskArn)) endsAt.set(taskArn, state.now.getTime() + stopSeconds * 1000);
      },
    },
    answerStack: async (_request, outcome) => void answers.push(outcome),
    pause: async seconds => {
      state.now = new Date(state.now.getTime() + seconds * 1000);
      for (const [taskArn, end] of endsAt)
        if (state.now.getTime() >= end) state.tasks.set(taskArn, { kind: 'stopped', task: { taskArn } });
      passed.shift()?.();
    },
  });
  return { memory, answers, start, passed, handle };
}

describe('a deployment that is removed', () => {
  it('stops its tasks and waits for their end before CloudFormation goes on', async () => {
    const { memory, answers, start, handle } = closing({ stopSeconds: 150 });
    start('one');
    start('two');
    const begun = memory.state.now.getTime();
    await handle(REQUEST);
    expect(answers).toEqual([{ kind: 'done' }]);
    expect([...memory.state.tasks.values()].map(({ kind }) => kind)).toEqual(['stopped', 'stopped']);
    expect((memory.state.now.getTime() - begun) / 1000).toBe(150);
    expect(new Set(memory.state.stopped)).toEqual(
      new Set(['one: the deployment is removed', 'two: the deployment is removed']),
    );
  });

  it('finds a task that was being started when it looked first', async () => {
    const { memory, answers, start, passed, handle } = closing();
    passed.push(() => start('late'));
    await handle(REQUEST);
    expect(answers).toEqual([{ kind: 'done' }]);
    expect(memory.state.tasks.get(arn('late'))?.kind).toBe('stopped');
  });

  it('says after ten minutes which tasks do not end, and what helps', async () => {
    const { answers, start, handle } = closing({ stopSeconds: 3600 });
    start('stuck');
    await handle(REQUEST);
    expect(answers).toEqual([
      { kind: 'failed', reason: expect.stringMatching(/still run: stuck\. Stop them .*again/) as string },
    ]);
  });

  it('goes on after a call that was refused, and answers with it when it stays so', async () => {
    const { memory, answers, start, handle } = closing();
    start('one');
    memory.state.crash = { call: 'tasks.stop', when: 'before' };
    await handle(REQUEST);
    expect(answers).toEqual([{ kind: 'done' }]);
    const refused = stackHandler({
      ...memory,
      tasks: {
        ...memory.tasks,
        live: () => {
          throw new Error('AccessDenied');
        },
      },
      answerStack: async (_request, outcome) => void answers.push(outcome),
      pause: async seconds => {
        memory.state.now = new Date(memory.state.now.getTime() + seconds * 1000);
      },
    });
    await refused(REQUEST);
    expect(answers[1]).toEqual({ kind: 'failed', reason: expect.stringContaining('AccessDenied') as string });
  });

  it.each(['Create', 'Update'] as const)('has nothing to do at %s', async RequestType => {
    const { memory, answers, start, handle } = closing();
    start('one');
    await handle({ ...REQUEST, RequestType });
    expect(answers).toEqual([{ kind: 'done' }]);
    expect(memory.state.stopped).toEqual([]);
  });
});
