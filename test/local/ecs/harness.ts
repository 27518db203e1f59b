import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECSClient, RunTaskCommand, type RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { createEcs, type EcsOptions, type EventBridgeEvent, type LocalEcs } from '../../../local/ecs/service';
import type { AccessKey, AccessRequest } from '../../../local/types';

export const REGION = 'eu-west-1';
export const ACCOUNT = '123456789012';
export const CLUSTER_ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/pipeline`;
export const DEFINITION_ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/worker:3`;
export const TASK_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/worker-task`;
export const EXECUTION_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/worker-execution`;

export const ROOT_KEY: AccessKey = {
  accessKeyId: 'AKIAROOT',
  secretAccessKey: 'root-secret',
  principal: { kind: 'root', arn: `arn:aws:iam::${ACCOUNT}:root` },
};

export const ROLE_KEY: AccessKey = {
  accessKeyId: 'ASIAINTAKE',
  secretAccessKey: 'role-secret',
  sessionToken: 'role-token',
  principal: { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/intake` },
};

/** Credentials that the tasks of the task role are served. */
export const TASK_KEY: AccessKey = {
  accessKeyId: 'ASIATASK',
  secretAccessKey: 'task-secret',
  sessionToken: 'task-token',
  expiresAt: new Date('2040-01-02T03:04:05Z'),
  principal: { kind: 'role', arn: TASK_ROLE_ARN },
};

/** A worker that stays until it is told to stop, and then ends in good order. */
export const PATIENT = `
  process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
  console.log('ready');
  setInterval(() => {}, 1000);
`;

/** A worker that takes no notice of SIGTERM. */
export const STUBBORN = `
  process.on('SIGTERM', () => console.log('not now'));
  console.log('ready');
  setInterval(() => {}, 1000);
`;

export interface HarnessOptions extends Partial<EcsOptions> {
  /** Source of the worker that tasks run, in plain JavaScript. Default: one that ends at once. */
  readonly worker?: string;
}

/** A local ECS behind a real HTTP server, its events, and SDK clients for it. */
export class Harness {
  readonly events: EventBridgeEvent[] = [];
  /** Every question that the policies were asked. */
  readonly asked: AccessRequest[] = [];
  readonly root: string;
  readonly #closers: Array<() => Promise<unknown> | void> = [];
  #ecs: LocalEcs | undefined;
  #endpoint = '';
  #allow: (request: AccessRequest) => boolean = () => true;

  private constructor(root: string) {
    this.root = root;
  }

  static async start(options: HarnessOptions = {}): Promise<Harness> {
    const harness = new Harness(mkdtempSync(join(tmpdir(), 'ecs-')));
    mkdirSync(join(harness.root, 'image'));
    harness.installWorker(options.worker ?? '');
    await harness.#serve(options);
    return harness;
  }

  get ecs(): LocalEcs {
    if (this.#ecs === undefined) throw new Error('The harness is not started.');
    return this.#ecs;
  }

  installWorker(source: string): void {
    writeFileSync(join(this.root, 'image', 'worker.cjs'), source);
  }

  allow(rule: (request: AccessRequest) => boolean): void {
    this.#allow = rule;
  }

  client(key: AccessKey = ROOT_KEY): ECSClient {
    const { accessKeyId, secretAccessKey, sessionToken } = key;
    const client = new ECSClient({
      endpoint: this.#endpoint,
      region: REGION,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
      maxAttempts: 1,
    });
    this.#closers.unshift(() => client.destroy());
    return client;
  }

  /** Runs one task on Spot and answers its id. */
  async run(input: Partial<RunTaskCommandInput> = {}): Promise<string> {
    const { tasks } = await this.client().send(new RunTaskCommand({ ...RUN_TASK, ...input }));
    return (tasks?.[0]?.taskArn ?? '').split('/').pop() ?? '';
  }

  eventsOf(taskId: string): EventBridgeEvent[] {
    return this.events.filter(({ resources }) => resources[0]?.endsWith(`/${taskId}`));
  }

  /** Waits for the event that tells of this state. */
  async reached(taskId: string, lastStatus: string): Promise<Record<string, unknown>> {
    return until(() => this.eventsOf(taskId).find(({ detail }) => detail.lastStatus === lastStatus)?.detail);
  }

  log(taskId: string): string {
    return readFileSync(join(this.root, 'logs', `${taskId}.log`), 'utf8');
  }

  /** Waits until the task's log holds the text. */
  async logged(taskId: string, text: string): Promise<void> {
    await until(() => this.log(taskId).includes(text) || undefined);
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
    rmSync(this.root, { recursive: true });
  }

  async #serve(options: HarnessOptions): Promise<void> {
    const ecs = await createEcs({
      ...ecsOptions(this.root),
      authorize: request => {
        this.asked.push(request);
        return this.#allow(request);
      },
      emit: async event => void this.events.push(event),
      ...options,
    });
    this.#ecs = ecs;
    const server = createServer((request, response) => void ecs.handle(request, response));
    this.#endpoint = await listen(server);
    this.#closers.push(
      () => ecs.close(),
      () => new Promise(resolve => server.close(resolve)),
    );
  }
}

export const RUN_TASK: RunTaskCommandInput = {
  cluster: 'pipeline',
  taskDefinition: 'worker',
  capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'ENABLED' } },
};

/** Options of an ECS that keeps all it has under one folder, and runs `image/worker.cjs` of it. */
export function ecsOptions(root: string): EcsOptions {
  return {
    dataDir: join(root, 'data'),
    logDir: join(root, 'logs'),
    region: REGION,
    accountId: ACCOUNT,
    keyring: { find: id => [ROOT_KEY, ROLE_KEY, TASK_KEY].find(({ accessKeyId }) => accessKeyId === id) },
    authorize: () => true,
    clusters: [CLUSTER_ARN],
    taskDefinitions: [
      {
        arn: DEFINITION_ARN,
        family: 'worker',
        revision: 3,
        cpu: '1024',
        memory: '2048',
        taskRoleArn: TASK_ROLE_ARN,
        executionRoleArn: EXECUTION_ROLE_ARN,
        containers: [
          {
            name: 'worker',
            image: 'worker:latest',
            command: [process.execPath, 'worker.cjs'],
            environment: { COLOUR: 'red', SIZE: 'small' },
            essential: true,
            stopTimeoutSeconds: 120,
          },
        ],
      },
    ],
    imageDirectory: () => join(root, 'image'),
    credentialsForRole: () => TASK_KEY,
    hostEnvironment: { AWS_REGION: REGION },
    emit: async () => undefined,
  };
}

/** Waits until there is a value. */
export async function until<Value>(look: () => Value | undefined): Promise<Value> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${look.toString()}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** True once no process with this id runs; one that waits to be reaped runs no more. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && readFileSync(stat, 'utf8').includes(') Z ');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
