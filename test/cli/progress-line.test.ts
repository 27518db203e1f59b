import { jobProgress, progressBar, ProgressLine } from '../../cli/progress-line';
import type { JobRecord } from '../../core/job';
import { settleLaunch } from '../../core/launch';
import { START, acceptedJob, launchedJob } from '../support/builders';

function shown(isTerminal: boolean, lines: readonly string[]): string {
  let text = '';
  const progress = new ProgressLine({ isTerminal, write: part => (text += part) });
  for (const line of lines) progress.show(line);
  progress.end();
  return text;
}

describe('a progress line', () => {
  it('is written over on a terminal, and left at its end', () => {
    expect(shown(true, ['a', 'a', 'b'])).toBe('\r\u001b[Ka\r\u001b[Kb\n');
  });

  it('is a new line for each change elsewhere', () => {
    expect(shown(false, ['a', 'a', 'b'])).toBe('a\nb\n');
  });

  it('that never showed anything leaves no empty line', () => {
    expect(shown(true, [])).toBe('');
  });

  it('has a bar as long as the percent say', () => {
    expect(progressBar(0, 'x')).toBe(`${'░'.repeat(30)}   0 %  x`);
    expect(progressBar(50, 'x')).toBe(`${'█'.repeat(15)}${'░'.repeat(15)}  50 %  x`);
    expect(progressBar(100, 'x')).toBe(`${'█'.repeat(30)} 100 %  x`);
  });
});

describe('the progress of a job', () => {
  it.each<[string, JobRecord, RegExp]>([
    ['whose task is asked for', acceptedJob(), / {2}0 % {2}asking for a task$/],
    [
      'whose task waits for its network',
      settleLaunch(acceptedJob(), 1, {
        result: { kind: 'networkNotReady', reason: 'network net-1, which is being made' },
        now: START,
      }),
      / {2}0 % {2}waits: network net-1, which is being made$/,
    ],
    ['whose task has not reported', launchedJob(), / {2}0 % {2}task starting$/],
    ['that has ended', { ...launchedJob(), status: 'done' }, /100 % {2}done$/],
  ])('%s', (_, job, line) => expect(jobProgress(job)).toMatch(line));
});
