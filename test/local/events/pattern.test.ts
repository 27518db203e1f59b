import { matchesPattern } from '../../../local/events/pattern';

const EVENT = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  resources: ['arn:one', 'arn:two'],
  detail: {
    lastStatus: 'STOPPED',
    version: 5,
    stopCode: null,
    containers: [{ exitCode: 0 }, { exitCode: 137 }],
  },
};

describe('matchesPattern', () => {
  it.each([
    ['an exact value', { source: ['aws.ecs'] }, true],
    ['one of several values', { source: ['aws.s3', 'aws.ecs'] }, true],
    ['another value', { source: ['aws.s3'] }, false],
    ['a nested field', { detail: { lastStatus: ['STOPPED'] } }, true],
    ['all fields', { source: ['aws.ecs'], detail: { lastStatus: ['RUNNING'] } }, false],
    ['an item of a list', { resources: ['arn:two'] }, true],
    ['no item of a list', { resources: ['arn:three'] }, false],
    ['a field of objects in a list', { detail: { containers: { exitCode: [137] } } }, true],
    ['a number, not its text', { detail: { version: ['5'] } }, false],
    ['null', { detail: { stopCode: [null] } }, true],
    ['a prefix', { source: [{ prefix: 'aws.' }] }, true],
    ['another prefix', { source: [{ prefix: 'my.' }] }, false],
    ['a suffix', { source: [{ suffix: '.ecs' }] }, true],
    ['text without regard to case', { source: [{ 'equals-ignore-case': 'AWS.ECS' }] }, true],
    ['anything but a value', { detail: { lastStatus: [{ 'anything-but': 'RUNNING' }] } }, true],
    ['anything but this value', { detail: { lastStatus: [{ 'anything-but': ['STOPPED', 'X'] }] } }, false],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
    ['anything but, of a field that is absent', { detail: { group: [{ 'anything-but': 'x' }] } }, false],
    ['a field that exists', { detail: { lastStatus: [{ exists: true }] } }, true],
    ['a field that must not exist', { detail: { group: [{ exists: false }] } }, true],
    ['a field that exists and must not', { detail: { lastStatus: [{ exists: false }] } }, false],
    ['a number in a range', { detail: { version: [{ numeric: ['>', 4, '<=', 5] }] } }, true],
    ['a number beyond the range', { detail: { version: [{ numeric: ['>', 5] }] } }, false],
    ['one of two patterns', { $or: [{ source: ['aws.s3'] }, { detail: { version: [5] } }] }, true],
    ['everything', {}, true],
  ])('compares with %s', (_title, pattern, expected) => {
    expect(matchesPattern(pattern, EVENT)).toBe(expected);
  });

  it('names a matcher that it does not know', () => {
    expect(() => matchesPattern({ source: [{ cidr: '10.0.0.0/8' }] }, EVENT)).toThrow(/field source.*cidr/);
  });
});
