import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskTable } from '../../../local/ecs/task-table';
import { someTask } from './some-task';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecs-table-'));
  file = join(folder, 'ecs.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = (): Date => new Date('2030-01-01T00:00:00Z');

describe('the task table', () => {
  it('has on disk, when a save resolves, all that came before it', async () => {
    const table = new TaskTable(file, now);
    const saves = ['a', 'b', 'c'].map(async taskArn => {
      table.add(someTask({ taskArn }), undefined);
      await table.save();
      expect(readFileSync(file, 'utf8')).toContain(`"taskArn":"${taskArn}"`);
    });
    await Promise.all(saves);
    const reopened = new TaskTable(file, now);
    expect(reopened.all().map(({ taskArn }) => taskArn)).toEqual(['a', 'b', 'c']);
  });

  it('keeps client tokens over a restart, each in its cluster', async () => {
    const table = new TaskTable(file, now);
    table.add(someTask({ taskArn: 'a', clusterArn: 'one' }), { token: 't', fingerprint: 'f' });
    await table.save();
    const reopened = new TaskTable(file, now);
    expect(reopened.findByToken('one', 't')).toMatchObject({ fingerprint: 'f', tasks: [{ taskArn: 'a' }] });
    expect(reopened.findByToken('two', 't')).toBeUndefined();
  });

  it('forgets a client token after 24 hours, even while its task lives', () => {
    const table = new TaskTable(file, now);
    const token = { token: 't', fingerprint: 'f' };
    table.add(someTask({ taskArn: 'a', clusterArn: 'one', createdAt: '2029-12-31T00:00:00Z' }), token);
    expect(table.findByToken('one', 't')).toBeUndefined();
    expect(table.get('a')).toBeDefined();
  });

  it('names a file that it cannot read, and what to do', () => {
    writeFileSync(file, '{"tasks": [');
    expect(() => new TaskTable(file, now)).toThrow(`${file} does not hold a task table; move it away`);
  });

  it('makes a new version of a task with every change, and none with new tags', () => {
    const table = new TaskTable(file, now);
    table.add(someTask({ taskArn: 'a', version: 1 }), undefined);
    table.setTags('a', [{ key: 'job', value: 'j1' }]);
    expect(table.get('a')?.version).toBe(1);
    expect(table.change('a', { lastStatus: 'PENDING' })).toMatchObject({
      version: 2,
      updatedAt: '2030-01-01T00:00:00.000Z',
      tags: [{ key: 'job', value: 'j1' }],
    });
  });
});
