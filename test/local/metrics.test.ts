import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metrics, parseEmf } from '../../local/metrics';

const LINE = JSON.stringify({
  _aws: {
    Timestamp: Date.parse('2026-01-01T00:00:00Z'),
    CloudWatchMetrics: [
      {
        Namespace: 'Spotreel',
        Dimensions: [['service']],
        Metrics: [
          { Name: 'JobsDone', Unit: 'Count' },
          { Name: 'WaitSeconds', Unit: 'Seconds' },
        ],
      },
    ],
  },
  service: 'spotreel',
  jobId: 'not a dimension',
  JobsDone: 1,
  WaitSeconds: [2, 3],
});

describe('parseEmf', () => {
  it('reads every value of every metric', () => {
    const common = {
      time: '2026-01-01T00:00:00.000Z',
      namespace: 'Spotreel',
      dimensions: { service: 'spotreel' },
      functionName: 'completion',
    };
    expect(parseEmf(LINE, 'completion')).toEqual([
      { ...common, name: 'JobsDone', unit: 'Count', value: 1 },
      { ...common, name: 'WaitSeconds', unit: 'Seconds', value: 2 },
      { ...common, name: 'WaitSeconds', unit: 'Seconds', value: 3 },
    ]);
  });

  it.each(['{"level":"INFO"}', '{broken', '{"_aws":{}}'])('finds nothing in %s', line => {
    expect(parseEmf(line, 'completion')).toEqual([]);
  });
});

describe('Metrics', () => {
  it('answers values, sums and totals, after a restart too', () => {
    const directory = mkdtempSync(join(tmpdir(), 'metrics-'));
    const path = join(directory, 'metrics.jsonl');
    new Metrics(path).record(LINE, 'completion');
    const metrics = new Metrics(path);
    metrics.record(LINE, 'completion');
    expect(metrics.values('WaitSeconds')).toEqual([2, 3, 2, 3]);
    expect(metrics.sum('JobsDone')).toBe(2);
    expect(metrics.sum('Nothing')).toBe(0);
    expect(metrics.totals()).toEqual({ JobsDone: { count: 2, sum: 2 }, WaitSeconds: { count: 4, sum: 10 } });
    rmSync(directory, { recursive: true });
  });
});
