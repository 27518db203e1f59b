import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { deployFiles } from './bucket-deployments';
import type { CloudOptions } from './cloud';
import { deliverOnce, deliverTwice, type Deliver } from './delivery';
import { createEc2, type LocalEc2 } from './ec2/service';
import { TaskInterfaces } from './ec2/task-interfaces';
import { createEcs, type LocalEcs } from './ecs/service';
import { createEventBus, type EventBus } from './events/bus';
import { s3Notifier } from './events/s3-notifications';
import { createAuthorizer } from './iam';
import { openKeyring, type RoleKeyring } from './keyring';
import { hostEnvironment } from './lambda/environment';
import { EventSource } from './lambda/event-source';
import { createLambdaHost, type LambdaHost } from './lambda/host';
import { LocalCloudError } from './local-cloud-error';
import { Metrics } from './metrics';
import { createS3, type S3Service } from './s3/service';
import { createSqs, type LocalSqs } from './sqs/service';
import {
  LOCAL_ACCOUNT_ID,
  LOCAL_REGION,
  readAssembly,
  resolveModel,
  type Assembly,
  type CloudModel,
} from './template';
import type { Authorize } from './types';

/** Every part of the running cloud. */
export interface Services {
  readonly model: CloudModel;
  readonly keyring: RoleKeyring;
  readonly s3: S3Service;
  readonly sqs: LocalSqs;
  readonly ecs: LocalEcs;
  readonly ec2: LocalEc2;
  readonly lambda: LambdaHost;
  readonly bus: EventBus;
  readonly metrics: Metrics;
  /** Starts event sources and schedules, which call the endpoint. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

interface Context {
  readonly assembly: Assembly;
  readonly model: CloudModel;
  readonly keyring: RoleKeyring;
  readonly authorize: Authorize;
  readonly deliver: Deliver;
  readonly endpoint: string;
  readonly dataDir: string;
}

export async function startServices(options: CloudOptions & { endpoint: string }): Promise<Services> {
  const context = createContext(options);
  const { model, keyring, deliver, dataDir } = context;
  const metrics = new Metrics(join(dataDir, 'metrics.jsonl'));
  const sqs = await createSqs({
    ...serviceOptions(context),
    dataDir,
    endpoint: context.endpoint,
    queues: model.queues,
  });
  const s3 = await createS3({
    ...serviceOptions(context),
    dataDir: join(dataDir, 's3'),
    onEvent: s3Notifier({ buckets: model.buckets, sqs, deliver }),
  });
  await prepareBuckets(context, s3);
  const lambda = startLambda(context, { sqs, metrics });
  const bus = createEventBus({ ...serviceOptions(context), rules: model.rules, lambda, sqs, deliver });
  const networkInterfaces = new TaskInterfaces();
  const ec2 = createEc2({
    ...serviceOptions(context),
    path: join(dataDir, 'ec2.json'),
    interfaces: () => networkInterfaces.present(),
  });
  const ecs = await startEcs(context, { bus, ec2 });
  networkInterfaces.of(ecs);
  const sources: EventSource[] = [];
  return {
    ...{ model, keyring, s3, sqs, ecs, ec2, lambda, bus, metrics },
    begin: async () => {
      for (const source of model.eventSources) {
        requirePollAccess(context, source.queueArn, lambda.model(source.functionArn).roleArn);
        sources.push(new EventSource({ source, region: LOCAL_REGION, sqs, lambda, deliver }));
      }
      await ecs.announceLost();
      bus.start();
    },
    close: async () => {
      await Promise.all([bus.close(), lambda.close(), ...sources.map(source => source.close())]);
      await ecs.close();
      await s3.close();
      await sqs.close();
    },
  };
}

function createContext(options: CloudOptions & { endpoint: string }): Context {
  const { dataDir, endpoint, faults } = options;
  mkdirSync(dataDir, { recursive: true });
  const assembly = readAssembly(options.assemblyDir);
  const model = resolveModel(assembly, { endpoint, region: LOCAL_REGION, accountId: LOCAL_ACCOUNT_ID });
  return {
    assembly,
    model,
    endpoint,
    dataDir,
    keyring: openKeyring({ dataDir, accountId: LOCAL_ACCOUNT_ID }),
    authorize: createAuthorizer(model.roles),
    deliver: faults?.duplicateEvents ? deliverTwice(faults.duplicateEvents.seed) : deliverOnce,
  };
}

function serviceOptions({ keyring, authorize }: Context): {
  region: string;
  accountId: string;
  keyring: RoleKeyring;
  authorize: Authorize;
} {
  return { region: LOCAL_REGION, accountId: LOCAL_ACCOUNT_ID, keyring, authorize };
}

async function prepareBuckets({ model, dataDir }: Context, s3: S3Service): Promise<void> {
  for (const { name, versioned, notifications } of model.buckets) {
    await s3.ensureBucket({ name, versioned, notifyObjectCreated: notifications.length > 0 });
  }
  const statePath = join(dataDir, 'bucket-deployments.json');
  await deployFiles({ deployments: model.bucketDeployments, s3, statePath });
}

function startLambda(context: Context, { sqs, metrics }: { sqs: LocalSqs; metrics: Metrics }): LambdaHost {
  return createLambdaHost({
    functions: context.model.functions,
    host: hostEnvironment({ endpoint: context.endpoint, region: LOCAL_REGION }),
    credentialsForRole: roleArn => context.keyring.forRole(roleArn),
    logDir: join(context.dataDir, 'logs'),
    onJsonLine: (line, functionName) => metrics.record(line, functionName),
    onDeadEvent: (queueArn, event) => sqs.send(queueArn, JSON.stringify(event)),
  });
}

function startEcs(context: Context, { bus, ec2 }: { bus: EventBus; ec2: LocalEc2 }): Promise<LocalEcs> {
  const { assembly, model, keyring, dataDir } = context;
  return createEcs({
    ...serviceOptions(context),
    dataDir: join(dataDir, 'ecs'),
    clusters: model.clusters,
    taskDefinitions: model.taskDefinitions,
    whyUnreachable: place => model.whyUnreachable(place) ?? ec2.whyUnreachable(place),
    imageDirectory: image => imageDirectory(assembly, image),
    credentialsForRole: roleArn => keyring.forRole(roleArn),
    hostEnvironment: hostEnvironment({ endpoint: context.endpoint, region: LOCAL_REGION }),
    emit: event => bus.emit(event),
    logDir: join(dataDir, 'logs'),
  });
}

/** An image that CDK builds is named after its asset's hash. */
function imageDirectory(assembly: Assembly, image: string): string {
  const directory = assembly.images.get(image.replace(/^.*:/, ''));
  if (directory !== undefined) return directory;
  throw new LocalCloudError(
    `The image ${image} is not one of the assets in ${assembly.directory}; only images that the stack builds run locally.`,
  );
}

/** AWS refuses an event source mapping whose function may not take messages from its queue. */
function requirePollAccess({ authorize }: Context, queueArn: string, roleArn: string): void {
  const principal = { kind: 'role', arn: roleArn } as const;
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
    if (authorize({ principal, action, resource: queueArn })) continue;
    throw new LocalCloudError(
      `The role ${roleArn} may not ${action} on ${queueArn}, which its function needs to be fed from that queue; grant it.`,
    );
  }
}
