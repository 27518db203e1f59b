import { networkKey } from '../../core/nat-network-record';
import type { NetworkRecord } from '../../core/nat-network-record';
import type { NetworkRunOptions } from '../support/network-run';
import { NetworkRun } from '../support/network-run';

const JOB = '20260102T030405Z-0123456789abcdef';
const OTHER_JOB = '20260102T030405Z-fedcba9876543210';
const MINUTE = 60;
const HOUR = 60 * MINUTE;

async function begin(options: NetworkRunOptions = {}): Promise<NetworkRun> {
  const run = new NetworkRun(options);
  await run.accept(JOB);
  return run;
}

function records(run: NetworkRun): NetworkRecord[] {
  return [...run.networks.records.values()].map(({ record }) => record);
}

describe('a network for jobs', () => {
  it('is made for a job, serves it, and is taken down when no job needs it', async () => {
    const run = await begin();
    await run.pass(90);
    expect(run.job(JOB).launches[0]?.waitingFor).toBe('network net-00000001-abcd, which is being made');
    await run.pass(40);
    expect(run.job(JOB).launches[0]).toMatchObject({ networkId: 'net-00000001-abcd' });
    expect(run.job(JOB).launches[0]).not.toHaveProperty('waitingFor');
    expect(run.left).toHaveLength(11);
    await run.pass(20 * MINUTE);
    expect(run.job(JOB).status).toBe('done');
    expect(run.left).toEqual([]);
    expect(records(run)).toMatchObject([
      { status: 'gone', served: [JOB], cost: { natHours: 1, priceRegion: 'us-east-1' } },
    ]);
    expect([...run.networks.openIds]).toEqual([]);
    expect([...run.networks.receipts.keys()]).toEqual([`${JOB}/net-00000001-abcd`]);
  });

  it('tags everything with expiry, user, job, network and deployment when it is made', async () => {
    const run = await begin();
    await run.pass(2 * MINUTE);
    for (const kind of ['vpc', 'subnet', 'natgateway', 'elastic-ip', 'security-group'] as const)
      for (const { tags } of run.world.existing(kind))
        expect(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
          expiry: '2026-01-02T15:04:05.000Z',
          user: 'AIDAEXAMPLE',
          job: JOB,
          'spotreel:network': 'net-00000001-abcd',
          'spotreel:deployment': 'Spotreel',
        });
  });

  it('lets workers out by HTTPS and nothing else, privately, by way of the NAT gateway', async () => {
    const run = await begin();
    await run.pass(2 * MINUTE);
    const [group] = run.world.existing('security-group');
    expect(group?.details.IpPermissionsEgress).toEqual([
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    ]);
    const [task] = run.tasks.values();
    const table = run.world
      .existing('route-table')
      .find(({ details }) => details.Associations.some(({ SubnetId }) => SubnetId === task?.subnetId));
    const [nat] = run.world.existing('natgateway');
    expect(table?.details.Routes).toMatchObject([
      { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: nat?.id },
    ]);
    expect(nat?.details.SubnetId).not.toBe(task?.subnetId);
    expect(run.world.existing('vpc-endpoint')[0]?.details.RouteTableIds).toEqual([table?.id]);
  });

  it('asks for all that is independent at once', async () => {
    const run = await begin();
    await run.pass(0);
    const changing = run.calls.filter(name => !name.startsWith('Describe'));
    expect(changing.slice(0, 3)).toEqual(['AllocateAddress', 'CreateInternetGateway', 'CreateVpc']);
    // Three rounds of calls lead to the NAT gateway; nothing but that is waited for.
    expect(run.calls.filter(name => name === 'DescribeVpcs')).toHaveLength(4);
    expect(changing).toContain('CreateNatGateway');
    expect(changing).toHaveLength(18);
  });

  it('serves jobs that run at once, the later ones without a wait', async () => {
    const run = await begin({ taskSeconds: 10 * MINUTE });
    await run.pass(5 * MINUTE);
    await run.accept(OTHER_JOB);
    await run.pass(0);
    expect(run.job(OTHER_JOB).launches[0]).toMatchObject({ networkId: 'net-00000001-abcd' });
    await run.pass(7 * MINUTE);
    expect(run.job(JOB).status).toBe('done');
    expect(run.left).toHaveLength(11);
    await run.pass(20 * MINUTE);
    expect(run.left).toEqual([]);
    expect(records(run)).toMatchObject([{ status: 'gone', served: [JOB, OTHER_JOB] }]);
    // The first was there while it was made, and longer.
    const [of, ofOther] = [JOB, OTHER_JOB].map(id => run.networks.receipts.get(`${id}/net-00000001-abcd`));
    expect(of).toBeGreaterThan(ofOther ?? 0);
    expect((of ?? 0) + (ofOther ?? 0)).toBeCloseTo(records(run)[0]?.cost?.usd ?? 0, 5);
  });

  it('is made once for jobs that come at one moment', async () => {
    const run = await begin();
    await run.accept(OTHER_JOB);
    await run.pass(HOUR);
    expect(run.calls.filter(name => name === 'CreateVpc')).toHaveLength(1);
    expect([run.job(JOB).status, run.job(OTHER_JOB).status]).toEqual(['done', 'done']);
  });

  it('stays while a task lives in it, though its jobs have ended', async () => {
    const run = await begin({ taskSeconds: HOUR });
    await run.pass(5 * MINUTE);
    run.end(JOB);
    await run.pass(30 * MINUTE);
    expect(run.left).toHaveLength(11);
    await run.pass(HOUR);
    expect(run.left).toEqual([]);
  });

  it('is given up when its job ends while it is being made', async () => {
    const run = await begin();
    await run.pass(30);
    run.end(JOB);
    await run.pass(10 * MINUTE);
    expect(run.left).toEqual([]);
    expect(run.tasks.size).toBe(0);
  });

  it('is taken down over many invocations while network interfaces linger for twenty minutes', async () => {
    const run = await begin({ lingerSeconds: 25 * MINUTE });
    await run.pass(20 * MINUTE);
    expect(run.left.map(id => id.replace(/-.*/, '')).sort()).toEqual(['rtb', 'rtb', 'sg', 'subnet', 'vpc']);
    await run.pass(20 * MINUTE);
    expect(run.left).toEqual([]);
    expect(run.dead).toEqual([]);
  });

  it('is gone soon after its expiry, whatever its jobs do', async () => {
    const run = await begin({
      taskSeconds: 2 * HOUR,
      settings: { networkExpiryMinutes: 90, taskExpiryMinutes: 60 },
    });
    await run.pass(89 * MINUTE);
    expect(run.left).toHaveLength(11);
    await run.pass(10 * MINUTE);
    expect(run.left.filter(id => /^(nat|eipalloc)/.test(id))).toEqual([]);
    await run.pass(HOUR);
    expect(run.left).toEqual([]);
  });

  it('takes no task that could outlive it: the next job gets a network of its own', async () => {
    const run = await begin({
      taskSeconds: 50 * MINUTE,
      settings: { networkExpiryMinutes: 90, taskExpiryMinutes: 60 },
    });
    await run.pass(40 * MINUTE);
    await run.accept(OTHER_JOB);
    await run.pass(5 * MINUTE);
    expect(run.job(OTHER_JOB).launches[0]).toMatchObject({ networkId: 'net-00000002-abcd' });
    await run.pass(3 * HOUR);
    expect(run.left).toEqual([]);
  });

  it('is replaced when somebody removes its NAT gateway', async () => {
    const run = await begin({ taskSeconds: 10 * MINUTE });
    await run.pass(3 * MINUTE);
    const [nat] = run.world.existing('natgateway');
    if (nat !== undefined) run.world.remove(nat);
    await run.pass(MINUTE);
    await run.accept(OTHER_JOB);
    await run.pass(10 * MINUTE);
    expect(run.job(OTHER_JOB).launches[0]).toMatchObject({ networkId: 'net-00000002-abcd' });
    expect(records(run)[0]).toMatchObject({ failure: { code: 'NAT_GATEWAY_LOST' } });
    await run.pass(HOUR);
    expect(run.left).toEqual([]);
  });

  it('is led on by the sweep when every message is lost', async () => {
    const run = await begin();
    await run.pass(30);
    run.loseMessages();
    await run.pass(15 * MINUTE);
    expect(run.job(JOB).launches[0]).toMatchObject({ networkId: 'net-00000001-abcd' });
    run.loseMessages();
    await run.pass(30 * MINUTE);
    expect(run.left).toEqual([]);
  });
});

describe('when no network can be had', () => {
  it.each([
    ['vpc', 'VpcLimitExceeded'],
    ['elastic-ip', 'AddressLimitExceeded'],
    ['internet-gateway', 'InternetGatewayLimitExceeded'],
    ['natgateway', 'NatGatewayLimitExceeded'],
  ] as const)('the job waits for the quota of %s, and says so', async (kind, code) => {
    const limits: Record<string, number> = { [kind]: 0 };
    const run = await begin({ limits });
    await run.pass(20 * MINUTE);
    expect(run.job(JOB)).toMatchObject({ status: 'accepted', pending: [{ kind: 'launchTask' }] });
    const [launch] = run.job(JOB).launches;
    expect(launch?.waitingFor).toMatch(`${code}: The maximum number of ${kind}`);
    // Nothing is kept while it waits.
    expect(run.left).toEqual([]);
    expect(run.dead).toEqual([]);
    limits[kind] = 5;
    await run.pass(30 * MINUTE);
    expect(run.job(JOB).status).toBe('done');
    await run.pass(30 * MINUTE);
    expect(run.left).toEqual([]);
  });

  it('tries again after pauses that grow', async () => {
    const run = await begin({ limits: { vpc: 0 } });
    await run.pass(2 * HOUR);
    const times = records(run).map(({ createdAt }) => new Date(createdAt).getTime() / 1000);
    const pauses = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / MINUTE));
    expect(pauses.slice(0, 4)).toEqual([2, 3, 5, 9]);
    expect(Math.max(...pauses)).toBeLessThan(20);
  });

  it('makes another when a NAT gateway fails', async () => {
    let failures = 1;
    const natFailure = () =>
      failures-- > 0 ? { code: 'InternalError', message: 'Network interface limit' } : undefined;
    const run = await begin({ natFailure });
    await run.pass(30 * MINUTE);
    expect(run.job(JOB).status).toBe('done');
    expect(records(run)).toMatchObject([
      { status: 'gone', failure: { code: 'InternalError' } },
      { networkId: 'net-00000002-abcd', attempt: 2 },
    ]);
    await run.pass(30 * MINUTE);
    expect(run.left).toEqual([]);
  });
});

describe('what no record accounts for', () => {
  it('is found by its tags and removed when it has expired', async () => {
    const run = await begin();
    await run.pass(2 * MINUTE);
    run.networks.records.clear();
    run.networks.openIds.clear();
    run.end(JOB);
    await run.pass(11 * HOUR);
    expect(run.left).toHaveLength(11);
    await run.pass(2 * HOUR);
    expect(run.left).toEqual([]);
    expect(run.cloud.state.logged.some(line => line.includes('Networks swept'))).toBe(true);
    expect(run.cloud.state.measured).toContainEqual({ name: 'NetworksOverdue', value: 1 });
  });

  it('is removed before it expires when its network is said to be gone', async () => {
    const run = await begin();
    await run.pass(20 * MINUTE);
    const [record] = records(run);
    const tags = Object.entries({
      'spotreel:deployment': 'Spotreel',
      'spotreel:network': record?.networkId ?? '',
      expiry: record?.expiresAt ?? '',
    }).map(([Key, Value]) => ({ Key, Value }));
    run.world.add('elastic-ip', { details: { PublicIp: '203.0.113.9' }, tags });
    await run.pass(15 * MINUTE);
    expect(run.left).toEqual([]);
  });

  it('is left alone when it is of another deployment', async () => {
    const run = new NetworkRun();
    const tags = [
      { Key: 'spotreel:deployment', Value: 'Other' },
      { Key: 'spotreel:network', Value: 'net-00000001-0000' },
    ];
    const { id } = run.world.add('elastic-ip', { details: { PublicIp: '203.0.113.9' }, tags });
    await run.pass(HOUR);
    expect(run.left).toEqual([id]);
  });
});

describe('the key of a record', () => {
  it('is read by people', () => {
    expect(networkKey('net-00000001-abcd')).toBe('networks/net-00000001-abcd.json');
  });
});
