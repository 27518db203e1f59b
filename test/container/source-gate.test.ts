import { request } from 'node:http';
import { randomBytes } from 'node:crypto';
import { SourceGate } from '../../container/source-gate';
import { FakeS3 } from './support/fake-s3';

const SOURCE = randomBytes(3 * 1024 * 1024);

describe('SourceGate', () => {
  let s3: FakeS3;
  let gate: SourceGate;

  beforeEach(async () => {
    s3 = await FakeS3.start();
    s3.objects.set('source', SOURCE);
    gate = await open({});
  });
  afterEach(async () => {
    await gate.close();
    await s3.stop();
  });

  const open = (changes: Partial<Parameters<typeof SourceGate.open>[0]>): Promise<SourceGate> =>
    SourceGate.open({
      sourceUrl: s3.url('source'),
      sizeBytes: SOURCE.length,
      etag: s3.etag('source'),
      firstPauseMs: 1,
      ...changes,
    });
  const read = async (range?: string): Promise<Buffer> => {
    const response = await fetch(gate.url, { headers: range === undefined ? {} : { range } });
    return Buffer.from(await response.arrayBuffer());
  };

  it('passes the whole source and counts its bytes', async () => {
    expect((await read()).equals(SOURCE)).toBe(true);
    expect(gate.bytesRead).toBe(SOURCE.length);
  });

  it('passes a range with the headers that a seeking reader needs', async () => {
    const response = await fetch(gate.url, { headers: { range: 'bytes=1000-1999' } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes 1000-1999/${SOURCE.length}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(SOURCE.subarray(1000, 2000))).toBe(true);
  });

  it('answers HEAD without asking S3', async () => {
    const response = await fetch(gate.url, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe(String(SOURCE.length));
    expect(s3.ranges).toEqual([]);
  });

  it('refuses a range beyond the end', async () => {
    const response = await fetch(gate.url, { headers: { range: `bytes=${SOURCE.length}-` } });
    expect(response.status).toBe(416);
  });

  it('has no other address than its own', async () => {
    expect((await fetch(new URL('/source', gate.url))).status).toBe(404);
  });

  it('goes on at the exact byte after dropped connections and errors', async () => {
    s3.faults.push({ dropAfterBytes: 100_000 }, { status: 503 }, { status: 429 }, { dropAfterBytes: 50_000 });
    expect((await read()).equals(SOURCE)).toBe(true);
    expect(s3.ranges).toHaveLength(5);
    expect(gate.failure).toBeUndefined();
  });

  it('asks anew when no answer comes', async () => {
    await gate.close();
    gate = await open({ stallMs: 50 });
    s3.faults.push({ stall: true });
    expect((await read('bytes=0-99')).equals(SOURCE.subarray(0, 100))).toBe(true);
  });

  it.each([
    ['403', 'refused', { status: 403 }],
    ['404', 'changed', { status: 404 }],
  ] as const)('takes %s for %s at once and answers no one any more', async (_status, kind, fault) => {
    s3.faults.push(fault);
    await expect(read()).rejects.toThrow();
    expect(gate.failure?.kind).toBe(kind);
    expect(gate.failed.aborted).toBe(true);
    expect((await fetch(gate.url)).status).toBe(410);
    expect(s3.ranges).toHaveLength(1);
  });

  it('takes another object under the same name for changed', async () => {
    s3.objects.set('source', randomBytes(SOURCE.length));
    await expect(read()).rejects.toThrow();
    expect(gate.failure).toEqual({ kind: 'changed', detail: 'S3 answered 412' });
  });

  it('gives up after as many fruitless attempts as are allowed', async () => {
    await gate.close();
    gate = await open({ maxAttempts: 3 });
    s3.faults.push({ status: 500 }, { status: 500 }, { status: 500 });
    await expect(read()).rejects.toThrow();
    expect(gate.failure).toEqual({ kind: 'unreachable', detail: 'S3 answered 500' });
  });

  it('reads on through a renewed URL', async () => {
    const old = s3.url('source').replace('f00d', 'dead');
    await gate.close();
    gate = await open({ sourceUrl: old });
    gate.renew(s3.url('source'));
    expect((await read('bytes=5-9')).equals(SOURCE.subarray(5, 10))).toBe(true);
  });

  it('asks S3 for no more at once than what a chunk is made of, and passes on all that its reader wants', async () => {
    gate.expect({ head: 1000, first: 1_500_000, end: 2_000_000 });
    expect((await read()).equals(SOURCE)).toBe(true);
    expect(s3.ranges).toEqual([
      'bytes=0-999',
      'bytes=1000-525287',
      'bytes=525288-1499999',
      'bytes=1500000-1999999',
      `bytes=2000000-${SOURCE.length - 1}`,
    ]);
    expect((await read('bytes=1600000-')).equals(SOURCE.subarray(1_600_000))).toBe(true);
    expect(s3.ranges.slice(5, 7)).toEqual(['bytes=1600000-1999999', 'bytes=2000000-2524287']);
  });

  it('ends the request to S3 when its reader leaves', async () => {
    const left = new Promise<void>(resolve => {
      const reading = request(gate.url, response => {
        response.once('data', () => {
          reading.destroy();
          resolve();
        });
      });
      reading.on('error', () => undefined);
      reading.end();
    });
    await left;
    expect((await read('bytes=0-9')).length).toBe(10);
    expect(gate.failure).toBeUndefined();
  });
});
