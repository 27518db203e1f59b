import { explainFailure } from '../../cli/failure-text';
import { acceptedJob } from '../support/builders';

const FAILURE = {
  code: 'TIME_LIMIT',
  message: 'It took too long.',
  fix: 'Use a larger task.',
  retryable: false,
  blame: 'limit',
} as const;

describe('the text for a job that did not end well', () => {
  it('gives the reason and the fix of a failure', () => {
    expect(explainFailure({ ...acceptedJob(), status: 'failed', failure: FAILURE })).toBe(
      'The job failed: It took too long.\n  Use a larger task.',
    );
  });

  it('lists every problem of a rejection by pointer and value, and not the first twice', () => {
    const text = explainFailure({
      ...acceptedJob(),
      status: 'rejected',
      failure: { ...FAILURE, message: '2 things must be changed.' },
      problems: [
        { pointer: '', fix: 'It is empty.' },
        { pointer: '/preset', value: 'web', fix: 'No such preset.' },
      ],
    });
    expect(text.split('\n')).toEqual([
      'The job was rejected: 2 things must be changed.',
      '  (whole): It is empty.',
      '  /preset = web: No such preset.',
    ]);
  });
});
