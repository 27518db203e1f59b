import { intakeHandler } from '../../handlers/intake';
import { sweepHandler } from '../../handlers/sweep';
import { at } from '../support/builders';
import { s3Event, sqsEvent } from '../support/events';
import { memoryCloud, upload } from '../support/memory-cloud';

describe('intake', () => {
  it.each([
    ['video first', ['a.mp4', 'a.mp4.json']],
    ['manifest first', ['a.mp4.json', 'a.mp4']],
    [
      'ten duplicates of both, shuffled',
      [
        'a.mp4',
        'a.mp4.json',
        'a.mp4.json',
        'a.mp4',
        'a.mp4',
        'a.mp4.json',
        'a.mp4',
        'a.mp4.json',
        'a.mp4',
        'a.mp4.json',
      ],
    ],
  ])('makes exactly one job, order and task: %s', async (_what, keys) => {
    const cloud = memoryCloud();
    for (const key of keys) {
      upload(cloud, key);
      await intakeHandler(cloud)(sqsEvent(s3Event(key)));
    }
    expect(cloud.job()).toMatchObject({
      status: 'accepted',
      pending: [],
      launches: [{ taskArn: expect.any(String) as string }],
    });
    expect(cloud.state.queue).toHaveLength(1);
    expect(cloud.state.launches).toHaveLength(1);
    expect(cloud.state.waiting.size).toBe(0);
    expect(cloud.state.measured.filter(({ name }) => name === 'JobsAccepted')).toEqual([
      { name: 'JobsAccepted', value: 1 },
    ]);
  });

  it('makes one job when both halves are handled at the same time', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4');
    upload(cloud, 'a.mp4.json');
    await Promise.all(
      ['a.mp4', 'a.mp4.json', 'a.mp4'].map(key => intakeHandler(cloud)(sqsEvent(s3Event(key)))),
    );
    expect(cloud.job().status).toBe('accepted');
    expect(cloud.state.queue).toHaveLength(1);
  });

  it.each([
    ['my+clip.mp4', 'my clip.mp4'],
    ['a%2Bb%25.MOV', 'a+b%.MOV'],
    ['caf%C3%A9/%F0%9F%8E%AC.mp4', 'café/🎬.mp4'],
  ])('takes %s for what it is', async (encoded, key) => {
    const cloud = memoryCloud();
    upload(cloud, key, { metadata: { preset: 'web' } });
    await intakeHandler(cloud)(sqsEvent(s3Event(encoded)));
    expect(cloud.job()).toMatchObject({ videoKey: key, status: 'accepted' });
  });

  it('pins a preset with what it builds on, as both are at that moment', async () => {
    const cloud = memoryCloud();
    cloud.state.presets.set(
      'mine',
      JSON.stringify({ extends: 'web', outputs: [{ name: 'web', video: { speed: 'slow' } }] }),
    );
    upload(cloud, 'a.mp4', { metadata: { preset: 'mine' } });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    cloud.state.presets.clear();
    expect(cloud.job().preset).toMatchObject({
      name: 'mine',
      content: { outputs: [{ kind: 'video', name: 'web', video: { speed: 'slow' }, audio: {} }] },
    });
    expect(cloud.job().preset?.content).not.toHaveProperty('extends');
  });

  it('rejects a preset whose base is not there, and suggests one that is', async () => {
    const cloud = memoryCloud();
    cloud.state.presets.set('mine', '{"extends":"wbe"}');
    upload(cloud, 'a.mp4', { metadata: { preset: 'mine' } });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    expect(cloud.job()).toMatchObject({
      status: 'rejected',
      problems: [
        {
          pointer: 'presets/mine.json#/extends',
          value: 'wbe',
          fix: expect.stringContaining('Did you mean "web"?') as string,
        },
      ],
    });
  });

  it('gives the order the pinned source, the preset and a ticket of its generation', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    expect(cloud.state.queue[0]).toMatchObject({
      generation: 1,
      source: { etag: '"e"', sizeBytes: 1000 },
      outputs: [{ name: 'web' }],
    });
    expect([...cloud.state.tickets.values()]).toEqual([
      { schema: 'spotreel.ticket/1', generation: 1, inputUrls: {} },
    ]);
  });

  it('rejects in the outbox, starts no task and leaves nothing open', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4');
    upload(cloud, 'a.mp4.json', { text: '{"preset":"wbe"}' });
    await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    expect(cloud.state.summaries.get('a.mp4.rejected.json')?.problems?.[0]?.fix).toContain(
      'Did you mean "web"?',
    );
    expect(cloud.state.launches).toEqual([]);
    expect(cloud.state.open.size).toBe(0);
    expect(cloud.state.measured).toEqual([{ name: 'JobsRejected', value: 1 }]);
  });

  it.each([{ Service: 'Amazon S3', Event: 's3:TestEvent' }, s3Event('folder/')])(
    'passes over %j',
    async body => {
      const cloud = memoryCloud();
      expect(await intakeHandler(cloud)(sqsEvent(body))).toEqual({ batchItemFailures: [] });
      expect(cloud.state.records.size).toBe(0);
    },
  );

  it('has only the bad message of a batch come again', async () => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
    const answer = await intakeHandler(cloud)(sqsEvent({ Records: [{ nonsense: true }] }, s3Event('a.mp4')));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(cloud.state.hidden).toEqual(['receipt-0: 10']);
    expect(cloud.job().status).toBe('accepted');
  });

  it.each(
    [
      'jobs.markOpen',
      'jobs.create',
      'work.grant',
      'work.writeTicket',
      'orders.send',
      'tasks.start',
      'jobs.replace',
    ].flatMap(call => (['before', 'after'] as const).map(when => [when, call] as const)),
  )('that dies %s %s is repaired by the sweep, with one job and one task', async (when, call) => {
    const cloud = memoryCloud();
    upload(cloud, 'a.mp4', { metadata: { preset: 'web' } });
    cloud.state.crash = { call, when };
    const answer = await intakeHandler(cloud)(sqsEvent(s3Event('a.mp4')));
    expect(answer.batchItemFailures).toHaveLength(1);
    cloud.state.now = at(cloud.settings.graceSeconds + 1);
    await sweepHandler(cloud)();
    expect(cloud.job()).toMatchObject({
      status: 'accepted',
      pending: [],
      launches: [{ taskArn: expect.any(String) as string }],
    });
    expect(cloud.state.launches).toHaveLength(1);
    expect(cloud.state.queue.length).toBeGreaterThanOrEqual(1);
    expect(new Set(cloud.state.queue.map(({ generation }) => generation))).toEqual(new Set([1]));
  });
});
