import { Stack, Token } from 'aws-cdk-lib';
import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ConfigError } from '../config-error';
import type { NetworkConfig, WayOut } from './network-config';
import { WAYS_OUT } from './network-config';
import type { StatusAccess } from './status-access';
import { missingWayOut, wayOutOf } from './way-out';
import type { WorkerNetwork } from './worker-network';
import { standingNetwork, workerSecurityGroup } from './worker-network';

/** A VPC that the app defines, looked up or imported, and the subnets of it that tasks start in. */
export interface ExistingVpc {
  readonly vpc: IVpc;
  /** Default, as CDK chooses: private subnets with a way out, else isolated ones, else public ones. */
  readonly subnets?: SubnetSelection;
  /** How tasks reach AWS from there. Default: what the kind of the subnets says; imported subnets say nothing. */
  readonly wayOut?: WayOut;
}

/** Subnets that are there already. Nothing is made but a security group, which costs nothing. */
export class ExistingVpcNetwork extends Construct implements WorkerNetwork {
  readonly environment: WorkerNetwork['environment'];

  /** Throws a ConfigError where there are no such subnets, or none that gets out. */
  constructor(scope: Construct, id: string, existing: ExistingVpc & { status: StatusAccess | undefined }) {
    super(scope, id);
    const { vpc, status } = existing;
    const { subnets } = vpc.selectSubnets(existing.subnets ?? {});
    if (subnets.length === 0) throw invalid('', 'The VPC has no such subnets. Choose others.');
    const wayOut = existing.wayOut ?? wayOutOf(vpc, subnets);
    if (wayOut === undefined)
      throw invalid(
        '/wayOut',
        'The subnets do not tell how tasks get out of them, or differ in it. Choose subnets of one kind, or say so: internetGateway, nat or endpoints.',
      );
    // When the app is synthesized, since routes and endpoints may be added to the VPC after this construct.
    this.node.addValidation({ validate: () => missingWayOut({ vpc, subnets, wayOut }) });
    this.environment = placeIn(this, {
      vpc,
      wayOut,
      status,
      subnetIds: subnets.map(({ subnetId }) => subnetId),
    });
  }
}

export interface ImportedVpcProps {
  readonly config: Extract<NetworkConfig, { mode: 'existingVpc' }>;
  readonly status: StatusAccess | undefined;
}

/** An existing VPC that is known by its id. */
export class ImportedVpcNetwork extends Construct implements WorkerNetwork {
  readonly environment: WorkerNetwork['environment'];

  constructor(scope: Construct, id: string, { config, status }: ImportedVpcProps) {
    super(scope, id);
    const { vpcId, wayOut } = config;
    if (config.subnetIds !== undefined) {
      // CDK insists on zones; nothing here asks for them.
      const vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: ['unknown'] });
      this.environment = placeIn(this, { vpc, wayOut, status, subnetIds: config.subnetIds });
      return;
    }
    const { account, region } = Stack.of(this);
    if (Token.isUnresolved(account) || Token.isUnresolved(region))
      throw invalid(
        '/subnetIds',
        'To look the subnets up, CDK must know the account: give it credentials, or give subnetIds here.',
      );
    const vpc = Vpc.fromLookup(this, 'Vpc', { vpcId });
    const subnetIds = subnetsWith(vpc, wayOut).map(({ subnetId }) => subnetId);
    if (subnetIds.length === 0) throw invalid('/wayOut', noSuchSubnets(vpc, vpcId));
    this.environment = placeIn(this, { vpc, wayOut, status, subnetIds });
  }
}

function placeIn(
  scope: Construct,
  place: { vpc: IVpc; subnetIds: readonly string[]; wayOut: WayOut; status: StatusAccess | undefined },
): WorkerNetwork['environment'] {
  return standingNetwork({
    subnetIds: place.subnetIds,
    securityGroup: workerSecurityGroup(scope, place.vpc, place.status),
    publicAddress: place.wayOut === 'internetGateway',
  }).environment;
}

function subnetsWith(vpc: IVpc, wayOut: WayOut): ISubnet[] {
  switch (wayOut) {
    case 'internetGateway':
      return vpc.publicSubnets;
    case 'nat':
      return vpc.privateSubnets;
    case 'endpoints':
      return vpc.isolatedSubnets;
  }
}

function noSuchSubnets(vpc: IVpc, vpcId: string): string {
  const others = WAYS_OUT.filter(wayOut => subnetsWith(vpc, wayOut).length > 0);
  return `${vpcId} has no subnets with that way out. It has some for: ${others.join(', ') || 'none'}. Use one of these, or add the routes.`;
}

function invalid(field: string, fix: string): ConfigError {
  return new ConfigError([{ pointer: `/network${field}`, fix }]);
}
