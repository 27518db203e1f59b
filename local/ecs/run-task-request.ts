import { z } from 'zod';
import { invalidParameter } from './errors';
import { isFargateSize, parseCpuUnits, parseMemoryMiB } from './fargate-size';
import type { LocalTaskDefinition } from './types';

const MAX_OVERRIDES_CHARACTERS = 8192;
const MAX_TASKS_PER_CALL = 10;
const MAX_TAGS = 50;
const EPHEMERAL_STORAGE_GIB = { min: 21, max: 200 };

export const tagSchema = z.object({ key: z.string(), value: z.string().default('') });

const overridesSchema = z.object({
  cpu: z.string().optional(),
  memory: z.string().optional(),
  ephemeralStorage: z.object({ sizeInGiB: z.number().int() }).optional(),
  taskRoleArn: z.string().optional(),
  executionRoleArn: z.string().optional(),
  containerOverrides: z
    .array(
      z.object({
        name: z.string(),
        command: z.array(z.string()).optional(),
        environment: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
      }),
    )
    .default([]),
});

export const runTaskSchema = z.object({
  cluster: z.string().optional(),
  taskDefinition: z.string(),
  count: z.number().int().default(1),
  launchType: z.string().optional(),
  capacityProviderStrategy: z
    .array(
      z.object({
        capacityProvider: z.string(),
        weight: z.number().int().default(0),
        base: z.number().int().default(0),
      }),
    )
    .default([]),
  networkConfiguration: z
    .object({
      awsvpcConfiguration: z
        .object({
          subnets: z.array(z.string()),
          securityGroups: z.array(z.string()).default([]),
          assignPublicIp: z.string().default('DISABLED'),
        })
        .optional(),
    })
    .optional(),
  overrides: overridesSchema.default({ containerOverrides: [] }),
  group: z.string().optional(),
  startedBy: z.string().optional(),
  clientToken: z.string().optional(),
  propagateTags: z.string().optional(),
  tags: z.array(tagSchema).default([]),
});

export type RunTaskRequest = z.infer<typeof runTaskSchema>;
type Overrides = RunTaskRequest['overrides'];

/** What a task of this request gets, after overrides. */
export interface TaskSize {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorageGiB: number;
}

/** Refuses with an `InvalidParameterException` what Fargate would refuse. */
export function checkRunTask(request: RunTaskRequest, definition: LocalTaskDefinition): void {
  const { count, startedBy = '', clientToken } = request;
  if (count < 1 || count > MAX_TASKS_PER_CALL) {
    throw invalidParameter(`Tasks cannot be run: count is ${count}; it must be between 1 and 10.`);
  }
  if (startedBy.length > 128) throw invalidParameter('startedBy can have at most 128 characters.');
  if (clientToken !== undefined && !/^[!-~]{1,64}$/.test(clientToken)) {
    throw invalidParameter('clientToken must have 1 to 64 characters in the range of 33-126.');
  }
  if (request.propagateTags !== undefined && request.propagateTags !== 'TASK_DEFINITION') {
    throw invalidParameter(`propagateTags is ${request.propagateTags}; RunTask takes TASK_DEFINITION only.`);
  }
  checkCapacity(request);
  checkNetwork(request);
  checkTags(request.tags);
  checkOverrides(request.overrides, definition);
}

function checkCapacity({ launchType, capacityProviderStrategy: strategy }: RunTaskRequest): void {
  if (launchType !== undefined && strategy.length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  if (strategy.length === 0) {
    // Without either, ECS falls back to the EC2 launch type.
    if (launchType !== 'FARGATE')
      throw invalidParameter('No Container Instances were found in your cluster.');
    return;
  }
  for (const { capacityProvider } of strategy) {
    if (capacityProvider !== 'FARGATE' && capacityProvider !== 'FARGATE_SPOT') {
      throw invalidParameter(
        `The specified capacity provider '${capacityProvider}' was not found. Specify FARGATE or FARGATE_SPOT.`,
      );
    }
  }
  if (strategy.filter(({ base }) => base > 0).length > 1) {
    throw invalidParameter('Only one capacity provider in a strategy can have a base.');
  }
  if (strategy.every(({ weight }) => weight === 0) && strategy.length > 1) {
    throw invalidParameter('At least one capacity provider must have a weight greater than 0.');
  }
}

function checkNetwork({ networkConfiguration }: RunTaskRequest): void {
  const network = networkConfiguration?.awsvpcConfiguration;
  if (network === undefined) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (network.subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (network.subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if (network.securityGroups.length > 5) throw invalidParameter('securityGroups can have at most 5 items.');
  if (network.assignPublicIp !== 'ENABLED' && network.assignPublicIp !== 'DISABLED') {
    throw invalidParameter(
      `assignPublicIp is ${network.assignPublicIp}; it must be one of ENABLED, DISABLED.`,
    );
  }
}

/** Refuses tags that AWS would refuse. */
export function checkTags(tags: ReadonlyArray<{ key: string; value: string }>): void {
  if (tags.length > MAX_TAGS) throw invalidParameter(`A resource can have at most ${MAX_TAGS} tags.`);
  if (new Set(tags.map(({ key }) => key)).size < tags.length) {
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case sensitive.');
  }
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128 || value.length > 256) {
      throw invalidParameter(`Tag ${key}: keys have 1 to 128 characters and values at most 256.`);
    }
    if (/^aws:/i.test(key)) throw invalidParameter(`Tag ${key}: keys must not begin with aws:.`);
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)) {
      throw invalidParameter(
        `Tag ${key}: only letters, numbers, spaces and the characters _ . : / = + - @ are allowed.`,
      );
    }
  }
}

function checkOverrides(overrides: Overrides, definition: LocalTaskDefinition): void {
  if (JSON.stringify(overrides).length > MAX_OVERRIDES_CHARACTERS) {
    throw invalidParameter(`Container Overrides length must be at most ${MAX_OVERRIDES_CHARACTERS}`);
  }
  for (const { name } of overrides.containerOverrides) {
    if (definition.containers.every(container => container.name !== name)) {
      throw invalidParameter(
        `Override for container named ${name} is not a container in the TaskDefinition.`,
      );
    }
  }
  const { cpu, memory } = taskSize(overrides, definition);
  if (!isFargateSize(Number(cpu), Number(memory))) {
    throw invalidParameter(`No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`);
  }
  const sizeInGiB = overrides.ephemeralStorage?.sizeInGiB;
  const { min, max } = EPHEMERAL_STORAGE_GIB;
  if (sizeInGiB !== undefined && (sizeInGiB < min || sizeInGiB > max)) {
    throw invalidParameter(
      `Ephemeral storage of ${sizeInGiB} GiB is not supported; it must be between ${min} and ${max} GiB.`,
    );
  }
}

/** CPU units, MiB and GiB of a task that is run with these overrides. */
export function taskSize(overrides: Overrides, definition: LocalTaskDefinition): TaskSize {
  return {
    cpu: String(parseCpuUnits(overrides.cpu ?? definition.cpu)),
    memory: String(parseMemoryMiB(overrides.memory ?? definition.memory)),
    ephemeralStorageGiB: overrides.ephemeralStorage?.sizeInGiB ?? definition.ephemeralStorageGiB ?? 20,
  };
}
