import { checkPolicy, type PolicyLimits } from '../../../local/s3/post-policy';

const EXPIRATION = '2026-11-24T12:00:00Z';

function check(
  conditions: unknown[],
  fields: Record<string, string>,
  now = new Date('2026-11-24T11:59:59.999Z'),
): PolicyLimits {
  const policy = Buffer.from(JSON.stringify({ expiration: EXPIRATION, conditions })).toString('base64');
  return checkPolicy({ policy, fields: new Map(Object.entries(fields)), bucket: 'inbox', now });
}

describe('a policy', () => {
  it.each([
    ['an exact value', [{ key: 'a' }], { key: 'a' }],
    ['eq', [['eq', '$key', 'a']], { key: 'a' }],
    ['starts-with', [['starts-with', '$key', 'work/']], { key: 'work/x' }],
    ['starts-with of anything', [['starts-with', '$key', '']], { key: 'x' }],
    ['the bucket that is posted to', [{ bucket: 'inbox' }], {}],
    ['names in any case', [['eq', '$Content-Type', 'video/mp4']], { 'content-type': 'video/mp4' }],
    [
      'a list of types',
      [['starts-with', '$Content-Type', 'video/']],
      { 'content-type': 'video/mp4,video/webm' },
    ],
    ['fields that need no condition', [], { policy: 'p', 'x-amz-signature': 's', 'x-ignore-this': 'i' }],
  ])('allows %s', (_name, conditions, fields) => {
    expect(check(conditions, fields)).toEqual({});
  });

  it.each([
    ['another value', [{ key: 'a' }], { key: 'b' }],
    ['a key outside the prefix', [['starts-with', '$key', 'work/']], { key: 'worker' }],
    [
      'a list with one wrong type',
      [['starts-with', '$Content-Type', 'video/']],
      { 'content-type': 'video/mp4,text/html' },
    ],
    ['a missing field', [{ acl: 'private' }], {}],
    ['another bucket', [{ bucket: 'outbox' }], { bucket: 'outbox' }],
    ['a field without a condition', [{ key: 'a' }], { key: 'a', acl: 'public-read' }],
  ])('refuses %s', (_name, conditions, fields) => {
    expect(() => check(conditions, fields)).toThrow(/Invalid according to Policy/);
  });

  it('has expired at the moment of its expiration', () => {
    expect(() => check([], {}, new Date(EXPIRATION))).toThrow(/expired/);
  });

  it('limits the length of the file by all its ranges together', () => {
    const ranges = [
      ['content-length-range', 1, 100],
      ['content-length-range', '10', '1000'],
    ];

    expect(check(ranges, {})).toEqual({ minBytes: 10, maxBytes: 100 });
  });

  it.each([
    ['no JSON', 'x'],
    ['without an expiration', Buffer.from('{"conditions":[]}').toString('base64')],
    [
      'with an unknown condition',
      Buffer.from(
        JSON.stringify({ expiration: EXPIRATION, conditions: [['ends-with', '$key', 'x']] }),
      ).toString('base64'),
    ],
  ])('that is %s is refused', (_name, policy) => {
    expect(() => checkPolicy({ policy, fields: new Map(), bucket: 'inbox', now: new Date(0) })).toThrow(
      /policy can't be read/,
    );
  });
});
