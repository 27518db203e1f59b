import { z } from 'zod';
import { S3Error, accessDenied } from './errors';

const MAX_SAFE_BYTES = Number.MAX_SAFE_INTEGER;
const FREE_FIELDS = new Set(['policy', 'x-amz-signature', 'file']);

const bound = z.coerce.number().int().min(0).max(MAX_SAFE_BYTES);
const conditionSchema = z.union([
  z.tuple([z.literal('content-length-range'), bound, bound]),
  z.tuple([z.enum(['eq', 'starts-with']), z.string().startsWith('$'), z.string()]),
  z.record(z.string(), z.string()),
]);
const policySchema = z.object({
  expiration: z.iso.datetime({ offset: true }),
  conditions: z.array(conditionSchema),
});

/** What a form's policy allows of the file. */
export interface PolicyLimits {
  minBytes?: number;
  maxBytes?: number;
}

/**
 * Holds the fields of a form (by name in lower case) against its policy, given as base64. Throws
 * `AccessDenied` where the policy has expired, a condition fails, or a field has no condition.
 */
export function checkPolicy(input: {
  policy: string;
  fields: ReadonlyMap<string, string>;
  bucket: string;
  now: Date;
}): PolicyLimits {
  const policy = parsePolicy(input.policy);
  if (input.now >= new Date(policy.expiration)) {
    throw accessDenied('Invalid according to Policy: Policy expired.');
  }
  const covered = new Set<string>();
  const limits: PolicyLimits = {};
  const value = (name: string): string | undefined =>
    name === 'bucket' ? input.bucket : input.fields.get(name);
  for (const condition of policy.conditions.flatMap(normalise)) {
    if (condition.kind === 'length') {
      limits.minBytes = Math.max(condition.minBytes, limits.minBytes ?? 0);
      limits.maxBytes = Math.min(condition.maxBytes, limits.maxBytes ?? Infinity);
      continue;
    }
    covered.add(condition.name);
    if (!holds(condition, value(condition.name) ?? '')) {
      throw accessDenied(`Invalid according to Policy: Policy Condition failed: ${condition.text}`);
    }
  }
  const extra = [...input.fields.keys()].find(
    name => !covered.has(name) && !FREE_FIELDS.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra !== undefined) {
    throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra}`);
  }
  return limits;
}

type Condition =
  | { kind: 'length'; minBytes: number; maxBytes: number }
  | { kind: 'eq' | 'starts-with'; name: string; wanted: string; text: string };

function parsePolicy(base64: string): z.output<typeof policySchema> {
  try {
    return policySchema.parse(JSON.parse(Buffer.from(base64, 'base64').toString('utf8')));
  } catch (error) {
    throw new S3Error('InvalidPolicyDocument', `The policy can't be read: ${String(error)}`, {
      cause: error,
    });
  }
}

function normalise(condition: z.output<typeof conditionSchema>): Condition[] {
  if (!Array.isArray(condition)) {
    return Object.entries(condition).map(([name, wanted]) => ({
      kind: 'eq',
      name: name.toLowerCase(),
      wanted,
      text: JSON.stringify(['eq', `$${name}`, wanted]),
    }));
  }
  if (condition[0] === 'content-length-range') {
    return [{ kind: 'length', minBytes: condition[1], maxBytes: condition[2] }];
  }
  const [kind, name, wanted] = condition;
  return [{ kind, name: name.slice(1).toLowerCase(), wanted, text: JSON.stringify(condition) }];
}

function holds(condition: Exclude<Condition, { kind: 'length' }>, value: string): boolean {
  if (condition.kind === 'eq') return value === condition.wanted;
  // A Content-Type may be a list, of which each item must fit.
  const values = condition.name === 'content-type' ? value.split(',') : [value];
  return values.every(item => item.startsWith(condition.wanted));
}
