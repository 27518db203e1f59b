import { HOURS_PER_MONTH, networkUsd } from '../../core/cost/network';
import type { NetworkMode } from '../../core/network-mode';
import { NETWORK_MODES } from '../../core/network-mode';
import { US_EAST_1 } from '../../core/prices/us-east-1';
import { markdownTable } from '../cost-doc/markdown';

interface Comparison {
  /** Seconds, in words, that the network adds to the start of a task. */
  readonly startUp: string;
  readonly leaves: string;
  /** What the network is billed for each hour that a task runs, in USD. */
  readonly taskHourUsd: number;
}

const REGION = US_EAST_1.region;

/** What the modes come to beside each other; a mode that is added must say its part here. */
const COMPARISON: Readonly<Record<NetworkMode, Comparison>> = {
  publicSubnet: {
    startUp: 'nothing',
    leaves: 'images, queues and logs, by TLS over the internet gateway',
    taskHourUsd: US_EAST_1.items.publicIpv4Hour.usd,
  },
  existingVpc: {
    startUp: 'nothing',
    leaves: 'what its routes let out',
    taskHourUsd: 0,
  },
  privateEndpoints: {
    startUp: 'nothing',
    leaves: 'nothing: AWS is reached within its own network',
    taskHourUsd: 0,
  },
  perJobNat: {
    startUp: 'about two minutes, to the first job',
    leaves: 'image manifests, queues and logs, by TLS through the one address of its NAT gateway',
    // For all tasks that run in it at once.
    taskHourUsd: US_EAST_1.items.natGatewayHour.usd + US_EAST_1.items.publicIpv4Hour.usd,
  },
};

/** The table of docs/networks.md, at the prices of us-east-1. */
export function networkTables(): Record<string, string> {
  const rows = NETWORK_MODES.map(mode => {
    const { startUp, leaves, taskHourUsd } = COMPARISON[mode];
    const idleUsd = (hours: number): number => networkUsd({ mode }, { region: REGION, hours });
    return [
      `\`${mode}\``,
      leaves,
      startUp,
      idleUsd(1).toFixed(3),
      idleUsd(HOURS_PER_MONTH).toFixed(2),
      taskHourUsd.toFixed(3),
    ];
  });
  return {
    networks: markdownTable(
      [
        '`network`',
        'what leaves the network',
        'adds to the start of a task',
        'idle: USD an hour',
        'USD a month',
        'while a task runs: USD an hour',
      ],
      rows,
      3,
    ),
  };
}
