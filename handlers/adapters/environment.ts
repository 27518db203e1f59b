import { z } from 'zod';
import { parseJson, parseValue } from '../../core/problem';
import type { Settings } from '../../core/settings';
import { settingsSchema } from '../../core/settings';

/** Where tasks start; the network's mode sets them. */
export const networkVariablesSchema = z.object({
  /** Of a network that is there all the time, as the next. */
  SECURITY_GROUP_ID: z.string().min(1).optional(),
  /** Separated by commas. */
  SUBNET_IDS: z.string().min(1).optional(),
  ASSIGN_PUBLIC_IP: z.enum(['ENABLED', 'DISABLED']),
  /** Of the stage that makes networks for jobs, as the next two: there is no other network then. */
  NETWORK_QUEUE_URL: z.url().optional(),
  /** Two, separated by a comma. */
  NETWORK_ZONES: z.string().min(1).optional(),
  /** What everything in such networks is tagged with. */
  DEPLOYMENT: z.string().min(1).optional(),
});

/** Environment variables of every Lambda; the constructs set them by these names. */
export const environmentSchema = z
  .object({
    INBOX_BUCKET: z.string().min(1),
    OUTBOX_BUCKET: z.string().min(1),
    STATE_BUCKET: z.string().min(1),
    ORDER_QUEUE_URL: z.url(),
    /** Of the orders that go before those of the other queue. */
    URGENT_ORDER_QUEUE_URL: z.url(),
    /** Of the queue whose messages invoke the function, where there is one. */
    SOURCE_QUEUE_URL: z.url().optional(),
    CLUSTER_ARN: z.string().startsWith('arn:'),
    /** Family of the worker's task definition: RunTask then takes its newest revision. */
    TASK_FAMILY: z.string().min(1),
    ...networkVariablesSchema.shape,
    /** Set by Lambda itself; what tasks cost depends on it. */
    AWS_REGION: z.string().optional(),
    /** JSON of `settingsSchema`. */
    SETTINGS: z.string().min(2),
  })
  .refine(
    ({ SUBNET_IDS, SECURITY_GROUP_ID, NETWORK_QUEUE_URL }) =>
      NETWORK_QUEUE_URL !== undefined || (SUBNET_IDS !== undefined && SECURITY_GROUP_ID !== undefined),
    { path: ['SUBNET_IDS'], error: 'Set SUBNET_IDS and SECURITY_GROUP_ID, or NETWORK_QUEUE_URL.' },
  );

export type LambdaEnvironment = z.infer<typeof environmentSchema>;

export interface Environment {
  readonly variables: LambdaEnvironment;
  readonly settings: Settings;
}

/** Reads the environment once, at cold start; throws one error that names every fault. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const variables = parseValue(env, environmentSchema);
  const settings = parseJson(env['SETTINGS'] ?? '{}', settingsSchema);
  const faults = [
    ...(variables.kind === 'invalid' ? variables.problems : []),
    ...(settings.kind === 'invalid'
      ? settings.problems.map(problem => ({ ...problem, pointer: `/SETTINGS${problem.pointer}` }))
      : []),
  ];
  if (variables.kind === 'invalid' || settings.kind === 'invalid') {
    throw new Error(
      `The environment is not as the stack should have set it: ${faults.map(({ pointer, fix }) => `${pointer}: ${fix}`).join(' ')}`,
    );
  }
  const { AWS_REGION: region, ASSIGN_PUBLIC_IP } = variables.value;
  return {
    variables: variables.value,
    settings: {
      ...settings.value,
      publicAddress: ASSIGN_PUBLIC_IP === 'ENABLED',
      ...(region === undefined ? {} : { region }),
    },
  };
}
