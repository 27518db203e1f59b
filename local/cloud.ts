import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BadNetwork } from './bad-network';
import { createControl, type CloudControl, type CloudParts } from './cloud-control';
import { answerControl, isControlRequest } from './control';
import { lockDataDir } from './data-dir-lock';
import { listenLocally } from './listen';
import { isForEc2 } from './ec2/service';
import { startServices, type Services } from './services';
import { LOCAL_REGION } from './template';
import type { AccessKey } from './types';

export type { CloudControl, CloudState } from './cloud-control';
export type { TargetOutcome } from './events/target';

export interface CloudOptions {
  /** Folder that `cdk synth` wrote. */
  readonly assemblyDir: string;
  /** All state: objects, messages, tasks, keys, metrics, logs. Made when missing; one cloud at a time may use it. */
  readonly dataDir: string;
  /** Port on 127.0.0.1; 0 takes the one of the last start if it is free, else any. */
  readonly port: number;
  readonly faults?: Faults;
}

/** What goes wrong on AWS at times, made to happen all the time. */
export interface Faults {
  /** Delivers each S3 event, EventBridge event and batch of messages twice and out of order. */
  readonly duplicateEvents?: { readonly seed: number };
  /** Answers some requests with 500 or 503, some late, and cuts some connections; the person's own are spared. */
  readonly badNetwork?: { readonly seed: number };
}

export interface RunningCloud {
  /** Where S3, SQS, ECS and EC2's networks are served: the value for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly region: string;
  /** Of the person, who may do everything. */
  readonly credentials: AccessKey;
  /** Of the stack, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly control: CloudControl;
  /** Ends invocations and tasks, keeps the state. */
  close(): Promise<void>;
}

/** Node closes idle connections after 5 seconds, which clients that keep them longer take for a failure. */
const KEEP_ALIVE_MS = 75_000;

/** Runs a synthesized stack on this machine; resolves when all of it is ready. */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const unlock = lockDataDir(options.dataDir);
  let services: Services | undefined;
  let network: BadNetwork | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      const exchange = { request, response };
      if (network === undefined || isControlRequest(request) || !(await network.spoil(exchange)))
        await dispatch(services && { ...services, network }, exchange);
    })();
  });
  // An upload may take as long as it needs.
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  try {
    const port = await listenLocally({ server, port: options.port, dataDir: options.dataDir });
    const endpoint = `http://127.0.0.1:${port}`;
    const started = await startServices({ ...options, endpoint });
    services = started;
    const seed = options.faults?.badNetwork?.seed;
    if (seed !== undefined) network = new BadNetwork(seed, started.keyring.root.accessKeyId);
    await started.begin();
    return {
      endpoint,
      region: LOCAL_REGION,
      credentials: started.keyring.root,
      outputs: started.model.outputs,
      control: createControl({ ...started, network }),
      close: async () => {
        await started.close();
        await closeServer(server);
        unlock();
      },
    };
  } catch (error) {
    await services?.close();
    await closeServer(server);
    unlock();
    throw error;
  }
}

async function dispatch(
  services: (Services & Pick<CloudParts, 'network'>) | undefined,
  exchange: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { request, response } = exchange;
  if (!services) {
    response.writeHead(503, { 'retry-after': '1' }).end('The local cloud is starting.');
    return;
  }
  if (isControlRequest(request)) return answerControl(createControl(services), exchange);
  const target = String(request.headers['x-amz-target'] ?? '');
  if (target.startsWith('AmazonSQS.')) return services.sqs.handle(request, response);
  if (target.startsWith('AmazonEC2ContainerServiceV20141113.')) return services.ecs.handle(request, response);
  if (isForEc2(request)) return services.ec2.handle(request, response);
  if (isQueryProtocol(request)) {
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.end('SQS is served in its JSON protocol only; use aws CLI 1.29 or 2.13 or newer.');
    return;
  }
  return services.s3.handle(request, response);
}

/** EC2 to this day, and SQS as clients spoke it until 2023. S3 has no POST with such a body. */
function isQueryProtocol({ method, headers }: IncomingMessage): boolean {
  return method === 'POST' && (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
