import type { z } from 'zod';
import { knownFields } from './known-fields';

/** One thing that is wrong with what a user wrote, said so that it can be mended without reading code. */
export interface Problem {
  /** JSON pointer (RFC 6901) of the field; '' is the whole document. */
  readonly pointer: string;
  /** The offending value, shortened; absent when the field is missing. */
  readonly value?: string;
  /** What is wrong and what to write instead. */
  readonly fix: string;
}

export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

const LONGEST_VALUE = 80;

/** Parses text as JSON and then against the schema; every problem is reported at once. */
export function parseJson<T>(text: string, schema: z.ZodType<T>): Parsed<T> {
  let value: unknown;
  try {
    // A byte order mark is what Windows editors leave in front of otherwise sound JSON.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      kind: 'invalid',
      problems: [
        {
          pointer: '',
          value: shorten(text),
          fix: `Not valid JSON (${detail}). Check quotes, commas and braces.`,
        },
      ],
    };
  }
  return parseValue(value, schema);
}

/** Parses an already decoded value against the schema; every problem is reported at once. */
export function parseValue<T>(value: unknown, schema: z.ZodType<T>): Parsed<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { kind: 'ok', value: result.data };
  return {
    kind: 'invalid',
    problems: result.error.issues.flatMap(issue => toProblems(issue, { root: value, schema })),
  };
}

interface Document {
  readonly root: unknown;
  readonly schema: z.ZodType;
}

function toProblems(issue: z.core.$ZodIssue, document: Document): Problem[] {
  const { root } = document;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      pointer: toPointer([...issue.path, key]),
      value: shorten(valueAt(root, [...issue.path, key])),
      fix: `Unknown field. ${suggestField(key, knownFields(document.schema, issue.path))}`,
    }));
  }
  if (
    issue.code === 'invalid_union' &&
    issue.errors.length > 0 &&
    !('discriminator' in issue && issue.discriminator)
  ) {
    const inner = asOneChoice(issue.errors) ?? [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
    return inner.flatMap(one => toProblems({ ...one, path: [...issue.path, ...one.path] }, document));
  }
  const found = valueAt(root, issue.path);
  return [
    {
      pointer: toPointer(issue.path),
      ...(found === undefined ? {} : { value: shorten(found) }),
      fix:
        found === undefined && issue.code !== 'custom'
          ? `Required field is missing. ${describe(issue, found)}`
          : describe(issue, found),
    },
  ];
}

/** Alternatives that are single values are one choice between all of them. */
function asOneChoice(alternatives: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const choices = alternatives.flatMap(([first, ...others]) =>
    first?.code === 'invalid_value' && first.path.length === 0 && others.length === 0 ? [first] : [],
  );
  const [first] = choices;
  if (first === undefined || choices.length < alternatives.length) return undefined;
  return [{ ...first, values: choices.flatMap(({ values }) => values) }];
}

function suggestField(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length === 0 ? 'Remove it.' : `Remove it, or use one of: ${known.join(', ')}.`;
}

function oneOf(allowed: readonly string[], found: unknown): string {
  const near = typeof found === 'string' ? nearest(found, allowed) : undefined;
  return `Use one of: ${allowed.join(', ')}.${near === undefined ? '' : ` Did you mean "${near}"?`}`;
}

function describe(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_value':
      return oneOf(issue.values.map(String), found);
    case 'invalid_type':
      return `Use a ${issue.expected}.`;
    case 'too_small':
      return `Use ${issue.origin === 'string' ? 'a length of ' : issue.origin === 'array' ? 'a count of ' : ''}at least ${issue.minimum}.`;
    case 'too_big':
      return `Use ${issue.origin === 'string' ? 'a length of ' : issue.origin === 'array' ? 'a count of ' : ''}at most ${issue.maximum}.`;
    case 'invalid_union':
      return 'options' in issue && issue.options !== undefined
        ? oneOf(issue.options.map(String), found)
        : 'Use one of the forms that presets/schema/ allows.';
    default:
      return issue.message;
  }
}

/** The name among `names` that a typing error most likely meant; undefined when none is close. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const scored = names
    .map(candidate => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(name.length / 3))
    ? best.candidate
    : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );
}

function shorten(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
