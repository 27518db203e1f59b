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

/** Nobody gets into a network that is made for jobs. */
function refuseStatus(status: StatusAccess | undefined): void {
  if (status === undefined) return;
  throw new ConfigError([
    {
      pointer: '/statusPort',
      value: String(status.port),
      fix: 'Workers cannot be reached in the network perJobNat. Leave statusPort out, or use another network.',
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
