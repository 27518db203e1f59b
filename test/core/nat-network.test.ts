import { launchToken } from '../../core/launch';
import type { NetworkFacts } from '../../core/nat-network';
import { chooseNetwork, decideNetwork, jobNeed, takesTasks } from '../../core/nat-network';
import { settleCalls, withIntents } from '../../core/nat-network-calls';
import { isAnothersTurn } from '../../core/nat-network-message';
import type { ObservedResource } from '../../core/nat-network-observed';
import type { NetworkRecord } from '../../core/nat-network-record';
import { networkIdAfter, newNetwork } from '../../core/nat-network-record';
import { planTeardown } from '../../core/nat-network-teardown';
import { natNetworkUsage, networkCost } from '../../core/cost/nat-network';
import { exactly } from '../../core/cost/range';
import { START, acceptedJob, at, launchedJob, makeSettings } from '../support/builders';

const JOB = acceptedJob();
const settings = makeSettings();

function network(changes: Partial<NetworkRecord> = {}): NetworkRecord {
  const made = newNetwork({
    ...{ networkId: 'net-00000001-abcd', attempt: 1, job: JOB, now: START, expiryMinutes: 720 },
  });
  return { ...made, ...changes };
}

function facts(changes: Partial<NetworkFacts> = {}): NetworkFacts {
  return { now: START, settings, observed: [], needs: new Map(), liveTasks: 0, ...changes };
}

function resource(kind: ObservedResource['kind'], changes: Partial<ObservedResource> = {}): ObservedResource {
  return { kind, id: `${kind}-1`, networkId: 'net-00000001-abcd', ...changes };
}

describe('the next id', () => {
  it.each([
    [undefined, 'net-00000001-abcd'],
    ['net-00000009-abcd', 'net-00000010-abcd'],
    ['net-99999998-abcd', 'net-99999999-abcd'],
  ])('after %s is %s', (last, next) => {
    expect(networkIdAfter(last, 'abcd')).toBe(next);
  });
});

describe('the token of a launch', () => {
  it('is another in another network, as short as ECS wants it, and as before where networks stand', () => {
    const token = (networkId?: string): string =>
      launchToken({
        ...{ jobId: JOB.jobId, launch: 100, capacityProvider: 'FARGATE', subnetIndex: 1 },
        ...(networkId === undefined ? {} : { networkId }),
      });
    expect(token('net-00000012-abcd')).toBe(`${JOB.jobId}-100d1-12`);
    expect(token()).toBe(`${JOB.jobId}-100d1`);
    expect(token('net-99999999-abcd').length).toBeLessThanOrEqual(64);
  });
});

describe('what a job means to a network', () => {
  const elsewhere = {
    ...launchedJob(),
    launches: launchedJob().launches.map(launch => ({ ...launch, networkId: 'net-00000002-abcd' })),
  };

  it.each([
    ['a task of it waits', JOB, 'launch'],
    ['its task runs', launchedJob(), 'stay'],
    ['its task runs in another network', elsewhere, 'leave'],
    ['it has ended', { ...JOB, status: 'cancelled' as const }, 'leave'],
    ['it has no record', undefined, 'leave'],
  ])('%s', (_title, job, need) => {
    expect(jobNeed(job, 'net-00000001-abcd')).toBe(need);
  });
});

describe('the network that a job goes into', () => {
  const at6Hours = at(6 * 3600);

  it.each([
    ['a new one when there is none', undefined, START, { kind: 'create', attempt: 1 }],
    ['the one that is being made', network(), START, { kind: 'join' }],
    ['the one that is ready', network({ status: 'ready' }), START, { kind: 'join' }],
    [
      'one whose time for another task is just enough',
      network({ status: 'ready' }),
      at6Hours,
      { kind: 'join' },
    ],
    [
      'a new one when it is not',
      network({ status: 'ready' }),
      at(6 * 3600 + 1),
      { kind: 'create', attempt: 1 },
    ],
    [
      'a new one beside one that goes',
      network({ status: 'deleting' }),
      START,
      { kind: 'create', attempt: 1 },
    ],
  ])('is %s', (...[, newest, now, choice]) => {
    expect(chooseNetwork(newest, { now, settings })).toEqual(choice);
  });

  const failure = { code: 'VpcLimitExceeded', message: 'Too many.' };

  it('is none while one that could not be made is removed', () => {
    const choice = chooseNetwork(network({ status: 'deleting', failure }), { now: START, settings });
    expect(choice).toEqual({ kind: 'later', seconds: 15, reason: 'VpcLimitExceeded: Too many.' });
  });

  it.each([
    [1, 60],
    [2, 120],
    [4, 480],
    [5, 900],
    [50, 900],
  ])('is none for a while after %i failures in a row: %i seconds', (attempt, seconds) => {
    const gone = network({ status: 'gone', failure, attempt, goneAt: START.toISOString() });
    expect(chooseNetwork(gone, { now: START, settings })).toMatchObject({ kind: 'later', seconds });
    expect(chooseNetwork(gone, { now: at(seconds), settings })).toEqual({
      kind: 'create',
      attempt: attempt + 1,
    });
  });

  it('takes no task once it was given up', () => {
    expect(takesTasks(network({ failure }), { now: START, settings })).toBe(false);
  });
});

describe('a message', () => {
  const dueAt = at(60).toISOString();

  it.each([
    ['that the record names', dueAt, dueAt, false],
    ['beside one that is to come', undefined, dueAt, true],
    ['of a chain that another has replaced', at(30).toISOString(), dueAt, true],
    ['while none is to come', undefined, undefined, false],
    ['when the one that was to come is overdue', undefined, START.toISOString(), false],
  ])('%s', (...[, messageAt, due, isDropped]) => {
    expect(isAnothersTurn(messageAt, { dueAt: due, now: START })).toBe(isDropped);
  });
});

describe('a part that was asked for without an answer', () => {
  const asked = withIntents(network(), [{ call: 'CreateVpc', part: 'vpc', cidr: '10.0.0.0/16' }], START);
  const needs = new Map([[JOB.jobId, 'launch' as const]]);
  const callsAt = (seconds: number, observed: readonly ObservedResource[] = []): string[] => {
    const decision = decideNetwork(asked, facts({ now: at(seconds), observed, needs }));
    return decision.kind === 'act' ? decision.calls.map(({ call }) => call) : [];
  };

  it('is not asked for again as long as EC2 may not show it yet', () => {
    expect(callsAt(59)).not.toContain('CreateVpc');
  });

  it('is asked for again when it would show', () => {
    expect(callsAt(60)).toContain('CreateVpc');
  });

  it('is taken up when it shows, and what needs it is made', () => {
    const calls = callsAt(1, [resource('vpc', { part: 'vpc' })]);
    expect(calls).not.toContain('CreateVpc');
    expect(calls.filter(call => call === 'CreateSubnet')).toHaveLength(3);
  });

  it('is free to be asked for at once when EC2 refused', () => {
    const refused = settleCalls(asked, [
      {
        call: { call: 'CreateVpc', part: 'vpc', cidr: '10.0.0.0/16' },
        result: { kind: 'later', reason: 'not now' },
      },
    ]);
    expect(refused.parts).toEqual({});
    expect(refused.waitingFor).toBe('not now');
  });
});

describe('the removal of a network', () => {
  const everything = [
    resource('address'),
    resource('internetGateway', { attachedTo: 'vpc-1' }),
    resource('vpc'),
    resource('subnet', { part: 'publicSubnet' }),
    resource('subnet', { id: 'subnet-2', part: 'privateSubnetA' }),
    resource('routeTable', { associations: ['rtbassoc-1'] }),
    resource('securityGroup'),
    resource('natGateway', { state: 'available' }),
    resource('endpoint', { state: 'available' }),
  ];
  const plan = (observed: readonly ObservedResource[], done: string[] = []) =>
    planTeardown(network({ status: 'deleting', done }), { observed, now: at(3600), settings });
  const callsFor = (...args: Parameters<typeof plan>): string[] =>
    plan(...args).calls.map(call => `${call.call} ${'id' in call ? call.id : ''}`);
  const without = (...kinds: string[]) => everything.filter(({ kind }) => !kinds.includes(kind));

  it('begins with what nothing depends on', () => {
    expect(callsFor(everything)).toEqual([
      'DeleteSubnet subnet-2',
      'DeleteSecurityGroup securityGroup-1',
      'DeleteNatGateway natGateway-1',
      'DeleteVpcEndpoints endpoint-1',
    ]);
  });

  it('waits for the NAT gateway, until EC2 says that it is deleted', () => {
    const deleting = [
      ...without('natGateway', 'endpoint', 'securityGroup'),
      resource('natGateway', { state: 'deleting' }),
    ];
    expect(callsFor(deleting, ['DeleteSubnet subnet-2'])).toEqual([]);
    const deleted = [...without('natGateway'), resource('natGateway', { state: 'deleted' })];
    expect(callsFor(deleted)).toContain('ReleaseAddress address-1');
    expect(callsFor(deleted)).toContain('DetachInternetGateway internetGateway-1');
  });

  it('deletes the internet gateway once it is detached, even if EC2 still shows it attached', () => {
    expect(callsFor([everything[1] ?? resource('vpc')], ['DetachInternetGateway internetGateway-1'])).toEqual(
      ['DeleteInternetGateway internetGateway-1'],
    );
  });

  it('ends with route tables, taken off their subnets, and the VPC', () => {
    const table = resource('routeTable', { associations: ['rtbassoc-1'] });
    expect(callsFor([resource('vpc'), table])).toEqual(['DisassociateRouteTable rtbassoc-1']);
    expect(callsFor([resource('vpc'), table], ['DisassociateRouteTable rtbassoc-1'])).toEqual([
      'DeleteRouteTable routeTable-1',
    ]);
    expect(callsFor([resource('vpc')])).toEqual(['DeleteVpc vpc-1']);
    expect(plan([])).toMatchObject({ calls: [], complete: true });
  });

  it('is not complete while something that was asked for may still turn up', () => {
    const asked = network({ status: 'deleting', parts: { vpc: { askedAt: at(3590).toISOString() } } });
    const early = planTeardown(asked, { observed: [], now: at(3649), settings });
    expect(early).toMatchObject({ calls: [], complete: false });
    expect(planTeardown(asked, { observed: [], now: at(3650), settings }).complete).toBe(true);
  });
});

describe('what a network costs', () => {
  it('is each hour begun of its NAT gateway, its traffic, and the time of its address', () => {
    const record = network({
      served: ['a', 'b'],
      parts: {
        natGateway: { askedAt: START.toISOString(), id: 'nat-1' },
        address: { askedAt: START.toISOString(), id: 'eipalloc-1' },
      },
      goneAt: at(5400).toISOString(),
    });
    expect(networkCost(record, { region: 'us-east-1', architecture: 'x86_64' })).toEqual({
      ...{ natHours: 2, natGb: 0.01, addressHours: 1.5, priceRegion: 'us-east-1' },
      usd: Number((2 * 0.045 + 0.01 * 0.045 + 1.5 * 0.005).toFixed(6)),
    });
  });

  it('is nothing for one that never had either', () => {
    const gone = network({ goneAt: at(60).toISOString() });
    expect(networkCost(gone, { region: 'us-east-1', architecture: 'x86_64' }).usd).toBe(0);
  });

  it('is foreseen by the same lines', () => {
    const lines = natNetworkUsage({ seconds: exactly(3601), tasks: 1 });
    expect(lines.map(({ item, quantity }) => [item, quantity.likely])).toEqual([
      ['natGatewayHour', 2],
      ['natGatewayGb', 0.005],
      ['publicIpv4Hour', 3601 / 3600],
    ]);
  });
});
