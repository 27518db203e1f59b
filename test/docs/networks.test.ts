import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idleCost } from '../../core/cost/idle';
import { natNetworkUsage } from '../../core/cost/nat-network';
import { exactly } from '../../core/cost/range';
import { priceUsage, totalUsd } from '../../core/cost/usage';
import type { NetworkMode } from '../../core/network-mode';
import { US_EAST_1 } from '../../core/prices/us-east-1';
import { settingsSchema } from '../../core/settings';

const text = readFileSync(join(__dirname, '../../docs/networks.md'), 'utf8');
const REGION = 'us-east-1';
const MONTH_HOURS = 730;

/** Cells of the row of a setting in the table with this heading. */
function cells(heading: string, name: string): string[] {
  const table = text.slice(text.indexOf(heading));
  const row = table.split('\n').find(line => line.startsWith(`| \`${name}\``)) ?? '';
  return row.split('|').map(cell => cell.trim());
}

function natUsd(hours: number): number {
  const usage = natNetworkUsage({ seconds: exactly(hours * 3600), tasks: 0 });
  return totalUsd(priceUsage(usage, US_EAST_1)).likely;
}

function idleUsd(mode: NetworkMode): number {
  const config = {
    region: REGION,
    alarms: true,
    sweepMinutes: 5,
    reconcileMinutes: 60,
    logRetentionDays: 30,
  };
  return idleCost({ ...config, network: { mode } }).usd;
}

describe('what docs/networks.md says of perJobNat', () => {
  it('is what the model says: a short job, a month of it, and what its stage adds', () => {
    expect(text).toContain(`one short job costs ${US_EAST_1.items.natGatewayHour.usd} USD and some`);
    expect(text).toContain(`would come to ${natUsd(MONTH_HOURS).toFixed(2)} USD a month`);
    const added = idleUsd('perJobNat') - idleUsd('publicSubnet');
    expect(text).toContain(`adds ${added.toFixed(2)} USD a month to the idle cost`);
  });

  it('has the defaults of its settings', () => {
    const defaults = settingsSchema.parse({});
    const names = Object.keys(defaults).filter(name => name.startsWith('network'));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names)
      expect(cells('| setting', name)[2]).toBe(String(defaults[name as keyof typeof defaults]));
  });
});
