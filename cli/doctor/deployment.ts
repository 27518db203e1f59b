import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RootConstruct } from 'constructs';
import { z } from 'zod';
import { configFromContext, resolveConfig } from '../../pipeline/config';
import { ConfigError } from '../../pipeline/config-error';
import { UsageError } from '../usage-error';
import type { Deployment } from './check';

const CDK_JSON = join(__dirname, '..', '..', 'cdk.json');
const QUALIFIER_CONTEXT = '@aws-cdk/core:bootstrapQualifier';
const DEFAULT_QUALIFIER = 'hnb659fds';

const cdkJsonSchema = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

/**
 * The deployment as cdk.json and context values such as `spotreel:network=perJobNat` have it.
 * @throws UsageError when a value is no NAME=VALUE or no such setting
 */
export async function readDeployment(contextFlags: readonly string[]): Promise<Deployment> {
  const parsed: unknown = JSON.parse(await readFile(CDK_JSON, 'utf8'));
  const context = { ...cdkJsonSchema.parse(parsed).context, ...Object.fromEntries(contextFlags.map(pair)) };
  const { node } = new RootConstruct();
  for (const [key, value] of Object.entries(context)) node.setContext(key, value);
  const qualifier = context[QUALIFIER_CONTEXT];
  try {
    return {
      config: resolveConfig(configFromContext(node)),
      bootstrapQualifier: typeof qualifier === 'string' ? qualifier : DEFAULT_QUALIFIER,
    };
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message) : error;
  }
}

function pair(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`-c is "${text}"; give NAME=VALUE, such as spotreel:network=perJobNat.`);
}
