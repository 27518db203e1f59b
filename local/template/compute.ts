import { statSync } from 'node:fs';
import { z } from 'zod';
import type { LocalContainer, LocalTaskDefinition } from '../ecs/service';
import { LocalCloudError } from '../local-cloud-error';
import type { EventSourceModel, FunctionModel } from './model';
import type { DeployedResource, Resources } from './resources';
import { text, truth, wholeNumber } from './scalars';
import { assetOf } from './storage';

const functionSchema = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().startsWith('nodejs'),
  Role: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), text) }).optional(),
  Timeout: wholeNumber.default(3),
  MemorySize: wholeNumber.default(128),
  ReservedConcurrentExecutions: wholeNumber.optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
});

const invokeConfigSchema = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: wholeNumber.optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).optional(),
});

const eventSourceSchema = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string().regex(/^arn:aws:sqs:/, 'must be the ARN of a queue'),
  BatchSize: wholeNumber.default(10),
  Enabled: truth.default(true),
  MaximumBatchingWindowInSeconds: wholeNumber.default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: wholeNumber.optional() }).optional(),
});

const containerSchema = z.object({
  Name: z.string(),
  Image: z.string(),
  EntryPoint: z.array(z.string()).default([]),
  Command: z.array(z.string()).default([]),
  WorkingDirectory: z.string().optional(),
  Environment: z.array(z.object({ Name: z.string(), Value: text })).default([]),
  Essential: truth.default(true),
  StopTimeout: wholeNumber.optional(),
  MountPoints: z.array(z.object({ ContainerPath: z.string() })).default([]),
});

const taskDefinitionSchema = z.object({
  Cpu: text,
  Memory: text,
  EphemeralStorage: z.object({ SizeInGiB: wholeNumber }).optional(),
  TaskRoleArn: z.string().optional(),
  ExecutionRoleArn: z.string().optional(),
  RuntimePlatform: z
    .object({ CpuArchitecture: z.string().optional(), OperatingSystemFamily: z.string().optional() })
    .optional(),
  ContainerDefinitions: z.array(containerSchema).min(1),
  Tags: z.array(z.object({ Key: z.string(), Value: text })).optional(),
});

/** AWS retries a failed asynchronous invocation this often unless told otherwise. */
const DEFAULT_RETRY_ATTEMPTS = 2;

/** The functions that run on Node.js. Others belong to CDK's own custom resources, which are not run here. */
export function readFunctions(resources: Resources): FunctionModel[] {
  const invokeConfigs = new Map(
    resources
      .ofType('AWS::Lambda::EventInvokeConfig')
      .map(resource => resource.properties(invokeConfigSchema))
      .map(config => [nameOf(config.FunctionName), config]),
  );
  return resources
    .ofType('AWS::Lambda::Function')
    .filter(isNodeFunction)
    .map(resource => {
      const properties = resource.properties(functionSchema);
      const config = invokeConfigs.get(resource.ref);
      return {
        name: resource.ref,
        arn: resource.attribute('Arn'),
        roleArn: properties.Role,
        codeDirectory: codeDirectory(resources, properties.Code.S3Key, resource.logicalId),
        handler: properties.Handler,
        environment: properties.Environment?.Variables ?? {},
        timeoutSeconds: properties.Timeout,
        memoryMb: properties.MemorySize,
        reservedConcurrency: properties.ReservedConcurrentExecutions,
        retryAttempts: config?.MaximumRetryAttempts ?? DEFAULT_RETRY_ATTEMPTS,
        deadLetterArn:
          config?.DestinationConfig?.OnFailure?.Destination ?? properties.DeadLetterConfig?.TargetArn,
      };
    });
}

export function readEventSources(resources: Resources): EventSourceModel[] {
  return resources
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(resource => resource.properties(eventSourceSchema))
    .filter(({ Enabled }) => Enabled)
    .map(properties => ({
      functionArn: functionArn(resources, properties.FunctionName),
      queueArn: properties.EventSourceArn,
      batchSize: properties.BatchSize,
      batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
      reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency,
    }));
}

export function readTaskDefinitions(resources: Resources): LocalTaskDefinition[] {
  return resources.ofType('AWS::ECS::TaskDefinition').map(resource => {
    const properties = resource.properties(taskDefinitionSchema);
    const { RuntimePlatform: platform } = properties;
    return {
      arn: resource.ref,
      family: resource.ref.replace(/^.*\/|:\d+$/g, ''),
      revision: 1,
      cpu: properties.Cpu,
      memory: properties.Memory,
      ephemeralStorageGiB: properties.EphemeralStorage?.SizeInGiB,
      taskRoleArn: properties.TaskRoleArn,
      executionRoleArn: properties.ExecutionRoleArn,
      runtimePlatform: platform && {
        cpuArchitecture: platform.CpuArchitecture,
        operatingSystemFamily: platform.OperatingSystemFamily,
      },
      containers: properties.ContainerDefinitions.map(toContainer),
      tags: properties.Tags?.map(({ Key, Value }) => ({ key: Key, value: Value })),
    };
  });
}

function toContainer(container: z.infer<typeof containerSchema>): LocalContainer {
  const mountPaths = container.MountPoints.map(({ ContainerPath }) => ContainerPath);
  return {
    name: container.Name,
    image: container.Image,
    command: [...container.EntryPoint, ...container.Command],
    workingDirectory: container.WorkingDirectory,
    // A process has the machine's own file system, where nothing is mounted; it has its task's folder as TMPDIR.
    environment: Object.fromEntries(
      container.Environment.filter(({ Value }) => !mountPaths.includes(Value)).map(({ Name, Value }) => [
        Name,
        Value,
      ]),
    ),
    essential: container.Essential,
    stopTimeoutSeconds: container.StopTimeout,
  };
}

function isNodeFunction(resource: DeployedResource): boolean {
  return /^nodejs/.test(resource.properties(z.object({ Runtime: z.string().default('') })).Runtime);
}

function codeDirectory(resources: Resources, key: string, logicalId: string): string {
  const path = assetOf(resources, key, logicalId);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new LocalCloudError(
    `The code of function ${logicalId} is ${path}, which is no folder; give it as a folder, not as an archive.`,
  );
}

/** A function may be referred to by its name or by its ARN. */
function nameOf(reference: string): string {
  return reference.replace(/^.*:function:/, '');
}

function functionArn({ deployment }: Resources, reference: string): string {
  return `arn:aws:lambda:${deployment.region}:${deployment.accountId}:function:${nameOf(reference)}`;
}
