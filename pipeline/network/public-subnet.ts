import { GatewayVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { withoutFlowLogs } from './flow-logs';
import type { StatusAccess } from './status-access';
import type { WorkerNetwork } from './worker-network';
import { standingNetwork, workerSecurityGroup } from './worker-network';

/**
 * Public subnets without NAT gateway or interface endpoint, of which nothing is billed while no task runs. A task gets
 * a public address for as long as it lives and can be reached by nobody.
 */
export class PublicSubnetNetwork extends Construct implements WorkerNetwork {
  readonly environment: WorkerNetwork['environment'];

  constructor(scope: Construct, id: string, { status }: { status: StatusAccess | undefined }) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      // Without a fixed account and region two zones are what every region is known to have.
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 20, mapPublicIpOnLaunch: false },
      ],
      // Free, and spares the way over the internet gateway.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      // Nothing uses the default group, and emptying it takes a helper Lambda.
      restrictDefaultSecurityGroup: false,
    });
    withoutFlowLogs(vpc);
    this.environment = standingNetwork({
      subnetIds: vpc.publicSubnets.map(({ subnetId }) => subnetId),
      securityGroup: workerSecurityGroup(this, vpc, status),
      publicAddress: true,
    }).environment;
  }
}
