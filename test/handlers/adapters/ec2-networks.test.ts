import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EC2Client } from '@aws-sdk/client-ec2';
import { decideNetwork } from '../../../core/nat-network';
import { settleCalls } from '../../../core/nat-network-calls';
import type { NetworkRecord } from '../../../core/nat-network-record';
import { newNetwork } from '../../../core/nat-network-record';
import { ec2Networks, expectedResult } from '../../../handlers/adapters/ec2-networks';
import type { NetworkEc2 } from '../../../handlers/cloud';
import { createEc2 } from '../../../local/ec2/service';
import { openKeyring } from '../../../local/keyring';
import { START, at, makeSettings } from '../../support/builders';

const REGION = 'us-east-1';
const JOB = { jobId: '20260102T030405Z-0123456789abcdef', requestedBy: 'ada <ada@example.org>' };

function adapter(
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
): NetworkEc2 {
  return ec2Networks({
    ec2: new EC2Client({ endpoint, region: REGION, credentials }),
    region: REGION,
    deployment: 'Spotreel',
    zones: ['us-east-1a', 'us-east-1b'],
  });
}

/** Leads a network on by hand: built for one job, and taken down once that has left. */
async function lead(
  ec2: NetworkEc2,
  record: NetworkRecord,
  options: { need: 'stay' | 'leave'; until: NetworkRecord['status'] },
): Promise<NetworkRecord> {
  let current = record;
  const settings = makeSettings({ networkLingerSeconds: 0 });
  for (let round = 0; round < 40; round += 1) {
    if (current.status === options.until) return current;
    const observed = await ec2.observe(current.networkId);
    const needs = new Map(current.jobs.map(jobId => [jobId, options.need]));
    // Time passes faster than it does for EC2, which here shows everything at once.
    const now = at((options.need === 'stay' ? 0 : 600) + round);
    const decision = decideNetwork(current, { now, settings, observed, needs, liveTasks: 0 });
    if (decision.kind === 'ended') break;
    current = decision.record;
    if (decision.kind === 'wait') await wait(50);
    else {
      const outcomes = await Promise.all(
        decision.calls.map(async call => ({ call, result: await ec2.perform(current, call) })),
      );
      current = settleCalls(current, outcomes);
    }
  }
  throw new Error(`The network is ${current.status}, and waits for ${current.waitingFor ?? 'nothing'}`);
}

async function makeAndRemove(ec2: NetworkEc2): Promise<void> {
  const record = newNetwork({
    ...{ networkId: 'net-00000001-abcd', attempt: 1, job: JOB, expiryMinutes: 720 },
    now: START,
  });
  const ready = await lead(ec2, record, { need: 'stay', until: 'ready' });
  const observed = await ec2.observe();
  expect(observed.map(({ part }) => part).sort()).toEqual(Object.keys(ready.parts).sort());
  for (const { id, part, networkId, expiresAt } of observed) {
    expect({ networkId, expiresAt: expiresAt?.toISOString() }).toEqual({
      networkId: 'net-00000001-abcd',
      expiresAt: record.expiresAt,
    });
    expect(part === undefined ? undefined : ready.parts[part]?.id).toBe(id);
  }
  expect(observed.find(({ kind }) => kind === 'natGateway')?.state).toBe('available');
  expect(observed.find(({ kind }) => kind === 'internetGateway')?.attachedTo).toBe(ready.parts.vpc?.id);
  await lead(ec2, ready, { need: 'leave', until: 'gone' });
  expect((await ec2.observe()).filter(({ state }) => state !== 'deleted')).toEqual([]);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("networks through the SDK, in the local cloud's EC2", () => {
  const folder = mkdtempSync(join(tmpdir(), 'spotreel-ec2-'));
  const keyring = openKeyring({ dataDir: folder, accountId: '000000000000' });
  const options = {
    ...{ region: REGION, accountId: '000000000000', keyring, path: join(folder, 'ec2.json') },
    authorize: () => true,
    natSeconds: { toMake: 0.1, toDelete: 0.1 },
  };
  let ec2 = createEc2(options);
  const server = createServer((request, response) => void ec2.handle(request, response));
  let endpoint: string;

  beforeAll(async () => {
    endpoint = await listen(server);
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  it('makes a network with all its tags, and removes it', () =>
    makeAndRemove(adapter(endpoint, keyring.root)));

  it('finds after a restart what was there before', async () => {
    const networks = adapter(endpoint, keyring.root);
    const record = newNetwork({
      ...{ networkId: 'net-00000002-abcd', attempt: 1, job: JOB, expiryMinutes: 720, now: START },
    });
    await networks.perform(record, { call: 'CreateVpc', part: 'vpc', cidr: '10.0.0.0/16' });
    ec2 = createEc2(options);
    expect(await networks.observe('net-00000002-abcd')).toMatchObject([{ kind: 'vpc', part: 'vpc' }]);
  });

  it('throws what says nothing of the network, such as a wrong key', async () => {
    const wrong = adapter(endpoint, { ...keyring.root, secretAccessKey: 'wrong' });
    await expect(wrong.observe()).rejects.toMatchObject({ name: 'AuthFailure' });
  });
});

const hasMoto = spawnSync('moto_server', ['--help']).status === 0;
/** An EC2 of others. Skipped where moto_server is not installed. */
(hasMoto ? describe : describe.skip)('networks through the SDK, in moto_server (skipped without it)', () => {
  let moto: ChildProcess;
  let endpoint: string;

  beforeAll(async () => {
    const probe = createServer();
    endpoint = await listen(probe);
    await new Promise(resolve => probe.close(resolve));
    moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', new URL(endpoint).port], { stdio: 'ignore' });
    for (let tries = 0; tries < 300; tries += 1) {
      if (
        await fetch(`${endpoint}/moto-api/`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await wait(100);
    }
    throw new Error('moto_server did not start');
  }, 40_000);
  afterAll(async () => {
    moto.kill();
    await new Promise(resolve => moto.once('exit', resolve));
  });

  it('makes a network with all its tags, and removes it', async () => {
    await makeAndRemove(adapter(endpoint, { accessKeyId: 'test', secretAccessKey: 'test' }));
  }, 30_000);
});

describe('what an error of EC2 says', () => {
  const named = (name: string): Error => Object.assign(new Error('why'), { name });

  it.each([
    ['Resource.AlreadyAssociated', 'done'],
    ['RouteAlreadyExists', 'done'],
    ['InvalidPermission.Duplicate', 'done'],
    ['InvalidPermission.NotFound', 'done'],
    ['Gateway.NotAttached', 'done'],
    ['DependencyViolation', 'later'],
    ['InvalidIPAddress.InUse', 'later'],
    ['InvalidVpcID.NotFound', 'later'],
    ['InvalidAllocationID.NotFound', 'later'],
    ['InvalidNatGatewayID.NotFound', 'later'],
    ['NatGatewayNotFound', 'later'],
    ['InvalidSubnet.Conflict', 'later'],
    ['InvalidGroup.Duplicate', 'later'],
    ['VpcLimitExceeded', 'exhausted'],
    ['AddressLimitExceeded', 'exhausted'],
    ['NatGatewayLimitExceeded', 'exhausted'],
    ['RequestLimitExceeded', undefined],
    ['UnauthorizedOperation', undefined],
    ['InternalError', undefined],
  ])('%s: %s', (name, kind) => {
    expect(expectedResult(named(name))?.kind).toBe(kind);
  });
});
