import type { JobRecord } from '../../core/job';
import { jobRecordSchema } from '../../core/job';
import { takeInCaptions } from '../../handlers/late-captions';
import { completionHandler } from '../../handlers/completion';
import { intakeHandler } from '../../handlers/intake';
import { makeOutput, makeReport, SOURCE_FACTS } from '../support/builders';
import { s3Event, sqsEvent } from '../support/events';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud, upload } from '../support/memory-cloud';

const PRESET = JSON.stringify({
  outputs: [
    { kind: 'video', name: 'web', captions: {} },
    { kind: 'captions', name: 'text' },
  ],
});

/** A cloud in which the video is done, made without any captions. */
async function cloudWithVideo(): Promise<{ cloud: MemoryCloud; base: JobRecord }> {
  const cloud = memoryCloud();
  cloud.state.presets.set('web', PRESET);
  upload(cloud, 'cat.mp4', { metadata: { preset: 'web' } });
  await announce(cloud, 'cat.mp4');
  await finish(cloud, newest(cloud));
  return { cloud, base: newest(cloud) };
}

const announce = (cloud: MemoryCloud, key: string) => intakeHandler(cloud)(sqsEvent(s3Event(key)));

function newest(cloud: MemoryCloud): JobRecord {
  const id = [...cloud.state.records.keys()].sort().at(-1) ?? '';
  const job = cloud.state.records.get(id)?.job;
  if (job === undefined) throw new Error('there is no record');
  return jobRecordSchema.parse(job);
}

async function finish(cloud: MemoryCloud, job: JobRecord): Promise<void> {
  const [order] = job.orders;
  const deliveryId = '1-1';
  const work = order?.work;
  const added = work?.kind === 'add-captions' ? work.captionIds.map(id => id.slice(-6, -4)) : [];
  const key = (fileName: string): string =>
    `work/${job.jobId}/${order?.orderId ?? ''}/${deliveryId}/${fileName}`;
  const before = work?.kind === 'add-captions' ? (work.source.captions ?? []) : [];
  const captions = [...before, ...added.map(language => ({ language }))];
  const outputs = [
    makeOutput(deliveryId, { key: key('web.mp4'), captions }),
    ...added.map(language => {
      const { video: _video, durationSeconds: _seconds, ...text } = makeOutput(deliveryId);
      const fileName = `text.${language}.vtt`;
      return { ...text, name: 'text', fileName, key: key(fileName), contentType: 'text/vtt' };
    }),
  ];
  const report = makeReport('finished', {
    jobId: job.jobId,
    orderId: order?.orderId ?? '',
    source: { ...SOURCE_FACTS, ...(captions.length === 0 ? {} : { captions }) },
    outputs,
  });
  await completionHandler(cloud)(sqsEvent(report));
}

describe('captions that come after their video is done', () => {
  it('become a job of their own that adds to the published outputs', async () => {
    const { cloud, base } = await cloudWithVideo();
    upload(cloud, 'cat.mp4.de.srt');
    await announce(cloud, 'cat.mp4.de.srt');
    const addition = newest(cloud);
    expect(addition).toMatchObject({
      addsTo: base.jobId,
      status: 'accepted',
      orders: [
        {
          work: {
            kind: 'add-captions',
            captionIds: ['beside/de.srt'],
            published: [{ inputId: 'published/web', outputName: 'web' }],
          },
        },
      ],
      inputs: [
        { key: 'cat.mp4.de.srt' },
        { bucket: 'outbox', key: 'cat.mp4/web.mp4', sha256: 'a'.repeat(64) },
      ],
    });
    expect(addition.jobId > base.jobId).toBe(true);
    await finish(cloud, addition);
    expect(newest(cloud)).toMatchObject({
      status: 'done',
      outputs: [{ fileName: 'web.mp4' }, { fileName: 'text.de.vtt' }],
    });
    expect([...cloud.state.summaries.keys()]).toEqual(['cat.mp4.done.json']);
  });

  it('are added once, however often they are told of', async () => {
    const { cloud } = await cloudWithVideo();
    upload(cloud, 'cat.mp4.de.srt');
    for (let count = 0; count < 3; count += 1) await announce(cloud, 'cat.mp4.de.srt');
    await finish(cloud, newest(cloud));
    await announce(cloud, 'cat.mp4.de.srt');
    expect(cloud.state.records.size).toBe(2);
  });

  it('wait for each other, so that none is lost', async () => {
    const { cloud } = await cloudWithVideo();
    upload(cloud, 'cat.mp4.de.srt');
    await announce(cloud, 'cat.mp4.de.srt');
    const first = newest(cloud);
    upload(cloud, 'cat.mp4.fr.srt');
    await announce(cloud, 'cat.mp4.fr.srt');
    expect(newest(cloud).jobId).toBe(first.jobId);
    expect([...cloud.state.waiting]).toEqual(['cat.mp4.fr.srt']);
    await finish(cloud, first);
    await takeInCaptions(cloud, 'cat.mp4.fr.srt');
    await finish(cloud, newest(cloud));
    expect(newest(cloud)).toMatchObject({ addsTo: first.jobId, status: 'done' });
    expect(newest(cloud).outputs.map(({ fileName }) => fileName)).toEqual([
      'text.de.vtt',
      'web.mp4',
      'text.fr.vtt',
    ]);
    expect(cloud.state.waiting.size).toBe(0);
  });

  it('that are broken are rejected under their own name; corrected, they are tried again', async () => {
    const { cloud } = await cloudWithVideo();
    upload(cloud, 'cat.mp4.de.srt');
    await announce(cloud, 'cat.mp4.de.srt');
    const broken = newest(cloud);
    const failure = {
      code: 'CAPTIONS_UNREADABLE',
      message: 'x',
      fix: 'y',
      retryable: false,
      blame: 'source',
    } as const;
    const report = makeReport('failed', { jobId: broken.jobId, orderId: 'captions', failure });
    await completionHandler(cloud)(sqsEvent(report));
    expect([...cloud.state.summaries.keys()].sort()).toEqual([
      'cat.mp4.de.srt.rejected.json',
      'cat.mp4.done.json',
    ]);
    await announce(cloud, 'cat.mp4.de.srt');
    expect(newest(cloud).jobId).toBe(broken.jobId);
    upload(cloud, 'cat.mp4.de.srt', { versionId: 'v2' });
    const corrected = cloud.state.videos.get('cat.mp4.de.srt');
    if (corrected !== undefined) cloud.state.videos.set('cat.mp4.de.srt', { ...corrected, etag: '"e2"' });
    await announce(cloud, 'cat.mp4.de.srt');
    expect(cloud.state.records.size).toBe(3);
    expect(cloud.state.open.size).toBe(1);
  });

  it('wait for a video that is still worked on, but not for ever', async () => {
    const cloud = memoryCloud();
    cloud.state.presets.set('web', PRESET);
    upload(cloud, 'cat.mp4', { metadata: { preset: 'web' } });
    await announce(cloud, 'cat.mp4');
    upload(cloud, 'cat.mp4.de.srt');
    await announce(cloud, 'cat.mp4.de.srt');
    expect([...cloud.state.waiting]).toEqual(['cat.mp4.de.srt']);
    cloud.state.now = new Date(cloud.state.now.getTime() + 25 * 3_600_000);
    await takeInCaptions(cloud, 'cat.mp4.de.srt');
    expect([cloud.state.waiting.size, cloud.state.records.size]).toEqual([0, 1]);
  });
});
