import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { QUOTAS } from '../../../cli/doctor/account';
import { awsAccount } from '../../../cli/doctor/aws-account';

const VARIABLES = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const before = VARIABLES.map(name => [name, process.env[name]] as const);

afterAll(() => {
  for (const [name, value] of before) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

const hasMoto = spawnSync('moto_server', ['--help']).status === 0;
/** An AWS of others. Skipped where moto_server is not installed. */
(hasMoto ? describe : describe.skip)(
  'an account through the SDK, in moto_server (skipped without it)',
  () => {
    let moto: ChildProcess;

    beforeAll(async () => {
      const probe = createServer();
      await once(probe.listen(0, '127.0.0.1'), 'listening');
      const { port } = probe.address() as AddressInfo;
      probe.close();
      await once(probe, 'close');
      const endpoint = `http://127.0.0.1:${port}`;
      moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      const isUp = (): Promise<boolean> =>
        fetch(`${endpoint}/moto-api/`).then(
          ({ ok }) => ok,
          () => false,
        );
      for (let tries = 0; !(await isUp()); tries += 1) {
        if (tries === 300) throw new Error('moto_server did not start');
        await wait(100);
      }
      process.env['AWS_ENDPOINT_URL'] = endpoint;
      process.env['AWS_ACCESS_KEY_ID'] = 'test';
      process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    }, 40_000);
    afterAll(async () => {
      moto.kill();
      await once(moto, 'exit');
    });

    it('is read: who asks, its VPCs and their quota, addresses, and what is not there', async () => {
      const account = awsAccount('us-east-1');
      expect((await account.identity()).accountId).toBe('123456789012');
      expect(await account.quota(QUOTAS.vpcs)).toBe(5);
      expect(await account.vpcs()).toEqual([{ vpcId: expect.stringMatching(/^vpc-/) as string }]);
      expect(await account.addressCount()).toBe(0);
      expect(await account.hasRole('AWSServiceRoleForECS')).toBe(false);
      expect(await account.parameter('/cdk-bootstrap/hnb659fds/version')).toBeUndefined();
      expect(await account.ecsSetting('taskLongArnFormat')).toBeUndefined();
    }, 30_000);

    it('is read: the routes, endpoints and security groups of a VPC', async () => {
      const ec2 = new EC2Client({ region: 'us-east-1' });
      const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId;
      const inZone = async (CidrBlock: string) =>
        (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }))).Subnet?.SubnetId;
      const [open, shut] = [await inZone('10.0.0.0/24'), await inZone('10.0.1.0/24')];
      const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
      const InternetGatewayId = InternetGateway?.InternetGatewayId;
      await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
      const RouteTableId = (await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId;
      await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: open }));
      const DestinationCidrBlock = '0.0.0.0/0';
      await ec2.send(
        new CreateRouteCommand({ RouteTableId, DestinationCidrBlock, GatewayId: InternetGatewayId }),
      );
      await ec2.send(
        new CreateVpcEndpointCommand({
          ...{ VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', VpcEndpointType: 'Gateway' },
          RouteTableIds: [RouteTableId ?? ''],
        }),
      );
      const { subnets, endpoints, groups } = await awsAccount('us-east-1').vpc(VpcId ?? '');
      const routes = Object.fromEntries(subnets.map(one => [one.subnetId, one.defaultRoute]));
      expect(routes).toEqual({
        [open ?? '']: { target: InternetGatewayId, isActive: true },
        [shut ?? '']: undefined,
      });
      expect(endpoints).toMatchObject([
        { service: 's3', isGateway: true, isAvailable: true, routeTableIds: [RouteTableId] },
      ]);
      // The default group lets everything out, and in what is in it.
      expect(groups).toMatchObject([{ httpsTo: ['0.0.0.0/0'] }]);
      expect((await awsAccount('us-east-1').vpc('vpc-0123456789abcdef0')).subnets).toEqual([]);
      ec2.destroy();
    }, 30_000);
  },
);
