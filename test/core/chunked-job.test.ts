import { decideReport, settlePublish } from '../../core/completion';
import type { JobRecord } from '../../core/job';
import type { OrderReport } from '../../core/report';
import { advance, newOrder } from '../../core/chunked-job';
import { decideTaskStopped } from '../../core/task-state';
import {
  SOURCE_FACTS,
  acceptedJob,
  at,
  launchedJob,
  makeOutput,
  makeReport,
  makeSettings,
  stopped,
  taskArn,
} from '../support/builders';
import { changedJob, cutJob, finished, part, planned } from '../support/chunked';

const settings = makeSettings({ maxTasksPerJob: 2 });
const context = { now: at(60), settings };
const states = (job: JobRecord): string[] => job.orders.map(({ orderId, state }) => `${orderId} ${state}`);
const promises = (job: JobRecord): string[] =>
  job.pending.map(item =>
    'orderId' in item ? `${item.kind} ${item.orderId}` : `${item.kind} ${item.launch}`,
  );

function report(job: JobRecord, ...reports: OrderReport[]): JobRecord {
  return reports.reduce((next, one) => changedJob(decideReport(next, one, context)), job);
}

/** Nothing pending, as after all was carried out. */
const carriedOut = (job: JobRecord): JobRecord => ({
  ...job,
  pending: [],
  launches: job.launches.map(launch => ({ taskArn: taskArn(launch.launch), ...launch })),
});

describe('a job whose source is long', () => {
  it('is given its first order with how long sources are to be cut', () => {
    expect(
      acceptedJob({ settings: makeSettings({ splitAboveSeconds: 90, chunkSeconds: 20 }) }).orders,
    ).toMatchObject([{ work: { kind: 'encode-whole', split: { aboveSeconds: 90, chunkSeconds: 20 } } }]);
  });

  it('becomes an order for the sound and one for each chunk, no more out at once than tasks can take up', () => {
    const job = cutJob(6, settings);
    expect(job).toMatchObject({ status: 'running', cut: { chunks: 6, chunkFiles: ['_picture-web.mp4'] } });
    expect(states(job)).toEqual([
      'whole finished',
      ...['rest', 'chunk-0000', 'chunk-0001', 'chunk-0002', 'chunk-0003'].map(id => `${id} queued`),
      ...['chunk-0004', 'chunk-0005'].map(id => `${id} waiting`),
    ]);
    expect(promises(job)).toEqual([
      'issueOrder rest',
      'issueOrder chunk-0000',
      'issueOrder chunk-0001',
      'issueOrder chunk-0002',
      'issueOrder chunk-0003',
      'launchTask 2',
    ]);
  });

  it.each([
    [2, 8, 1],
    [3, 8, 1],
    [5, 8, 2],
    [60, 8, 7],
    [60, 1, 0],
  ])(
    'of %i chunks with at most %i tasks has %i started beside the one that planned it',
    (count, maxTasksPerJob, more) => {
      const job = cutJob(count, makeSettings({ maxTasksPerJob }));
      expect(job.pending.filter(({ kind }) => kind === 'launchTask')).toHaveLength(more);
    },
  );

  it('tells the score of its chunks together, by their frames', () => {
    const score = { metric: 'ssim', target: 0.97, floor: 0.96, crf: 24, rounds: 1 } as const;
    const parts = [0.99, 0.96].map((value, index) =>
      finished(`chunk-000${index}`, {
        outputs: [part(`chunk-000${index}`, '1-1', { score: { ...score, value } })],
      }),
    );
    const job = report(cutJob(2, settings), finished('rest'), ...parts, finished('assemble'));
    expect(job.status).toBe('publishing');
    expect(job.results?.find(({ isPart }) => isPart !== true)?.score).toEqual({ ...score, value: 0.975 });
  });

  it('tells the score of each size of an adaptive output', () => {
    const score = { metric: 'ssim', target: 0.97, floor: 0.96, crf: 24, rounds: 1 } as const;
    const names = ['_picture-web@720p.mp4', '_picture-web@360p.mp4'];
    const parts = names.map((fileName, index) =>
      part('chunk-0000', '1-1', { fileName, score: { ...score, value: 0.98 - index / 100 } }),
    );
    const rung = { codecs: 'avc1.64001f', width: 2, height: 2, frameRate: 25, averageBps: 1, peakBps: 1 };
    const tree = {
      ...{ list: { fileName: 'web/files.json', key: 'k', sizeBytes: 1, sha256: '0'.repeat(64) } },
      ...{ files: 1, sizeBytes: 1, sounds: [] },
      rungs: ['720p', '360p'].map(name => ({ ...rung, name })),
    };
    const job = cutJob(2, settings);
    const done: JobRecord = {
      ...job,
      orders: job.orders.map(order => ({
        ...order,
        state: 'finished',
        ...(order.orderId === 'chunk-0000' ? { results: parts } : {}),
      })),
    };
    const assembly = {
      ...newOrder('assemble', { kind: 'assemble' }, at(60)),
      results: [makeOutput('1-1', { tree })],
    };
    const { results = [] } = advance(
      { ...done, orders: [...done.orders, { ...assembly, state: 'finished' }] },
      context,
    );
    expect(results[0]?.tree?.rungs.map(({ score: told }) => told?.value)).toEqual([0.98, 0.97]);
  });

  it('planned twice is cut once', () => {
    expect(decideReport(cutJob(6, settings), planned(3), context).kind).toBe('unchanged');
  });

  it.each([
    [
      'with a gap',
      {
        chunks: [
          { index: 0, firstFrame: 0, endFrame: 5, startPts: 0, endPts: 5 },
          { index: 1, firstFrame: 6, endFrame: 9, startPts: 6, endPts: 9 },
        ],
      },
      'chunk 1 does not begin',
    ],
    [
      'with an empty chunk',
      {
        chunks: [
          { index: 0, firstFrame: 0, endFrame: 0, startPts: 0, endPts: 5 },
          { index: 1, firstFrame: 0, endFrame: 9, startPts: 5, endPts: 9 },
        ],
      },
      'chunk 0 is empty',
    ],
    ['with one file name for two renditions', { chunkFiles: ['a.mkv', 'a.mkv'] }, 'same name'],
  ])('is planned again when the plan came %s', (_what, changes, problem) => {
    const running = report(launchedJob(), makeReport('started'));
    const job = report(running, planned(2, changes));
    expect(job.orders).toMatchObject([
      {
        generation: 2,
        attempts: [{ outcome: 'failed', failure: { message: expect.stringContaining(problem) as string } }],
      },
    ]);
    expect(job.cut).toBeUndefined();
  });

  it('that costs more than its manifest allows, even at the least, is not begun', () => {
    const job = report(launchedJob(), makeReport('started'));
    const limited = {
      ...job,
      manifest: { preset: 'web', priority: 'standard' as const, costLimitUsd: 0.001 },
    };
    const long = { ...SOURCE_FACTS, durationSeconds: 7200 };
    expect(report(limited, planned(6, { source: long }))).toMatchObject({
      status: 'failed',
      failure: { code: 'COST_LIMIT_TOO_LOW', blame: 'limit' },
      pending: [],
    });
  });
});

describe('a chunk', () => {
  it('that is done is kept with what it made, and the next is issued', () => {
    const job = report(carriedOut(cutJob(6, settings)), finished('chunk-0002'));
    expect(job.orders.find(({ orderId }) => orderId === 'chunk-0002')).toMatchObject({
      state: 'finished',
      results: [{ fileName: '_picture-web.mp4', frames: 250 }],
    });
    expect(promises(job)).toEqual(['issueOrder chunk-0004']);
  });

  it('that is done has its ticket taken away, so that nobody encodes it again', () => {
    expect(decideReport(cutJob(6, settings), finished('chunk-0000'), context).acts).toContainEqual({
      kind: 'closeOrder',
      orderId: 'chunk-0000',
    });
  });

  it.each([
    ['a frame short', { frames: 249 }],
    ['that is no part', { isPart: undefined }],
    ['under another name', { fileName: 'other.mkv' }],
    ['elsewhere', { key: 'work/other/chunk-0000/1-1/_picture-web.mp4' }],
  ])('%s is encoded again', (_what, changes) => {
    const wrong = finished('chunk-0000', { outputs: [part('chunk-0000', '1-1', changes)] });
    const job = report(carriedOut(cutJob(6, settings)), wrong);
    expect(job.orders[2]).toMatchObject({
      state: 'queued',
      generation: 2,
      attempts: [{ outcome: 'failed' }],
    });
    expect(job.orders[2]?.results).toBeUndefined();
  });

  it('that ends in an earlier generation counts: a chunk is a chunk', () => {
    const job = carriedOut(cutJob(6, settings));
    const again = { ...job, orders: job.orders.map(order => ({ ...order, generation: 2 })) };
    expect(report(again, finished('chunk-0000')).orders[2]).toMatchObject({ state: 'finished' });
  });

  it('lost with its task goes back alone, and the task is replaced', () => {
    const working = report(carriedOut(cutJob(6, settings)), finished('rest'), {
      ...makeReport('started'),
      orderId: 'chunk-0000',
      deliveryId: '1-2',
    });
    const decision = decideTaskStopped(carriedOut(working), stopped(1), context);
    const job = changedJob(decision);
    expect(job.orders.filter(({ generation }) => generation > 1).map(({ orderId }) => orderId)).toEqual([
      'chunk-0000',
    ]);
    expect(job.orders.find(({ orderId }) => orderId === 'rest')?.state).toBe('finished');
    expect(promises(job)).toEqual(['issueOrder chunk-0000', 'launchTask 3']);
  });

  it('lost again and again leaves a record that does not grow', () => {
    let job = carriedOut(cutJob(6, settings));
    for (let task = 1; task <= 18; task += 1) {
      const order = job.orders.find(({ orderId }) => orderId === 'chunk-0000');
      const started = {
        ...makeReport('started', { task }),
        orderId: 'chunk-0000',
        generation: order?.generation ?? 0,
      };
      const held = {
        ...makeReport('progress', { task }),
        orderId: 'chunk-0000',
        generation: started.generation,
      };
      job = carriedOut(changedJob(decideTaskStopped(report(job, started, held), stopped(task), context)));
    }
    const order = job.orders.find(({ orderId }) => orderId === 'chunk-0000');
    expect(order?.attempts.length).toBeLessThanOrEqual(7);
    expect(order?.earlier).toMatchObject({ attempts: 12, killed: 12, heldSeconds: 360 });
    expect(job.usage).toMatchObject({ taskSeconds: 543, lostSeconds: 540 });
    expect(job.usage.lostPercent).toBeCloseTo(99.45, 1);
  });
});

/** A task that was asked for and is not started yet. */
const WISH = { launch: 9, reason: 'backlog' };

describe('the assembly', () => {
  const encoded = (): JobRecord =>
    report(
      carriedOut(cutJob(2, settings)),
      finished('chunk-0001'),
      finished('rest', { task: 2 }),
      finished('chunk-0000', { task: 3 }),
    );

  it('is ordered once when every part is there, and takes each of them', () => {
    const job = encoded();
    expect(states(job).at(-1)).toBe('assemble queued');
    expect(promises(job)).toEqual(['issueOrder assemble']);
    expect(decideReport(job, finished('chunk-0000', { task: 9 }), context).kind).toBe('unchanged');
  });

  it('that is done has its outputs published with those that were ready before', () => {
    const job = report(encoded(), finished('assemble'));
    expect(job).toMatchObject({
      status: 'publishing',
      results: [{ fileName: 'web.mp4' }],
      pending: [{ kind: 'publish', orderId: 'assemble' }],
    });
  });

  it('that lacks an output is done again', () => {
    const job = report(encoded(), finished('assemble', { outputs: [] }));
    expect(job.orders.at(-1)).toMatchObject({ state: 'queued', generation: 2 });
  });

  it('whose output is refused when it is published is done again, the chunks are not', () => {
    const publishing = report(encoded(), finished('assemble'));
    const job = settlePublish(publishing, 'assemble', {
      result: { kind: 'refused', reason: 'its SHA-256 differs', key: publishing.results?.[0]?.key ?? '' },
      context,
    });
    expect(states(job)).toEqual([
      ...['whole', 'rest', 'chunk-0000', 'chunk-0001'].map(id => `${id} finished`),
      'assemble queued',
    ]);
  });

  it('that is done and then refused gets a task, although the one asked for before was never started', () => {
    const launches = [{ ...WISH, requestedAt: context.now.toISOString() }];
    const asked: JobRecord = {
      ...encoded(),
      launches,
      pending: [{ kind: 'launchTask', launch: WISH.launch }],
    };
    const publishing = report(asked, finished('assemble'));
    expect(publishing.launches.at(-1)).toMatchObject({ launch: WISH.launch, outcome: 'withdrawn' });
    const refused = {
      kind: 'refused',
      reason: 'it is not there',
      key: publishing.results?.[0]?.key ?? '',
    } as const;
    const job = settlePublish(publishing, 'assemble', { result: refused, context });
    expect(promises(job)).toEqual(['issueOrder assemble', `launchTask ${WISH.launch + 1}`]);
  });

  it('leaves no description of parts in the record of a job that is done', () => {
    const publishing = report(encoded(), finished('assemble'));
    const done = settlePublish(publishing, 'assemble', {
      result: { kind: 'published', outputs: [] },
      context,
    });
    expect(done.status).toBe('done');
    expect(done.orders.every(({ results }) => results === undefined)).toBe(true);
  });
});

describe('the record of a job', () => {
  it('of four hours in four renditions stays well below a megabyte', () => {
    const chunkFiles = ['1080.mkv', '720.mkv', '480.mkv', '360.mkv'];
    const large = makeSettings({ maxTasksPerJob: 200 });
    let job = carriedOut(
      changedJob(decideReport(launchedJob(), planned(240, { chunkFiles }), { ...context, settings: large })),
    );
    for (let index = 0; index < 240; index += 1) {
      const orderId = `chunk-${String(index).padStart(4, '0')}`;
      const outputs = chunkFiles.map(fileName => part(orderId, '1-1', { fileName }));
      const decision = decideReport(job, finished(orderId, { outputs }), { ...context, settings: large });
      if (decision.kind !== 'changed') throw new Error(decision.reason);
      job = carriedOut(decision.job);
    }
    expect(JSON.stringify(job).length).toBeLessThan(600_000);
  });
});
