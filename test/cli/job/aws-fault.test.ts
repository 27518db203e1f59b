import { explainAwsFault } from '../../../cli/job/aws-fault';

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe('a fault of AWS', () => {
  it.each([
    [new Error('Region is missing'), 'Region is missing. Set AWS_REGION.'],
    [named('NoSuchBucket', 'The specified bucket does not exist'), 'not exist. Give the output StateBucket'],
    [named('AccessDenied', 'Access Denied.'), 'Access Denied. It takes s3:ListBucket'],
  ])('is told with what to do: %s', (error, message) => {
    expect((explainAwsFault(error) as Error).message).toContain(message);
  });

  it('that is not known stays as it is', () => {
    const error = named('SlowDown', 'Please reduce your request rate.');
    expect(explainAwsFault(error)).toBe(error);
  });
});
