import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccessKey } from '../types';
import { lastPart } from './arns';
import type { Task, TaskContainer } from './types';

const NEVER = '9999-12-31T23:59:59Z';

/** One container's view of the endpoint. */
export interface MetadataClient {
  /** The task as it is now. */
  readonly task: () => Task;
  readonly containerName: string;
  /** Absent when the task has no role. */
  readonly role?: { readonly arn: string; readonly credentials: () => AccessKey };
}

export interface MetadataAddresses {
  /** For ECS_CONTAINER_METADATA_URI_V4. */
  readonly metadataUri: string;
  /** For AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly credentialsUri?: string;
  /** Answers 404 from now on. */
  readonly withdraw: () => void;
}

/** Serves the task metadata (version 4) and the credentials of running tasks on a loopback port. */
export class MetadataEndpoint {
  readonly #pages = new Map<string, () => object>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { status, body } = this.#answer(request);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  static async listen(): Promise<MetadataEndpoint> {
    const endpoint = new MetadataEndpoint();
    await new Promise<void>((resolve, reject) => {
      endpoint.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return endpoint;
  }

  /** Makes addresses that nobody can guess: whoever knows them holds the task's credentials. */
  register(client: MetadataClient): MetadataAddresses {
    const { port } = this.#server.address() as AddressInfo;
    const metadataPath = `/v4/${randomUUID()}`;
    const pages = new Map<string, () => object>([
      [metadataPath, () => containerMetadata(client.task(), client.containerName)],
      [`${metadataPath}/task`, () => taskMetadata(client.task())],
    ]);
    const credentialsPath = `/v2/credentials/${randomUUID()}`;
    const { role } = client;
    if (role !== undefined) pages.set(credentialsPath, () => credentials(role.arn, role.credentials()));
    for (const [path, page] of pages) this.#pages.set(path, page);
    const origin = `http://127.0.0.1:${port}`;
    return {
      metadataUri: `${origin}${metadataPath}`,
      ...(role === undefined ? {} : { credentialsUri: `${origin}${credentialsPath}` }),
      withdraw: () => {
        for (const path of pages.keys()) this.#pages.delete(path);
      },
    };
  }

  #answer({ method, url = '' }: IncomingMessage): { status: number; body: object } {
    const page = method === 'GET' ? this.#pages.get(url) : undefined;
    if (page === undefined) return { status: 404, body: { message: 'not found' } };
    try {
      return { status: 200, body: page() };
    } catch (error) {
      // Such as a role without credentials: the container's fault to report, not a reason to end.
      return { status: 500, body: { message: String(error) } };
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

function credentials(roleArn: string, key: AccessKey): object {
  return {
    RoleArn: roleArn,
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey,
    Token: key.sessionToken ?? '',
    Expiration: key.expiresAt?.toISOString() ?? NEVER,
  };
}

function taskMetadata(task: Task): object {
  return {
    Cluster: task.clusterArn,
    TaskARN: task.taskArn,
    Family: task.family,
    Revision: task.taskDefinitionArn.slice(task.taskDefinitionArn.lastIndexOf(':') + 1),
    DesiredStatus: task.desiredStatus,
    KnownStatus: task.lastStatus,
    Limits: { CPU: Number(task.cpu) / 1024, Memory: Number(task.memory) },
    PullStartedAt: task.pullStartedAt,
    PullStoppedAt: task.pullStoppedAt,
    AvailabilityZone: task.availabilityZone,
    LaunchType: 'FARGATE',
    Containers: task.containers.map(({ name }) => containerMetadata(task, name)),
    EphemeralStorageMetrics: { Reserved: task.ephemeralStorageGiB * 1024 },
  };
}

function containerMetadata(task: Task, containerName: string): object {
  const container = task.containers.find(({ name }) => name === containerName);
  return {
    DockerId: container?.runtimeId,
    DockerName: containerName,
    Name: containerName,
    Image: container?.image,
    Labels: labels(task, containerName),
    DesiredStatus: task.desiredStatus,
    KnownStatus: knownStatus(container),
    Limits: { CPU: 0 },
    CreatedAt: task.pullStoppedAt,
    StartedAt: task.startedAt,
    Type: 'NORMAL',
    ContainerARN: container?.containerArn,
    Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: [task.networkInterface.privateIpv4Address] }],
  };
}

function labels(task: Task, containerName: string): Record<string, string> {
  return {
    'com.amazonaws.ecs.cluster': task.clusterArn,
    'com.amazonaws.ecs.container-name': containerName,
    'com.amazonaws.ecs.task-arn': task.taskArn,
    'com.amazonaws.ecs.task-definition-family': task.family,
    'com.amazonaws.ecs.task-definition-version': lastPart(task.taskDefinitionArn).split(':')[1] ?? '',
  };
}

function knownStatus(container: TaskContainer | undefined): string {
  // A container that asks is running, even if its start has not been noted yet.
  return container?.lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING';
}
