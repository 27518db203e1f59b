import type { Construct } from 'constructs';
import { ConfigError } from '../config-error';
import type { Storage } from '../storage';
import type { ExistingVpc } from './existing-vpc';
import { ExistingVpcNetwork, ImportedVpcNetwork } from './existing-vpc';
import type { NetworkConfig } from './network-config';
import { PerJobNatNetwork } from './per-job-nat';
import { PrivateEndpointsNetwork } from './private-endpoints';
import { PublicSubnetNetwork } from './public-subnet';
import type { StatusAccess } from './status-access';
import type { WorkerNetwork } from './worker-network';

export interface NetworkProps {
  readonly config: NetworkConfig;
  /** A VPC of the app, in place of a configured network. */
  readonly existingVpc?: ExistingVpc;
  readonly storage: Storage;
  readonly status: StatusAccess | undefined;
}

/** A network that is made for jobs is joined to no other: nobody could reach the private addresses in it. */
function refuseStatus(status: StatusAccess | undefined): void {
  if (status === undefined) return;
  throw new ConfigError([
    {
      pointer: '/statusPort',
      value: String(status.port),
      fix: 'With network = perJobNat nobody can open the page: tasks have private addresses only, in a VPC that is joined to no other. Leave out statusPort and statusCidrs, or use the network publicSubnet, existingVpc or privateEndpoints; spotreel job watch shows progress in any.',
    },
  ]);
}

/** Makes the network that is configured. Throws a ConfigError for one that tasks could not get out of. */
export function makeNetwork(scope: Construct, id: string, props: NetworkProps): WorkerNetwork {
  const { config, existingVpc, storage, status } = props;
  if (existingVpc !== undefined) {
    if (config.mode !== 'publicSubnet')
      throw new ConfigError([
        {
          pointer: '/network',
          value: config.mode,
          fix: 'The pipeline is given a VPC by existingVpc already. Leave one of the two out.',
        },
      ]);
    return new ExistingVpcNetwork(scope, id, { ...existingVpc, status });
  }
  switch (config.mode) {
    case 'publicSubnet':
      return new PublicSubnetNetwork(scope, id, { status });
    case 'existingVpc':
      return new ImportedVpcNetwork(scope, id, { config, status });
    case 'privateEndpoints':
      return new PrivateEndpointsNetwork(scope, id, { config, storage, status });
    case 'perJobNat':
      refuseStatus(status);
      return new PerJobNatNetwork(scope, id);
  }
}
