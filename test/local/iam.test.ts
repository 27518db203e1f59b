import { createAuthorizer, isAllowed, parsePolicy } from '../../local/iam';
import { matchesWildcard } from '../../local/iam-wildcard';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };

function decide(statements: object[], question: Partial<Parameters<typeof isAllowed>[1]> = {}): boolean {
  return isAllowed(parsePolicy({ Statement: statements }), {
    action: 'sqs:SendMessage',
    resource: QUEUE,
    ...question,
  });
}

function decideOn(condition: object, context: Record<string, string | string[]>): boolean {
  return decide([{ ...allow, Condition: condition }], { context });
}

describe('isAllowed', () => {
  it.each([
    ['allows what a statement names', [allow], true],
    ['denies what no statement names', [{ ...allow, Action: 'sqs:DeleteMessage' }], false],
    ['denies without any statement', [], false],
    ['lets an explicit deny win', [allow, { ...allow, Effect: 'Deny' }], false],
    [
      'lets a deny of something else be',
      [allow, { ...allow, Effect: 'Deny', Action: 'sqs:PurgeQueue' }],
      true,
    ],
    ['compares actions without regard to case', [{ ...allow, Action: 'SQS:sendmessage' }], true],
    ['knows wildcards in actions', [{ ...allow, Action: ['s3:*', 'sqs:Send*'] }], true],
    ['knows wildcards in resources', [{ ...allow, Resource: 'arn:aws:sqs:*:*:ord?rs' }], true],
    ['compares resources with regard to case', [{ ...allow, Resource: QUEUE.toUpperCase() }], false],
    ['excludes with NotAction', [{ Effect: 'Allow', NotAction: 'sqs:Send*', Resource: '*' }], false],
    ['includes what NotAction leaves', [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }], true],
    ['excludes with NotResource', [{ Effect: 'Allow', Action: '*', NotResource: QUEUE }], false],
    ['includes what NotResource leaves', [{ Effect: 'Allow', Action: '*', NotResource: `${QUEUE}2` }], true],
  ])('%s', (_title, statements, expected) => {
    expect(decide(statements)).toBe(expected);
  });

  it('takes a single statement that is not in a list', () => {
    const statements = parsePolicy({ Statement: allow });
    expect(isAllowed(statements, { action: 'sqs:SendMessage', resource: QUEUE })).toBe(true);
  });
});

describe('conditions', () => {
  const key = 'ecs:cluster';
  const cluster = 'arn:aws:ecs:us-east-1:000000000000:cluster/main';

  it.each([
    ['StringEquals', 'main', 'main', true],
    ['StringEquals', 'main', 'Main', false],
    ['StringEqualsIgnoreCase', 'main', 'Main', true],
    ['StringNotEquals', 'main', 'other', true],
    ['StringNotEquals', 'main', 'main', false],
    ['StringLike', 'm*n', 'main', true],
    ['StringNotLike', 'm*n', 'main', false],
    ['ArnEquals', cluster, cluster, true],
    ['ArnLike', 'arn:aws:ecs:*:*:cluster/*', cluster, true],
    ['ArnLike', 'arn:aws:*:cluster/*', cluster, false],
    ['Bool', 'true', 'true', true],
    ['Bool', 'true', 'false', false],
    ['NumericLessThan', '10', '9', true],
    ['NumericGreaterThanEquals', '10', '9', false],
  ])('%s %s of %s is %s', (operator, ...[expected, actual, holds]) => {
    expect(decideOn({ [operator]: { [key]: expected } }, { [key]: actual })).toBe(holds);
  });

  it.each([
    ['fails where the key is absent', { StringEquals: { [key]: 'main' } }, false],
    ['holds with IfExists where the key is absent', { StringEqualsIfExists: { [key]: 'main' } }, true],
    ['holds when negated where the key is absent', { StringNotEquals: { [key]: 'main' } }, true],
    ['Null true holds where the key is absent', { Null: { [key]: 'true' } }, true],
    ['Null false fails where the key is absent', { Null: { [key]: 'false' } }, false],
    ['ForAllValues holds where the key is absent', { 'ForAllValues:StringEquals': { [key]: 'main' } }, true],
    ['ForAnyValue fails where the key is absent', { 'ForAnyValue:StringEquals': { [key]: 'main' } }, false],
  ])('%s', (_title, condition, holds) => {
    expect(decideOn(condition, {})).toBe(holds);
  });

  it.each([
    ['ForAnyValue:StringEquals', ['a', 'x'], true],
    ['ForAnyValue:StringEquals', ['x', 'y'], false],
    ['ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'x'], false],
  ])('%s a, b of %j is %s', (operator, actual, holds) => {
    expect(decideOn({ [operator]: { [key]: ['a', 'b'] } }, { [key]: actual })).toBe(holds);
  });

  it('needs all operators and all keys to hold', () => {
    const condition = { StringEquals: { [key]: 'main', other: 'yes' }, StringLike: { third: '*' } };
    expect(decideOn(condition, { [key]: 'main', other: 'yes', third: 'x' })).toBe(true);
    expect(decideOn(condition, { [key]: 'main', other: 'no', third: 'x' })).toBe(false);
  });

  it('finds context keys without regard to case', () => {
    expect(decideOn({ StringEquals: { 'ECS:Cluster': 'main' } }, { [key]: 'main' })).toBe(true);
  });

  it('refuses an operator that it does not know', () => {
    expect(() => decideOn({ DateLessThan: { [key]: 'x' } }, { [key]: 'x' })).toThrow(
      /DateLessThan is not known/,
    );
  });
});

describe('createAuthorizer', () => {
  const authorize = createAuthorizer([{ arn: 'role', statements: parsePolicy({ Statement: allow }) }]);

  it.each([
    ['the root may do everything', { kind: 'root', arn: 'any' }, 's3:DeleteBucket'],
    ['a role may do what its policies allow', { kind: 'role', arn: 'role' }, 'sqs:SendMessage'],
  ] as const)('%s', (_title, principal, action) => {
    expect(authorize({ principal, action, resource: QUEUE })).toBe(true);
  });

  it.each([
    ['a role may do nothing else', 'role', 'sqs:DeleteMessage'],
    ['an unknown role may do nothing', 'stranger', 'sqs:SendMessage'],
  ])('%s', (_title, arn, action) => {
    expect(authorize({ principal: { kind: 'role', arn }, action, resource: QUEUE })).toBe(false);
  });
});

describe('matchesWildcard', () => {
  it('takes all other characters as they are', () => {
    expect(matchesWildcard('a.b+(c)[d]$', 'a.b+(c)[d]$')).toBe(true);
    expect(matchesWildcard('a.b', 'axb')).toBe(false);
  });
});
