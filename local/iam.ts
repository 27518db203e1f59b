import { z } from 'zod';
import { evaluateCondition } from './iam-conditions';
import { matchesWildcard } from './iam-wildcard';
import type { AccessRequest, Authorize } from './types';

const texts = z.union([z.string(), z.array(z.string())]).transform(value => [value].flat());

const conditionValue = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .or(z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)))
  .transform(value => [value].flat());

const statementSchema = z
  .object({
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValue)).default({}),
    Principal: z.unknown().optional(),
  })
  .refine(statement => (statement.Action === undefined) !== (statement.NotAction === undefined), {
    message: 'A statement has either Action or NotAction.',
  });

const documentSchema = z.object({
  Statement: z.union([statementSchema, z.array(statementSchema)]).transform(value => [value].flat()),
});

/** One statement of an IAM policy, with single values made into lists. */
export type PolicyStatement = z.infer<typeof statementSchema>;

/** Statements of a policy document; throws ZodError when it is none. */
export function parsePolicy(document: unknown): PolicyStatement[] {
  return documentSchema.parse(document).Statement;
}

/** What is asked of a set of statements. */
export interface PolicyQuestion {
  readonly action: string;
  readonly resource: string;
  /** Condition keys and their values. A key that is not here is absent, as `Null` conditions see it. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** AWS's rule: an explicit deny wins, then any allow, and what nothing allows is denied. */
export function isAllowed(statements: readonly PolicyStatement[], question: PolicyQuestion): boolean {
  const matching = statements.filter(statement => matches(statement, question));
  return matching.every(({ Effect }) => Effect === 'Allow') && matching.length > 0;
}

/** A role and all that its policies say. */
export interface RolePolicies {
  readonly arn: string;
  readonly statements: readonly PolicyStatement[];
}

/** Answers from the policies of the roles; the root of the account may do everything, an unknown role nothing. */
export function createAuthorizer(roles: readonly RolePolicies[]): Authorize {
  const statementsOf = new Map(roles.map(({ arn, statements }) => [arn, statements]));
  return ({ principal, ...question }: AccessRequest) =>
    principal.kind === 'root' || isAllowed(statementsOf.get(principal.arn) ?? [], question);
}

function matches(statement: PolicyStatement, question: PolicyQuestion): boolean {
  return (
    matchesAction(statement, question.action) &&
    matchesResource(statement, question.resource) &&
    Object.entries(statement.Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, expected]) =>
        evaluateCondition({ operator, expected, actual: contextValues(question, key) }),
      ),
    )
  );
}

function matchesAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  // Actions are compared without regard to case, resources are not.
  const isAmong = (patterns: string[]): boolean =>
    patterns.some(pattern => matchesWildcard(pattern.toLowerCase(), action.toLowerCase()));
  return Action ? isAmong(Action) : !isAmong(NotAction ?? []);
}

function matchesResource({ Resource, NotResource }: PolicyStatement, resource: string): boolean {
  const isAmong = (patterns: string[]): boolean =>
    patterns.some(pattern => matchesWildcard(pattern, resource));
  if (NotResource) return !isAmong(NotResource);
  // A policy of a resource may leave it out, and then means that resource.
  return Resource === undefined || isAmong(Resource);
}

function contextValues({ context = {} }: PolicyQuestion, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found && [found[1]].flat();
}
