import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LocalCloudError } from './local-cloud-error';
import { writeFileAtomically } from './write-file';

/**
 * Listens on 127.0.0.1 and answers the port. Port 0 takes the one that this data directory had last, if it is
 * free, so that URLs that were made before a restart still lead here; else any free one.
 */
export async function listenLocally(options: {
  server: Server;
  port: number;
  dataDir: string;
}): Promise<number> {
  const { server, dataDir } = options;
  const path = join(dataDir, 'port');
  const lastPort = existsSync(path) ? Number(readFileSync(path, 'utf8')) || 0 : 0;
  let port: number;
  try {
    port = await listen(server, options.port || lastPort);
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    if (options.port !== 0) {
      throw new LocalCloudError(
        `Port ${options.port} on 127.0.0.1 is in use; give another with --port N, or --port 0 for any free one.`,
      );
    }
    port = await listen(server, 0);
  }
  writeFileAtomically(path, String(port));
  return port;
}

class PortTaken extends Error {}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken() : error);
    };
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
