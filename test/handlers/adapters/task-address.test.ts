import type { DescribeTasksCommand, ECSClient } from '@aws-sdk/client-ecs';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createEc2 } from '../../../local/ec2/service';
import { ecsTaskAddress } from '../../../handlers/adapters/task-address';
import type { AccessKey } from '../../../local/types';
import { describeAttachment, newNetworkInterface } from '../../../local/ecs/network-interface';
import type { Task } from '../../../local/ecs/types';
import { someTask } from '../../local/ecs/some-task';

const TASK = 'arn:aws:ecs:us-east-1:1:task/cluster/1';

const KEY: AccessKey = {
  accessKeyId: 'AKIAROOT',
  secretAccessKey: 'secret',
  principal: { kind: 'root', arn: 'arn:aws:iam::1:root' },
};

function taskWith(publicAddress: boolean): Task {
  const place = { subnetId: 'subnet-1', securityGroupIds: ['sg-1'], publicAddress };
  return someTask({ networkInterface: newNetworkInterface(place) });
}

/** ECS that knows one task. */
function ecsWith(task: Task | undefined): ECSClient {
  const attachments = task === undefined ? [] : [describeAttachment(task, 'ElasticNetworkInterface')];
  const send = async (command: DescribeTasksCommand): Promise<object> => {
    expect(command.input).toEqual({ cluster: 'cluster', tasks: [TASK] });
    return { tasks: [{ attachments }] };
  };
  return { send } as unknown as ECSClient;
}

describe('the address of a task', () => {
  let tasks: Task[] = [];
  let mayAsk = true;
  const folder = mkdtempSync(join(tmpdir(), 'spotreel-ec2-'));
  const interfaces = createEc2({
    ...{ path: join(folder, 'ec2.json'), region: 'us-east-1', accountId: '1' },
    keyring: { find: id => (id === KEY.accessKeyId ? KEY : undefined) },
    authorize: () => mayAsk,
    interfaces: () => tasks.map(task => task.networkInterface),
  });
  const server = createServer((request, response) => void interfaces.handle(request, response));
  const before = { ...process.env };

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    });
  });
  beforeEach(() => (mayAsk = true));
  afterAll(async () => {
    process.env = before;
    await new Promise(resolve => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const addressOf = (task: Task | undefined): Promise<object> =>
    ecsTaskAddress(ecsWith(task), 'cluster')(TASK);

  it('is that of its network interface: the public one, where it has one, and the private one', async () => {
    const task = taskWith(true);
    tasks = [taskWith(true), task];
    const { publicIpv4Address: publicIp, privateIpv4Address: privateIp } = task.networkInterface;
    expect(await addressOf(task)).toEqual({ publicIp, privateIp });
  });

  it('is the private one alone for a task without a public address', async () => {
    const task = taskWith(false);
    tasks = [task];
    expect(await addressOf(task)).toEqual({ privateIp: task.networkInterface.privateIpv4Address });
  });

  it('is not known of a task that ECS has forgotten', async () => {
    expect(await addressOf(undefined)).toEqual({});
  });

  it('is refused to whom the policies do not let see it, and not found for an interface that is gone', async () => {
    const task = taskWith(true);
    tasks = [];
    await expect(addressOf(task)).rejects.toMatchObject({ name: 'InvalidNetworkInterfaceID.NotFound' });
    mayAsk = false;
    await expect(addressOf(task)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });
});
