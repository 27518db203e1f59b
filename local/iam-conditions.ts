import { matchesWildcard } from './iam-wildcard';

interface Condition {
  /** Such as `StringEquals` or `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly expected: readonly string[];
  /** Undefined when the request has no such key. */
  readonly actual: readonly string[] | undefined;
}

type Comparison = (expected: string, actual: string) => boolean;

const COMPARISONS = new Map<string, Comparison>([
  ['StringEquals', (expected, actual) => expected === actual],
  ['StringEqualsIgnoreCase', (expected, actual) => expected.toLowerCase() === actual.toLowerCase()],
  ['StringLike', matchesWildcard],
  ['ArnEquals', matchesArn],
  ['ArnLike', matchesArn],
  ['Bool', (expected, actual) => expected.toLowerCase() === actual.toLowerCase()],
  ['NumericEquals', (expected, actual) => Number(expected) === Number(actual)],
  ['NumericLessThan', (expected, actual) => Number(actual) < Number(expected)],
  ['NumericLessThanEquals', (expected, actual) => Number(actual) <= Number(expected)],
  ['NumericGreaterThan', (expected, actual) => Number(actual) > Number(expected)],
  ['NumericGreaterThanEquals', (expected, actual) => Number(actual) >= Number(expected)],
]);

/** Evaluates one operator on one key of a `Condition`; throws on an operator that is not known. */
export function evaluateCondition({ operator, expected, actual }: Condition): boolean {
  const parsed = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator);
  const name = parsed?.[2] ?? operator;
  if (name === 'Null') return expected.includes(String(actual === undefined));
  const { compare, negated } = comparisonOf(name, operator);
  const holds = (value: string): boolean => expected.some(one => compare(one, value)) !== negated;
  if (actual === undefined) {
    return parsed?.[3] !== undefined || parsed?.[1] === 'ForAllValues' || (negated && !parsed?.[1]);
  }
  return parsed?.[1] === 'ForAllValues' ? actual.every(holds) : actual.some(holds);
}

function comparisonOf(name: string, operator: string): { compare: Comparison; negated: boolean } {
  const plain = name.replace('NotEquals', 'Equals').replace('NotLike', 'Like');
  const compare = COMPARISONS.get(plain);
  if (!compare) {
    throw new Error(
      `The policy condition operator ${operator} is not known; known are ${[...COMPARISONS.keys()].join(', ')}, ` +
        'their Not… forms and Null.',
    );
  }
  return { compare, negated: plain !== name };
}

/** The six parts of an ARN are compared one by one, so that a wildcard does not reach over a colon. */
function matchesArn(expected: string, actual: string): boolean {
  const [expectedParts, actualParts] = [arnParts(expected), arnParts(actual)];
  return (
    expectedParts.length === actualParts.length &&
    expectedParts.every((part, index) => matchesWildcard(part, actualParts[index] ?? ''))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
