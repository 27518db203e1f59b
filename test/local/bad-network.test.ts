import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadNetwork } from '../../local/bad-network';

const PERSON = 'AKIAPERSON';
const BODY = Buffer.alloc(30_000, 'x');

describe('a bad network', () => {
  let network: BadNetwork;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    network = new BadNetwork(7, PERSON);
    server = createServer((request, response) => {
      response.on('error', () => undefined);
      void network.spoil({ request, response }).then(isAnswered => {
        if (!isAnswered) response.end(BODY);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Status of the answer, or how it broke off. */
  async function ask(headers: Record<string, string> = {}): Promise<string> {
    try {
      const answer = await fetch(url, { headers: { connection: 'close', ...headers } });
      const body = Buffer.from(await answer.arrayBuffer());
      return answer.status === 200 && body.length !== BODY.length ? 'short' : String(answer.status);
    } catch {
      return 'cut';
    }
  }

  it('refuses some requests, cuts some, and lets most through whole', async () => {
    // The order in which they arrive is by chance: so many that each kind of fault is met with, whatever it is.
    const seen: string[] = [];
    for (let round = 0; round < 4; round += 1)
      seen.push(...(await Promise.all(Array.from({ length: 300 }, () => ask()))));
    const count = (what: string): number => seen.filter(one => one === what).length;
    expect(count('200')).toBeGreaterThan(1000);
    expect(count('500')).toBeGreaterThan(0);
    expect(count('503')).toBeGreaterThan(0);
    expect(count('cut')).toBeGreaterThan(0);
    expect(count('short')).toBe(0);
    const { refused, slow, cut } = network.spoilt['S3'] ?? {};
    expect(refused).toBe(count('500') + count('503'));
    // One may be cut when all of it has come.
    expect(cut).toBeGreaterThanOrEqual(count('cut'));
    expect(slow).toBeGreaterThan(0);
  });

  it('spares the person at the keyboard', async () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${PERSON}/20260102/us-east-1/s3/aws4_request`;
    const seen = await Promise.all(Array.from({ length: 100 }, () => ask({ authorization })));
    expect(new Set(seen)).toEqual(new Set(['200']));
    expect(network.spoilt).toEqual({});
  });
});
