import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
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
  },
);
