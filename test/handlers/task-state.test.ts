import { completionHandler } from '../../handlers/completion';
import { intakeHandler } from '../../handlers/intake';
import { taskStateHandler } from '../../handlers/task-state';
import { makeReport, taskArn } from '../support/builders';
import { s3Event, sqsEvent, taskStoppedEvent } from '../support/events';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud, upload } from '../support/memory-cloud';

async function runningJob(): Promise<MemoryCloud> {
  const cloud = memoryCloud();
  upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
  await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
  await completionHandler(cloud)(sqsEvent({ ...makeReport('started'), jobId: cloud.job().jobId }));
  return cloud;
}

describe('the end of a task', () => {
  it('with work in hand puts the order on the queue again, under a new ticket, and starts another task', async () => {
    const cloud = await runningJob();
    const event = taskStoppedEvent({
      taskArn: taskArn(1),
      startedBy: cloud.job().jobId,
      stopCode: 'SpotInterruption',
      exitCode: 137,
    });
    await taskStateHandler(cloud)(event);
    await taskStateHandler(cloud)(event);
    expect(cloud.state.queue.map(({ generation }) => generation)).toEqual([1, 2]);
    expect([...cloud.state.tickets.values()]).toMatchObject([{ generation: 2 }]);
    expect(cloud.state.launches).toHaveLength(2);
    expect(cloud.state.measured.filter(({ name }) => name === 'SpotReclaims')).toEqual([
      { name: 'SpotReclaims', value: 1 },
    ]);
    expect(cloud.state.notes.size).toBe(0);
  });

  it('that held the order of another job than it was started for tells that job', async () => {
    const cloud = await runningJob();
    await taskStateHandler(cloud)(
      taskStoppedEvent({ taskArn: taskArn(1), startedBy: 'another-job', exitCode: 137 }),
    );
    expect(cloud.job().orders[0]).toMatchObject({ generation: 2, attempts: [{ outcome: 'killed' }] });
  });

  it('is billed once, from the pull of the image on', async () => {
    const cloud = await runningJob();
    const event = taskStoppedEvent({ taskArn: taskArn(1), startedBy: cloud.job().jobId });
    await taskStateHandler(cloud)(event);
    await taskStateHandler(cloud)(event);
    expect(cloud.state.receipts).toMatchObject([{ billedSeconds: 115, capacityProvider: 'FARGATE_SPOT' }]);
    expect(cloud.state.measured.filter(({ name }) => name.startsWith('Billed'))).toEqual([
      { name: 'BilledTaskSeconds', value: 115 },
      { name: 'BilledTaskUsd', value: cloud.state.receipts[0]?.usd },
    ]);
  });

  it.each([
    ['us-east-1', { priceRegion: 'us-east-1' }],
    ['ap-southeast-1', { priceRegion: 'ap-southeast-1' }],
    ['eu-north-1', { priceRegion: 'us-east-1', pricesAssumed: true }],
  ])('in %s has a receipt that says whose prices were taken', async (region, basis) => {
    const cloud = memoryCloud({ region });
    await taskStateHandler(cloud)(taskStoppedEvent({ taskArn: taskArn(1), startedBy: 'some-job' }));
    expect(cloud.state.receipts).toMatchObject([basis]);
    expect('pricesAssumed' in (cloud.state.receipts[0] ?? {})).toBe('pricesAssumed' in basis);
  });

  it('is not looked at before it has come', async () => {
    const cloud = await runningJob();
    const event = taskStoppedEvent({ taskArn: taskArn(1), startedBy: cloud.job().jobId, exitCode: 137 }) as {
      detail: object;
    };
    await taskStateHandler(cloud)({
      ...event,
      detail: { ...event.detail, lastStatus: 'RUNNING', stopCode: 'TerminationNotice' },
    });
    expect(cloud.job().orders[0]).toMatchObject({ state: 'running', generation: 1 });
    expect(cloud.state.receipts).toEqual([]);
  });
});
