// Run as a process of its own, to be killed: serves an ECS in the folder it is given, with one task in it.
import { createEcs } from '../../../local/ecs/service';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { ecsOptions, REGION, ROOT_KEY, RUN_TASK } from './harness';

async function main(root: string): Promise<void> {
  const ecs = await createEcs(ecsOptions(root));
  const server = createServer((request, response) => void ecs.handle(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { accessKeyId, secretAccessKey } = ROOT_KEY;
  const client = new ECSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey },
  });
  await client.send(new RunTaskCommand(RUN_TASK));
}

void main(process.argv[2] ?? '');
