import { intakeHandler } from '../../handlers/intake';
import { takeIn } from '../../handlers/take-in';
import { at } from '../support/builders';
import { s3Event, sqsEvent } from '../support/events';
import { ORDERS_OF_THREE } from '../support/orders';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud, upload } from '../support/memory-cloud';

const MANIFEST = '{"preset":"web","intro":"/brand/intro.mp4"}';
const KEYS = ['clips/cat.mp4', 'clips/cat.mp4.json', 'brand/intro.mp4'];

async function arrive(cloud: MemoryCloud, key: string): Promise<void> {
  upload(cloud, key, { text: MANIFEST });
  await intakeHandler(cloud)(sqsEvent(s3Event(key)));
}

describe('an intro', () => {
  it.each(ORDERS_OF_THREE)(
    'makes one job with its video in whatever order they come (%i %i %i)',
    async (...order) => {
      const cloud = memoryCloud();
      for (const index of order) await arrive(cloud, KEYS[index] ?? '');
      expect(cloud.job()).toMatchObject({
        status: 'accepted',
        inputs: [{ id: 'intro/0', key: 'brand/intro.mp4', use: { kind: 'part', place: 'intro' } }],
      });
      expect(cloud.state.waiting.size).toBe(0);
    },
  );

  it('that a job has named needs no manifest of its own, however often it is looked at', async () => {
    const cloud = memoryCloud();
    for (const key of KEYS) await arrive(cloud, key);
    cloud.state.now = at(7200);
    await takeIn(cloud, { videoKey: 'brand/intro.mp4', uploadedBy: 'unknown' });
    await arrive(cloud, 'brand/intro.mp4');
    expect([cloud.state.records.size, cloud.state.waiting.size]).toEqual([1, 0]);
  });

  it('that no job names is told of as a video without a manifest, which harms nobody', async () => {
    const cloud = memoryCloud();
    await arrive(cloud, 'brand/intro.mp4');
    cloud.state.now = at(3600);
    await takeIn(cloud, { videoKey: 'brand/intro.mp4', uploadedBy: 'unknown' });
    expect(cloud.job().problems).toMatchObject([
      { fix: expect.stringContaining('manifests can name it all the same') as string },
    ]);
  });

  it('that does not come is named with its field', async () => {
    const cloud = memoryCloud();
    for (const key of KEYS.slice(0, 2)) await arrive(cloud, key);
    cloud.state.now = at(3600);
    await takeIn(cloud, { videoKey: 'clips/cat.mp4', uploadedBy: 'unknown' });
    expect(cloud.job()).toMatchObject({
      status: 'rejected',
      problems: [{ pointer: '/intro', value: 'brand/intro.mp4' }],
    });
  });
});
