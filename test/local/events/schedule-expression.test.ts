import { parseScheduleExpression } from '../../../local/events/schedule-expression';

function fires(expression: string, time: string): boolean {
  const timing = parseScheduleExpression(expression);
  if (timing.kind !== 'cron') throw new Error('not a cron expression');
  return timing.includes(new Date(time));
}

describe('parseScheduleExpression', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('reads %s', (expression, everyMs) => {
    expect(parseScheduleExpression(expression)).toEqual({ kind: 'rate', everyMs });
  });

  // 2026-01-05 is a Monday.
  it.each([
    ['cron(0 12 * * ? *)', '2026-01-05T12:00:30Z', true],
    ['cron(0 12 * * ? *)', '2026-01-05T12:01:00Z', false],
    ['cron(0/15 * * * ? *)', '2026-01-05T03:45:00Z', true],
    ['cron(0/15 * * * ? *)', '2026-01-05T03:46:00Z', false],
    ['cron(*/20 * * * ? *)', '2026-01-05T03:40:00Z', true],
    ['cron(0 8-10 ? * MON-FRI *)', '2026-01-05T09:00:00Z', true],
    ['cron(0 8-10 ? * MON-FRI *)', '2026-01-04T09:00:00Z', false],
    ['cron(0 0 1 JAN,JUL ? 2026)', '2026-07-01T00:00:00Z', true],
    ['cron(0 0 1 JAN,JUL ? 2027)', '2026-07-01T00:00:00Z', false],
  ])('%s at %s fires: %s', (expression, time, expected) => {
    expect(fires(expression, time)).toBe(expected);
  });

  it.each([
    'rate(0.5 minutes)',
    'rate(5 weeks)',
    'cron(* * * *)',
    'cron(61 * * * ? *)',
    'cron(0 0 L * ? *)',
    'at(noon)',
  ])('refuses %s', expression => {
    expect(() => parseScheduleExpression(expression)).toThrow(/is not understood/);
  });
});
