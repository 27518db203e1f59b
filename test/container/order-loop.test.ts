import { once } from 'node:events';
import type { Preset } from '../../core/preset';
import { makeClip, silentClip } from './support/clips';
import { presetOf, Workshop } from './support/workshop';

const TINY = presetOf([{ kind: 'video', name: 'out', video: { size: { shortSide: 36 } } }]);

describe('drainOrders', () => {
  let clip: Buffer;
  let shop: Workshop;

  beforeAll(() => (clip = silentClip()));
  beforeEach(async () => (shop = await Workshop.open()));
  afterEach(() => shop.close());

  const kinds = (): string[] => shop.queues.reports.map(({ kind }) => kind);

  it('takes one order after another, each delivery by its own name, then says that it is idle', async () => {
    shop.queues.add(shop.order(clip, TINY));
    shop.queues.add(shop.order(clip, TINY, { orderId: 'second' }));
    await shop.work();
    expect(shop.queues.of('finished').map(({ deliveryId }) => deliveryId)).toEqual(['task1-1', 'task1-2']);
    expect(shop.queues.of('idle')).toMatchObject([{ ordersDone: 2 }]);
  });

  it('stores how an order ended beside its ticket, as it reports it', async () => {
    shop.queues.add(shop.order(clip, TINY));
    await shop.work();
    const [report] = shop.queues.of('finished');
    const stored = shop.s3.posted.at(-1);
    expect(stored?.fields['key']).toBe(`${shop.access().keyPrefix}result.json`);
    expect(JSON.parse(stored?.body.toString() ?? 'null')).toMatchObject({
      kind: 'finished',
      deliveryId: report?.deliveryId,
      outputs: report?.outputs,
    });
  });

  it('reports an order that failed without storing that, since another attempt may end better', async () => {
    shop.queues.add(shop.order(Buffer.from('no video'), TINY));
    await shop.work();
    expect(kinds()).toContain('failed');
    expect(shop.s3.posted).toEqual([]);
  });

  it('drops an order without a ticket and reports nothing of it', async () => {
    const order = shop.order(clip, TINY);
    shop.s3.objects.delete('ticket.json');
    shop.queues.add(order);
    await shop.work();
    expect(shop.queues.removed).toEqual(['message-1']);
    expect(kinds()).toEqual(['idle']);
  });

  it('drops an order of which a later generation is wanted', async () => {
    const order = shop.order(clip, TINY);
    shop.writeTicket({ schema: 'spotreel.ticket/1', generation: 2, inputUrls: {} });
    shop.queues.add(order);
    await shop.work();
    expect(shop.queues.removed).toEqual(['message-1']);
    expect(kinds()).toEqual(['idle']);
  });

  it('reports an order whose URLs are about to end as expired', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const issuedAt = new Date(Date.now() - 3_200_000).toISOString();
    shop.queues.add({ ...shop.order(clip, TINY, { issuedAt }), access: shop.access({ expiresAt }) });
    await shop.work();
    expect(kinds()).toEqual(['expired', 'idle']);
    expect(shop.queues.removed).toEqual(['message-1']);
  });

  it('works with the fresh URLs of the ticket when those of the order have ended', async () => {
    const old = shop.access({
      expiresAt: new Date(Date.now() - 1000).toISOString(),
      sourceUrl: `${shop.s3.url('source/clip.mp4')}&old`.replace('f00d', 'dead'),
    });
    shop.queues.add({ ...shop.order(clip, TINY), access: old });
    shop.writeTicket({ schema: 'spotreel.ticket/1', generation: 1, inputUrls: {}, access: shop.access() });
    await shop.work();
    expect(kinds()).toContain('finished');
  });

  it('shows an order that needs a larger task to others again', async () => {
    shop.limits = { vcpu: 1, memoryMiB: 2048 };
    shop.queues.add(shop.order(clip, TINY));
    await shop.work();
    expect(shop.queues.hidden).toEqual([{ messageId: 'message-1', seconds: 2 }]);
    expect(kinds()).toEqual(['idle']);
  });

  it('shows what is no order again at once, so that it gets to the dead letters soon, and names the faults', async () => {
    shop.queues.add('{"schema":"spotreel.order/1"}');
    await shop.work();
    expect(shop.queues.removed).toEqual([]);
    expect(shop.queues.hidden).toEqual([{ messageId: 'message-1', seconds: 0 }]);
    expect(shop.logged.join('')).toContain('/jobId');
  });

  it('reports an order that it does not understand as failed, for its job to say so', async () => {
    shop.queues.add({ ...shop.order(clip, TINY), work: { kind: 'dance' } });
    await shop.work();
    expect(shop.queues.of('failed')).toMatchObject([
      { deliveryId: 'task1-1', failure: { code: 'ORDER_NOT_UNDERSTOOD', retryable: true } },
    ]);
    expect(shop.queues.removed).toEqual(['message-1']);
  });

  it('goes on with an order whose lease is lost', async () => {
    shop.queues.hideAnswer = 'gone';
    shop.queues.add(shop.order(clip, TINY));
    await shop.work();
    expect(kinds()).toContain('finished');
  });

  it('asks for fresh URLs when a third of their time is left and goes on with them', async () => {
    const order = shop.order(longClip(), slowPreset());
    const access = shop.access({ expiresAt: new Date(Date.now() + 1500).toISOString() });
    shop.queues.onReport = report => {
      if (report.kind !== 'renew') return;
      const fresh = shop.access({ keyPrefix: 'work/job-1/renewed/' });
      shop.writeTicket({ schema: 'spotreel.ticket/1', generation: 1, inputUrls: {}, access: fresh });
    };
    shop.queues.add({ ...order, access });
    await shop.work();
    expect(kinds()).toContain('renew');
    expect(shop.queues.of('finished')[0]?.outputs[0]?.key).toMatch(/^work\/job-1\/renewed\//);
  });

  it('stops ffmpeg and gives the order back at once when it is told to stop', async () => {
    shop.queues.add(shop.order(longClip(), slowPreset()));
    const encoding = encoderReads(shop);
    const working = shop.work();
    await encoding;
    const stoppedAtMs = Date.now();
    shop.stop.abort();
    await working;
    expect(Date.now() - stoppedAtMs).toBeLessThan(5000);
    expect(kinds().at(-1)).toBe('returned');
    expect(shop.queues.hidden.at(-1)).toEqual({ messageId: 'message-1', seconds: 0 });
    expect(shop.queues.removed).toEqual([]);
    expect(await shop.leftovers()).toEqual([]);
  });

  it('finishes a chunk that will be done in time when it is told to stop, and takes no other order', async () => {
    const chunk = { index: 0, firstFrame: 0, endFrame: 300, startPts: 0, endPts: 300 * 512 };
    const changes = { orderId: 'chunk-0000', work: { kind: 'encode-chunk', chunk } } as const;
    const quick = presetOf([{ kind: 'video', name: 'out', video: { speed: 'veryfast' } }]);
    shop.queues.add(shop.order(longClip(), quick, changes));
    const working = shop.work(60);
    // From a twentieth on its speed is believed.
    while ((shop.status.report().order?.percent ?? 0) < 6)
      await new Promise(resolve => setImmediate(resolve));
    shop.stop.abort();
    await working;
    expect(kinds().filter(kind => kind !== 'progress')).toEqual(['started', 'finished']);
    expect(shop.queues.of('finished')[0]).toMatchObject({ outputs: [{ isPart: true, frames: 300 }] });
  });

  it('stops an encoder that gets nowhere', async () => {
    const order = shop.order(clip, TINY);
    shop.s3.faults.push({ stall: true });
    shop.queues.add({ ...order, limits: { wallClockSeconds: 60, stallSeconds: 1 } });
    await shop.work();
    expect(shop.queues.of('failed')[0]?.failure).toMatchObject({
      code: 'ENCODE_STALLED',
      retryable: true,
      process: { timedOut: true },
    });
  });

  it('stops an order that takes longer than it may', async () => {
    const order = shop.order(longClip(), slowPreset());
    shop.queues.add({ ...order, limits: { wallClockSeconds: 1, stallSeconds: 60 } });
    await shop.work();
    expect(shop.queues.of('failed')[0]?.failure).toMatchObject({ code: 'TIME_LIMIT', retryable: false });
  });
});

/** A clip that takes some seconds with the slow preset. */
function longClip(): Buffer {
  return makeClip('long.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=12'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
  ]);
}

function slowPreset(): Preset {
  return presetOf([{ kind: 'video', name: 'out', video: { speed: 'slower', quality: { crf: 10 } } }]);
}

/** When ffmpeg has begun to read, after ffprobe. */
async function encoderReads(shop: Workshop): Promise<void> {
  while (shop.s3.ranges.length < 2) await once(shop.s3.events, 'read');
}
