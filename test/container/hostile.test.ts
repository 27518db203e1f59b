import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failure } from '../../core/report';
import { plainClip, silentClip } from './support/clips';
import { SIGNATURE } from './support/fake-s3';
import { shippedPreset, TOOLS, Workshop } from './support/workshop';

describe('a source that is not what it says', () => {
  let shop: Workshop;

  beforeEach(async () => (shop = await Workshop.open()));
  afterEach(() => shop.close());

  const failWith = async (source: Buffer, presetName = 'web-720p'): Promise<Failure> => {
    shop.queues.add(shop.order(source, await shippedPreset(presetName)));
    await shop.work();
    const [report] = shop.queues.of('failed');
    if (report === undefined) throw new Error(JSON.stringify(shop.queues.reports));
    return report.failure;
  };

  it('is refused when it is text', async () => {
    expect(await failWith(Buffer.from('Dear diary, this is no video.\n'.repeat(100)))).toMatchObject({
      blame: 'source',
      retryable: false,
      process: { command: 'ffprobe', timedOut: false },
    });
  });

  it('is refused when it is a playlist, and nothing that it lists is fetched', async () => {
    let fetched = 0;
    const secret = createServer((_request, response) => {
      fetched += 1;
      response.end('secret');
    }).listen(0, '127.0.0.1');
    await once(secret, 'listening');
    const url = `http://127.0.0.1:${(secret.address() as AddressInfo).port}/credentials.ts`;
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`;
    const failure = await failWith(Buffer.from(playlist));
    secret.close();
    expect(fetched).toBe(0);
    expect(failure).toMatchObject({ code: 'SOURCE_FORMAT_NOT_ACCEPTED', retryable: false });
  });

  it('is refused when its index is missing', async () => {
    const clip = silentClip();
    const cut = clip.subarray(0, clip.indexOf('moov') - 4);
    expect(await failWith(cut)).toMatchObject({ code: 'SOURCE_UNREADABLE', retryable: false });
  });

  it('leaves no signature, credential or address in any log or report', async () => {
    await failWith(Buffer.from('no video'));
    shop.s3.faults.push({ status: 403 });
    await failWith(plainClip());
    expect(shop.queues.of('failed').length).toBeGreaterThan(1);
    expect(shop.traces).not.toContain(SIGNATURE);
    expect(shop.traces).not.toContain('secretpolicy');
    expect(shop.traces).not.toMatch(/ASIA[A-Z]|https?:\/\/|127\.0\.0\.1/);
  });
});

describe('the environment of the tools', () => {
  it.each(['ffmpeg', 'ffprobe'] as const)(
    'holds nothing of the worker but the search path (%s)',
    async name => {
      const folder = await mkdtemp(join(tmpdir(), 'bin-'));
      await writeFile(join(folder, name), '#!/bin/sh\nenv\ncat\n', { mode: 0o755 });
      const stdin = join(folder, 'stdin');
      await writeFile(stdin, 'standard input');
      const output = execFileSync(TOOLS[`${name}Path`], {
        encoding: 'utf8',
        stdio: [openSync(stdin, 'r'), 'pipe', 'inherit'],
        env: { PATH: `${folder}:${process.env['PATH']}`, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/secret' },
      });
      await rm(folder, { recursive: true });
      expect(output).toContain(`PATH=${folder}`);
      expect(output).not.toMatch(/secret|standard input/);
    },
  );
});
