import type { Attempt } from '../../core/job';
import { MOST_KILLS, judgeFailure, killedTooOften } from '../../core/retry-rule';
import { START, makeReport, makeSettings, taskArn } from '../support/builders';

const settings = makeSettings({ maxAttempts: 3 });
const passing = makeReport('failed').failure;

function attempt(outcome: Attempt['outcome'], code?: string): Attempt {
  const at = START.toISOString();
  return {
    ...{ deliveryId: '1-1', generation: 1, taskArn: taskArn(1), startedAt: at, lastReportAt: at },
    ...{ percent: 0, heldSeconds: 1, cpuSeconds: 1, bytesRead: 0, outcome, endedAt: at },
    ...(code === undefined ? {} : { failure: { ...passing, code } }),
  };
}

describe('an order that failed', () => {
  it.each<[string, Attempt[], { code?: string; retryable?: boolean }, 'again' | 'over']>([
    ['once', [attempt('failed', 'ENCODER_CRASHED')], { code: 'ENCODER_CRASHED' }, 'again'],
    [
      'twice in the same way',
      [attempt('failed', 'ENCODER_CRASHED'), attempt('failed', 'ENCODER_CRASHED')],
      { code: 'ENCODER_CRASHED' },
      'over',
    ],
    [
      'twice because it stood still',
      [attempt('failed', 'ENCODE_STALLED'), attempt('failed', 'ENCODE_STALLED')],
      { code: 'ENCODE_STALLED' },
      'over',
    ],
    [
      'twice for lack of memory',
      [attempt('crashed', 'OUT_OF_MEMORY'), attempt('crashed', 'OUT_OF_MEMORY')],
      { code: 'OUT_OF_MEMORY' },
      'over',
    ],
    [
      'twice, each time in another way',
      [attempt('failed', 'ENCODE_STALLED'), attempt('failed', 'ENCODER_CRASHED')],
      { code: 'ENCODER_CRASHED' },
      'again',
    ],
    [
      'twice because S3 could not be reached',
      [attempt('failed', 'UPLOAD_FAILED'), attempt('failed', 'UPLOAD_FAILED')],
      { code: 'UPLOAD_FAILED' },
      'again',
    ],
    [
      'three times in whatever way',
      [
        attempt('failed', 'UPLOAD_FAILED'),
        attempt('crashed', 'WORKER_CRASHED'),
        attempt('stalled', 'WORKER_SILENT'),
      ],
      { code: 'WORKER_SILENT' },
      'over',
    ],
    [
      'once, and was reclaimed ten times',
      [...Array.from({ length: 10 }, () => attempt('reclaimed')), attempt('failed', 'ENCODE_STALLED')],
      { code: 'ENCODE_STALLED' },
      'again',
    ],
    [
      'once, for good',
      [attempt('failed', 'SOURCE_UNREADABLE')],
      { code: 'SOURCE_UNREADABLE', retryable: false },
      'over',
    ],
  ])('%s is judged so', (...[, attempts, failure, verdict]) => {
    expect(judgeFailure({ attempts }, { ...passing, ...failure }, settings).kind).toBe(verdict);
  });
});

describe('an order whose workers are killed', () => {
  it('goes on until that has happened very often, whether or not each time is still on record', () => {
    const killed = Array.from({ length: 5 }, () => attempt('killed'));
    const earlier = { attempts: MOST_KILLS, killed: MOST_KILLS - 6, heldSeconds: 1, cpuSeconds: 1, usd: 0 };
    expect(killedTooOften({ attempts: killed, earlier })).toBeUndefined();
    expect(killedTooOften({ attempts: [...killed, attempt('killed')], earlier })?.code).toBe('WORKER_KILLED');
  });
});
