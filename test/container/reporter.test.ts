import type { Report } from '../../core/report';
import { reportSchema } from '../../core/report';
import { createLog } from '../../container/log';
import { Reporter } from '../../container/reporter';
import { SOURCE_FACTS } from '../support/builders';

function reporter(): { reporter: Reporter; sent: Report[] } {
  const sent: Report[] = [];
  return {
    sent,
    reporter: new Reporter({
      order: { jobId: '20260102T030405Z-0123456789abcdef', orderId: 'whole', generation: 1 },
      deliveryId: '1-1',
      taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/spotreel/1',
      usage: () => ({ cpuSeconds: 1, bytesRead: 1000 }),
      send: async report => void sent.push(reportSchema.parse(report)),
      log: createLog({}, () => undefined),
    }),
  };
}

describe('a reporter', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('tells the source once, with the first progress after it is known', () => {
    const { reporter: it, sent } = reporter();
    const note = (percent: number): void => {
      jest.advanceTimersByTime(60_000);
      it.note(percent, 1);
    };
    note(30);
    it.found(SOURCE_FACTS);
    expect(sent).toHaveLength(1);
    note(60);
    note(90);
    expect(sent.map(report => ('source' in report ? report.source : undefined))).toEqual([
      undefined,
      SOURCE_FACTS,
      undefined,
    ]);
  });
});
