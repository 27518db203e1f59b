import { z } from 'zod';

/** An event pattern: objects nest, and each list holds what its field may be. */
export type EventPattern = Readonly<Record<string, unknown>>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const anythingBut = z.union([
  scalar,
  z.array(scalar),
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ suffix: z.string() }),
]);

const matcherSchema = z.union([
  scalar.transform(value => (actual: unknown) => actual === value),
  z.strictObject({ prefix: z.string() }).transform(({ prefix }) => startsWith(prefix)),
  z.strictObject({ suffix: z.string() }).transform(({ suffix }) => endsWith(suffix)),
  z
    .strictObject({ 'equals-ignore-case': z.string() })
    .transform(matcher => equalsIgnoringCase(matcher['equals-ignore-case'])),
  z.strictObject({ exists: z.boolean() }).transform(({ exists }) => {
    return (actual: unknown) => (actual !== undefined) === exists;
  }),
  z.strictObject({ 'anything-but': anythingBut }).transform(matcher => differsFrom(matcher['anything-but'])),
  z
    .strictObject({ numeric: z.array(z.union([z.string(), z.number()])) })
    .transform(({ numeric }) => comparesTo(numeric)),
]);

type Matches = (actual: unknown) => boolean;

/**
 * Does an event match? Every field of the pattern must; a list in the event matches where one of its items does.
 * Throws on a pattern that uses what is not known.
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') {
      return z
        .array(z.record(z.string(), z.unknown()))
        .parse(expected)
        .some(one => matchesPattern(one, event));
    }
    return matchesField({ field, expected, actual: memberOf(event, field) });
  });
}

function matchesField(options: { field: string; expected: unknown; actual: unknown }): boolean {
  const { field, expected, actual } = options;
  if (!Array.isArray(expected)) {
    const nested = z.record(z.string(), z.unknown()).safeParse(expected);
    if (!nested.success) throw new Error(`The event pattern's field ${field} must be a list or an object.`);
    return [actual].flat().some(one => matchesPattern(nested.data, one));
  }
  const values: unknown[] = Array.isArray(actual) && actual.length > 0 ? actual : [actual];
  return expected.some(matcher => values.some(toMatcher(field, matcher)));
}

function toMatcher(field: string, matcher: unknown): Matches {
  const parsed = matcherSchema.safeParse(matcher);
  if (parsed.success) return parsed.data;
  throw new Error(
    `The event pattern's field ${field} has ${JSON.stringify(matcher)}, which is not known locally.`,
  );
}

function memberOf(event: unknown, field: string): unknown {
  return typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[field] : undefined;
}

function startsWith(prefix: string): Matches {
  return actual => typeof actual === 'string' && actual.startsWith(prefix);
}

function endsWith(suffix: string): Matches {
  return actual => typeof actual === 'string' && actual.endsWith(suffix);
}

function equalsIgnoringCase(text: string): Matches {
  return actual => typeof actual === 'string' && actual.toLowerCase() === text.toLowerCase();
}

function differsFrom(excluded: z.infer<typeof anythingBut>): Matches {
  return actual => {
    // AWS matches only fields that are there.
    if (actual === undefined) return false;
    if (typeof excluded !== 'object' || excluded === null) return actual !== excluded;
    if (Array.isArray(excluded)) return !excluded.some(value => value === actual);
    return 'prefix' in excluded ? !startsWith(excluded.prefix)(actual) : !endsWith(excluded.suffix)(actual);
  };
}

/** Pairs of an operator and a number, all of which must hold: `['>', 0, '<=', 5]`. */
function comparesTo(comparisons: ReadonlyArray<string | number>): Matches {
  return actual =>
    typeof actual === 'number' &&
    comparisons.every(
      (operator, index) => index % 2 === 1 || compare(actual, operator, comparisons[index + 1]),
    );
}

function compare(actual: number, operator: string | number, limit: string | number | undefined): boolean {
  const number = Number(limit);
  switch (operator) {
    case '<':
      return actual < number;
    case '<=':
      return actual <= number;
    case '=':
      return actual === number;
    case '>=':
      return actual >= number;
    case '>':
      return actual > number;
    default:
      throw new Error(`The event pattern compares by ${operator}; known are <, <=, =, >= and >.`);
  }
}
