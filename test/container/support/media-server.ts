import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PublishedTree } from './published-tree';

const PAGES: Readonly<Record<string, readonly [path: string, type: string]>> = {
  '/': [join(__dirname, 'players.html'), 'text/html'],
  '/hls.js': [require.resolve('hls.js/dist/hls.js'), 'text/javascript'],
  '/shaka.js': [require.resolve('shaka-player/dist/shaka-player.compiled.js'), 'text/javascript'],
};

/** Serves a page with players, and what was published under `/media/` with the types under which it was stored. */
export class MediaServer {
  private constructor(private readonly server: Server) {}

  static async start(tree: PublishedTree): Promise<MediaServer> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const page = PAGES[path];
      const name = path.replace('/media/', '');
      const [file, type] = page ?? [join(tree.folder, name), tree.types.get(name)];
      if (type === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new MediaServer(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }
}
