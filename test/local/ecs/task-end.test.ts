import { containersEnded, hostLost } from '../../../local/ecs/task-end';
import { someTask } from './some-task';

const AT = '2030-01-01T00:00:00.000Z';

describe('a task whose host was lost', () => {
  it('has ended like a crash', () => {
    expect(hostLost(someTask({}), AT)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      executionStoppedAt: AT,
      stoppedAt: AT,
      containers: [{ exitCode: 137 }],
    });
  });

  it('keeps the reason for which it was already being stopped', () => {
    const stopping = { desiredStatus: 'STOPPED', stoppingAt: '2029-12-31T23:59:00.000Z' } as const;
    const asked = someTask({ ...stopping, stopCode: 'UserInitiated', stoppedReason: 'The job is done.' });
    expect(hostLost(asked, AT)).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'The job is done.',
      stoppingAt: stopping.stoppingAt,
    });
    const warned = someTask({
      ...stopping,
      stopCode: 'TerminationNotice',
      stoppedReason: 'Your Spot Task …',
    });
    expect(hostLost(warned, AT)).toMatchObject({ stopCode: 'SpotInterruption' });
  });
});

describe('a task whose containers have ended', () => {
  it('gives the reason to the containers that never started', () => {
    const task = someTask({ lastStatus: 'PENDING' });
    const change = containersEnded(task, { at: AT, exitCodes: new Map(), failure: 'CannotPull' });
    expect(change).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPull',
      containers: [{ lastStatus: 'STOPPED', reason: 'CannotPull' }],
    });
    expect(change).not.toHaveProperty('executionStoppedAt');
  });
});
