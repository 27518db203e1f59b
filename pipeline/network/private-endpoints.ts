import { Annotations, Stack, Token } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { describeNetworkCost } from '../../core/cost/network';
import { ENDPOINT_SERVICES } from '../../core/network-mode';
import type { Storage } from '../storage';
import { withoutFlowLogs } from './flow-logs';
import type { NetworkConfig } from './network-config';
import type { StatusAccess } from './status-access';
import type { WorkerNetwork } from './worker-network';
import { standingNetwork, workerSecurityGroup } from './worker-network';

export interface PrivateEndpointsProps {
  readonly config: Extract<NetworkConfig, { mode: 'privateEndpoints' }>;
  readonly storage: Pick<Storage, 'inbox' | 'state'>;
  readonly status: StatusAccess | undefined;
}

/**
 * Subnets without any route to the internet. Images, queues and logs are reached by interface endpoints, which are
 * billed by the hour whether a task runs or not; S3 by its gateway endpoint, which lets through nothing but the layers
 * of images and this pipeline's buckets.
 */
export class PrivateEndpointsNetwork extends Construct implements WorkerNetwork {
  readonly environment: WorkerNetwork['environment'];

  constructor(scope: Construct, id: string, { config, storage, status }: PrivateEndpointsProps) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: config.zones,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
      restrictDefaultSecurityGroup: false,
    });
    withoutFlowLogs(vpc);
    const workers = workerSecurityGroup(this, vpc, status);
    addInterfaceEndpoints(this, { vpc, workers });
    addS3Endpoint(this, { vpc, storage });
    this.environment = standingNetwork({
      subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroup: workers,
      publicAddress: false,
    }).environment;
    Annotations.of(this).addWarningV2('spotreel:idleCost', describeNetworkCost(config, knownRegion(this)));
  }
}

function addInterfaceEndpoints(
  scope: Construct,
  { vpc, workers }: { vpc: Vpc; workers: SecurityGroup },
): void {
  const group = new SecurityGroup(scope, 'EndpointSecurityGroup', {
    vpc,
    description: 'Endpoints: HTTPS of workers in, nothing out',
    allowAllOutbound: false,
  });
  group.addIngressRule(workers, Port.tcp(443), 'Workers');
  for (const service of ENDPOINT_SERVICES) {
    const endpoint = vpc.addInterfaceEndpoint(service, {
      service: new InterfaceVpcEndpointAwsService(service),
      securityGroups: [group],
      open: false,
    });
    // The images, queues and logs of other accounts are none of a worker's business.
    endpoint.addToPolicy(
      new PolicyStatement({
        sid: 'ThisAccount',
        principals: [new AnyPrincipal()],
        actions: [`${service.split('.')[0]}:*`],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(scope).account } },
      }),
    );
  }
}

function addS3Endpoint(
  scope: Construct,
  { vpc, storage }: { vpc: Vpc; storage: PrivateEndpointsProps['storage'] },
): void {
  const endpoint = vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
  const { partition, region } = Stack.of(scope);
  const allow = (sid: string, actions: string[], resources: string[]): void =>
    endpoint.addToPolicy(new PolicyStatement({ sid, principals: [new AnyPrincipal()], actions, resources }));
  allow('ImageLayers', ['s3:GetObject'], [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`]);
  allow('Sources', ['s3:GetObject', 's3:GetObjectVersion'], [storage.inbox.arnForObjects('*')]);
  allow('Results', ['s3:GetObject', 's3:PutObject'], [storage.state.arnForObjects('work/*')]);
}

/** The stack's region, where it is bound to one. */
function knownRegion(scope: Construct): string | undefined {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) ? undefined : region;
}
