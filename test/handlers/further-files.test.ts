import { intakeHandler } from '../../handlers/intake';
import { takeIn } from '../../handlers/take-in';
import { at } from '../support/builders';
import { s3Event, sqsEvent } from '../support/events';
import { ORDERS_OF_THREE } from '../support/orders';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud, upload } from '../support/memory-cloud';

const PRESET = JSON.stringify({ outputs: [{ kind: 'video', name: 'web', captions: {} }] });
const MANIFEST = '{"preset":"captioned","captions":[{"file":"cat.de.srt","language":"de"}]}';

function cloudWith(...keys: string[]): MemoryCloud {
  const cloud = memoryCloud();
  cloud.state.presets.set('captioned', PRESET);
  for (const key of keys) put(cloud, key);
  return cloud;
}

function put(cloud: MemoryCloud, key: string): void {
  upload(cloud, key, { text: MANIFEST });
}

const announce = (cloud: MemoryCloud, key: string) => intakeHandler(cloud)(sqsEvent(s3Event(key)));

describe('files that a manifest names', () => {
  const keys = ['clips/cat.mp4', 'clips/cat.mp4.json', 'clips/cat.de.srt'];

  it.each(ORDERS_OF_THREE)(
    'make one job with the video in whatever order they come (%i %i %i)',
    async (...order) => {
      const cloud = cloudWith();
      for (const index of order) {
        const key = keys[index] ?? '';
        put(cloud, key);
        await announce(cloud, key);
      }
      expect(cloud.job()).toMatchObject({
        status: 'accepted',
        inputs: [{ id: 'captions/0', key: 'clips/cat.de.srt', versionId: 'v1', use: { kind: 'captions' } }],
      });
      expect([cloud.state.waiting.size, cloud.state.wanted.size]).toEqual([0, 0]);
    },
  );

  it('are found by the sweep where their event is lost', async () => {
    const cloud = cloudWith('clips/cat.mp4', 'clips/cat.mp4.json');
    await announce(cloud, 'clips/cat.mp4.json');
    expect(cloud.state.records.size).toBe(0);
    put(cloud, 'clips/cat.de.srt');
    for (const videoKey of cloud.state.waiting) await takeIn(cloud, { videoKey, uploadedBy: 'unknown' });
    expect(cloud.job().status).toBe('accepted');
  });

  it('are waited for no longer than for a manifest, and then named with field, key and fix', async () => {
    const cloud = cloudWith('clips/cat.mp4', 'clips/cat.mp4.json');
    cloud.state.now = at(3600);
    await announce(cloud, 'clips/cat.mp4');
    expect(cloud.job()).toMatchObject({
      status: 'rejected',
      problems: [
        {
          pointer: '/captions/0/file',
          value: 'clips/cat.de.srt',
          fix: expect.stringContaining('none came within 60 minutes') as string,
        },
      ],
    });
  });

  it('are not waited for where the job would be rejected anyway', async () => {
    const cloud = cloudWith('clips/cat.mp4', 'clips/cat.mp4.json');
    cloud.state.presets.delete('captioned');
    await announce(cloud, 'clips/cat.mp4');
    expect(cloud.job().problems).toMatchObject([{ pointer: '/preset' }]);
  });

  it('are refused where the preset has no use for them', async () => {
    const cloud = cloudWith(...keys);
    cloud.state.presets.set('captioned', cloud.state.presets.get('web') ?? '');
    await announce(cloud, 'clips/cat.mp4');
    expect(cloud.job().problems).toMatchObject([{ pointer: '/captions' }]);
  });
});

describe('captions that are named after their video', () => {
  it('are taken along without a manifest that names them', async () => {
    const cloud = cloudWith('cat.mp4.fr.srt');
    upload(cloud, 'cat.mp4', { metadata: { preset: 'captioned' } });
    await announce(cloud, 'cat.mp4');
    expect(cloud.job().inputs).toMatchObject([{ id: 'beside/fr.srt', use: { language: 'fr' } }]);
  });

  it('alone are no upload that has to come to anything', async () => {
    const cloud = cloudWith('cat.srt');
    await announce(cloud, 'cat.srt');
    expect([cloud.state.records.size, cloud.state.waiting.size]).toEqual([0, 0]);
  });
});
