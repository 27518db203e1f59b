import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepAccessFresh } from '../../container/access-renewal';
import { createLog } from '../../container/log';
import type { Order, OrderAccess } from '../../core/order';

describe('keepAccessFresh', () => {
  it('asks again when the first request comes to nothing', async () => {
    let asked = 0;
    const access = (ticketUrl: string, leftMs: number): OrderAccess => ({
      expiresAt: new Date(Date.now() + leftMs).toISOString(),
      sourceUrl: 'http://127.0.0.1/source',
      ticketUrl,
      post: { url: 'http://127.0.0.1/', fields: {} },
      keyPrefix: 'work/job/whole/',
      postMaxBytes: 1000,
      multipart: {},
    });
    const server = createServer((_request, response) => {
      const fresh = asked < 2 ? {} : { access: access('http://127.0.0.1/fresh', 3_600_000) };
      response.end(JSON.stringify({ schema: 'spotreel.ticket/1', generation: 1, inputUrls: {}, ...fresh }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const ticketUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ticket`;
    const ended = new AbortController();
    const old = access(ticketUrl, 10_000);
    const issuedAt = new Date(Date.now() - 60_000).toISOString();
    const renewed = jest.fn(() => ended.abort());
    try {
      await keepAccessFresh(
        {
          order: { generation: 1, issuedAt, access: old } as Order,
          access: old,
          ask: async () => void (asked += 1),
          onRenewed: renewed,
          log: createLog({ service: 'test' }),
          pollMs: 10,
          askAgainMs: 50,
        },
        ended.signal,
      );
      expect(asked).toBe(2);
      expect(renewed).toHaveBeenCalledTimes(1);
    } finally {
      server.close();
    }
  });
});
