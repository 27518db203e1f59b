import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createS3, type S3EventRecord, type S3Options, type S3Service } from '../../../local/s3/service';
import type { AccessKey, AccessRequest } from '../../../local/types';

export const REGION = 'eu-west-1';
export const ACCOUNT_ID = '123456789012';

export const ROOT_KEY: AccessKey = {
  accessKeyId: 'AKIAROOT',
  secretAccessKey: 'root-secret',
  principal: { kind: 'root', arn: `arn:aws:iam::${ACCOUNT_ID}:root` },
};

export const ROLE_KEY: AccessKey = {
  accessKeyId: 'ASIAROLE',
  secretAccessKey: 'role-secret',
  sessionToken: 'role-token/with+odd=characters',
  principal: { kind: 'role', arn: `arn:aws:iam::${ACCOUNT_ID}:role/worker` },
};

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A service behind a real HTTP server, with one bucket that keeps versions and one that does not. */
export interface TestServer {
  readonly endpoint: string;
  readonly dataDir: string;
  readonly s3: S3Service;
  readonly events: S3EventRecord[];
  client(key?: AccessKey, config?: S3ClientConfig): S3Client;
  /** Stops the server without removing its data. */
  stop(): Promise<void>;
  /** Stops the server and removes its data. */
  destroy(): Promise<void>;
}

export interface TestServerOptions extends Partial<Pick<S3Options, 'now' | 'onEvent'>> {
  dataDir?: string;
  /** What the role may do; the root may do everything. Default: nothing. */
  roleMay?: (request: AccessRequest) => boolean;
}

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'spotreel-s3-')));
  const events: S3EventRecord[] = [];
  const s3 = await createS3({
    dataDir,
    region: REGION,
    accountId: ACCOUNT_ID,
    keyring: { find: id => [ROOT_KEY, ROLE_KEY].find(key => key.accessKeyId === id) },
    authorize: request => request.principal.kind === 'root' || (options.roleMay?.(request) ?? false),
    onEvent: options.onEvent ?? (async event => void events.push(event)),
    now: options.now,
  });
  await s3.ensureBucket({ name: 'versioned', versioned: true, notifyObjectCreated: true });
  await s3.ensureBucket({ name: 'plain', versioned: false, notifyObjectCreated: false });
  const server = createServer((request, response) => void s3.handle(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: S3Client[] = [];
  const stop = async (): Promise<void> => {
    for (const client of clients) client.destroy();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await s3.close();
  };
  return {
    endpoint,
    dataDir,
    s3,
    events,
    client: (key = ROOT_KEY, config = {}) => {
      const client = new S3Client({
        endpoint,
        region: REGION,
        credentials: key,
        forcePathStyle: true,
        maxAttempts: 1,
        logger: SILENT,
        ...config,
      });
      clients.push(client);
      return client;
    },
    stop,
    destroy: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
