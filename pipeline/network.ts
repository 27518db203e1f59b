import {
  GatewayVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

/**
 * Where tasks run: public subnets without NAT gateway or interface endpoint, of which nothing is billed while no task
 * runs. A task gets a public address for as long as it lives and can be reached by nobody.
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly securityGroup: SecurityGroup;
  readonly subnetIds: readonly string[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
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
    this.subnetIds = this.vpc.publicSubnets.map(({ subnetId }) => subnetId);
    this.securityGroup = new SecurityGroup(this, 'WorkerSecurityGroup', {
      vpc: this.vpc,
      description: 'Workers: nothing in, HTTPS out',
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS APIs and signed URLs');
    acknowledge(
      this.vpc,
      'VPC7',
      'Flow logs are billed by volume, and a worker moves little but video. It can be reached by nobody and may only speak HTTPS; what it fetched is in the job records.',
    );
  }
}
