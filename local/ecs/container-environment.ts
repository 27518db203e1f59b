import type { AccessKey } from '../types';
import type { MetadataEndpoint } from './metadata';
import type { ContainerOverride, LocalContainer, LocalTaskDefinition, Task } from './types';

export interface EnvironmentRequest {
  readonly container: LocalContainer;
  readonly definition: LocalTaskDefinition;
  /** The task as it is whenever the container asks. */
  readonly task: () => Task;
  readonly hostEnvironment: Readonly<Record<string, string>>;
  readonly workFolder: string;
  readonly metadata: MetadataEndpoint;
  readonly credentialsForRole: (roleArn: string) => AccessKey;
}

export interface ContainerEnvironment {
  readonly env: Record<string, string>;
  /** Takes back the container's addresses at the metadata endpoint. */
  readonly withdraw: () => void;
}

/** The whole environment of a container: the later of host, definition, override and task wins. */
export function containerEnvironment(request: EnvironmentRequest): ContainerEnvironment {
  const { container, definition, metadata } = request;
  const task = request.task();
  const roleArn = task.overrides.taskRoleArn ?? definition.taskRoleArn;
  const { metadataUri, credentialsUri, withdraw } = metadata.register({
    task: request.task,
    containerName: container.name,
    ...(roleArn === undefined
      ? {}
      : { role: { arn: roleArn, credentials: () => request.credentialsForRole(roleArn) } }),
  });
  const env = {
    ...request.hostEnvironment,
    ...container.environment,
    ...overriddenEnvironment(findOverride(task, container.name)),
    TMPDIR: request.workFolder,
    ECS_CONTAINER_METADATA_URI_V4: metadataUri,
    ...(credentialsUri === undefined ? {} : { AWS_CONTAINER_CREDENTIALS_FULL_URI: credentialsUri }),
  };
  return { env, withdraw };
}

/** What the task was run with for this container, beside its definition. */
export function findOverride(task: Task, containerName: string): ContainerOverride | undefined {
  return task.overrides.containerOverrides.find(({ name }) => name === containerName);
}

function overriddenEnvironment(override: ContainerOverride | undefined): Record<string, string> {
  return Object.fromEntries((override?.environment ?? []).map(({ name, value }) => [name, value]));
}
