import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idleCost } from '../../core/cost/idle';
import { natNetworkUsage } from '../../core/cost/nat-network';
import { networkUsd } from '../../core/cost/network';
import { exactly } from '../../core/cost/range';
import { priceUsage, totalUsd } from '../../core/cost/usage';
import type { NetworkMode } from '../../core/network-mode';
import { NETWORK_MODES } from '../../core/network-mode';
import { US_EAST_1 } from '../../core/prices/us-east-1';
import { settingsSchema } from '../../core/settings';

const text = readFileSync(join(__dirname, '../../docs/networks.md'), 'utf8');
const REGION = 'us-east-1';
const MONTH_HOURS = 730;

/** Cells of the row of a mode in the table with this heading. */
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
    cleanUpMinutes: 60,
    logRetentionDays: 30,
  };
  return idleCost({ ...config, network: { mode } }).usd;
}

describe('docs/networks.md', () => {
  it.each(NETWORK_MODES)('compares %s with the others, and has a section on it', mode => {
    expect(cells('what leaves the network', mode)).toHaveLength(8);
    expect(text).toContain(`\n## \`${mode}\`\n`);
  });

  it('says of privateEndpoints what the model says', () => {
    const [, , busy, idle, month] = cells('what leaves the network', 'privateEndpoints');
    const hour = networkUsd({ mode: 'privateEndpoints' }, { region: REGION, hours: 1 }).toFixed(3);
    expect([busy, idle]).toEqual([`${hour} USD`, hour]);
    const ofMonth = networkUsd({ mode: 'privateEndpoints' }, { region: REGION, hours: MONTH_HOURS });
    expect(month).toBe(ofMonth.toFixed(2));
  });

  it('says of perJobNat what the model says', () => {
    const [, , busy, idle, month] = cells('what leaves the network', 'perJobNat');
    expect(busy).toBe(`${natUsd(1).toFixed(3)} USD, however many jobs`);
    expect(idle).toBe('0.000');
    expect(month).toBe((idleUsd('perJobNat') - idleUsd('publicSubnet')).toFixed(2));
    expect(text).toContain(`come to ${natUsd(MONTH_HOURS).toFixed(2)} USD a month`);
  });

  it('says of publicSubnet what an address costs', () => {
    const [, , busy] = cells('what leaves the network', 'publicSubnet');
    expect(busy).toBe(`${US_EAST_1.items.publicIpv4Hour.usd.toFixed(3)} USD for each task`);
  });

  it('has the defaults of the settings of perJobNat', () => {
    const defaults = settingsSchema.parse({});
    const names = Object.keys(defaults).filter(name => name.startsWith('network'));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names)
      expect(cells('| setting', name)[2]).toBe(String(defaults[name as keyof typeof defaults]));
  });
});
