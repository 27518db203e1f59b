import { createLog } from '../../container/log';

describe('createLog', () => {
  let lines: string[];
  beforeEach(() => (lines = []));

  it('writes one JSON object per line with the fields of its parents', () => {
    createLog({ service: 'worker' }, line => lines.push(line))
      .with({ jobId: 'j' })
      .warn('Odd', { count: 2 });
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'WARN',
      message: 'Odd',
      service: 'worker',
      jobId: 'j',
      count: 2,
    });
  });

  it('tells an error with its causes and without any address', () => {
    const cause = new Error('GET https://s3/k?X-Amz-Signature=abc failed');
    createLog({}, line => lines.push(line)).error('Failed', { error: new Error('no source', { cause }) });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: 'no source: GET <url> failed' });
  });
});
