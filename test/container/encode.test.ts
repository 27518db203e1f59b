import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Preset } from '../../core/preset';
import type { Report } from '../../core/report';
import {
  anamorphicClip,
  hdrClip,
  heldClip,
  plainClip,
  rotatedClip,
  silentClip,
  songWithCover,
  unevenClip,
} from './support/clips';
import { presetOf, shippedPreset, Workshop } from './support/workshop';

type Finished = Extract<Report, { kind: 'finished' }>;
type Failed = Extract<Report, { kind: 'failed' }>;

const VIDEO = { kind: 'video', name: 'small', video: { size: { shortSide: 90 } }, audio: {} };

describe('an order carried out with real ffmpeg', () => {
  let shop: Workshop;

  beforeEach(async () => (shop = await Workshop.open()));
  afterEach(() => shop.close());

  const run = async (source: Buffer, preset: Preset): Promise<void> => {
    shop.queues.add(shop.order(source, preset));
    await shop.work();
  };
  const finish = async (source: Buffer, preset: Preset): Promise<Finished> => {
    await run(source, preset);
    const [report] = shop.queues.of('finished');
    if (report === undefined) throw new Error(JSON.stringify(shop.queues.reports, undefined, 1));
    return report;
  };
  const fail = async (source: Buffer, preset: Preset): Promise<Failed['failure']> => {
    await run(source, preset);
    const [report] = shop.queues.of('failed');
    if (report === undefined) throw new Error(JSON.stringify(shop.queues.reports, undefined, 1));
    return report.failure;
  };
  /** What ffprobe says of a stored file. */
  const look = (index: number, entries: string): string => {
    const path = join(shop.folder, 'stored.mp4');
    writeFileSync(path, shop.s3.posted[index]?.body ?? Buffer.of());
    return execFileSync('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'default=nw=1', path], {
      encoding: 'utf8',
    });
  };

  it('makes several outputs in one go, and tells what they are', async () => {
    const still = { kind: 'still', name: 'poster' };
    const sound = { kind: 'audio', name: 'sound', audio: { channels: 1 } };
    const report = await finish(
      plainClip(),
      presetOf([VIDEO, { ...VIDEO, name: 'full', video: {} }, sound, still]),
    );
    expect(report.outputs).toMatchObject([
      { fileName: 'small.mp4', key: 'work/job-1/encode/task1-1/small.mp4', contentType: 'video/mp4' },
      { fileName: 'full.mp4', video: { codec: 'h264', width: 320, height: 180, frameRate: 25 } },
      {
        fileName: 'sound.m4a',
        contentType: 'audio/mp4',
        audio: { codec: 'aac', channels: 1, sampleRateHz: 44100 },
      },
      {
        fileName: 'poster.jpg',
        contentType: 'image/jpeg',
        video: { codec: 'mjpeg', width: 320, height: 180 },
      },
    ]);
    expect(report.outputs[0]?.video).toMatchObject({ width: 160, height: 90 });
    expect(report.outputs[0]?.durationSeconds).toBeCloseTo(2, 1);
    expect(report.source).toMatchObject({
      video: { codec: 'h264', width: 320 },
      audio: { codec: 'aac', channels: 1 },
    });
    expect(report.cpuSeconds).toBeGreaterThan(0);
    expect(report.bytesRead).toBeGreaterThanOrEqual(
      shop.s3.objects.get('source/clip.mp4')?.length ?? Infinity,
    );
  });

  it('ends with the message deleted, the progress told and nothing left on the disk', async () => {
    await finish(plainClip(), presetOf([VIDEO]));
    expect(shop.queues.removed).toEqual(['message-1']);
    expect(shop.queues.reports[0]?.kind).toBe('started');
    expect(shop.queues.reports.at(-1)).toMatchObject({ kind: 'idle', ordersDone: 1 });
    expect(await shop.leftovers()).toEqual([]);
  });

  it('writes a file that starts to play while it loads, with a key frame every two seconds', async () => {
    await finish(plainClip(), await shippedPreset('web-720p'));
    const body = shop.s3.posted[0]?.body ?? Buffer.of();
    expect(body.indexOf('moov')).toBeGreaterThan(0);
    expect(body.indexOf('moov')).toBeLessThan(body.indexOf('mdat'));
    expect(look(0, 'stream=profile,pix_fmt,color_range,color_space')).toContain('profile=High');
  });

  it('stands a phone video upright and forgets where it was taken', async () => {
    const report = await finish(rotatedClip(), await shippedPreset('web-1080p'));
    expect(report.source.video).toMatchObject({ width: 180, height: 320 });
    expect(report.outputs[0]?.video).toMatchObject({ width: 180, height: 320 });
    const facts = look(0, 'stream_side_data=rotation:format_tags:stream_tags');
    expect(facts).not.toMatch(/rotation=-?[1-9]/);
    expect(facts).not.toMatch(/48\.1374|At home/);
  });

  it('shows wide pixels as square ones', async () => {
    const report = await finish(anamorphicClip(), presetOf([{ kind: 'video', name: 'out' }]));
    expect(report.outputs[0]?.video).toMatchObject({ width: 640, height: 180 });
    expect(look(0, 'stream=sample_aspect_ratio')).toContain('sample_aspect_ratio=1:1');
  });

  it('makes a silent video of a silent source', async () => {
    const report = await finish(silentClip(), presetOf([VIDEO]));
    expect(report.outputs[0]?.audio).toBeUndefined();
  });

  it('maps HDR to eight bits of BT.709', async () => {
    await finish(
      hdrClip(),
      presetOf([
        { kind: 'video', name: 'out' },
        { kind: 'still', name: 'poster' },
      ]),
    );
    expect(look(0, 'stream=pix_fmt,color_transfer,color_space')).toBe(
      'pix_fmt=yuv420p\ncolor_space=bt709\ncolor_transfer=bt709\n',
    );
  });

  it('takes sound that is shorter than the picture for what it is', async () => {
    const report = await finish(unevenClip(), presetOf([VIDEO, { kind: 'audio', name: 'sound' }]));
    expect(report.outputs[0]?.durationSeconds).toBeCloseTo(5, 1);
    expect(report.outputs[1]?.durationSeconds).toBeCloseTo(2, 1);
  });

  it('does not take a last frame that is held for seconds for a missing end', async () => {
    const report = await finish(heldClip(), presetOf([VIDEO]));
    expect(report.source.durationSeconds).toBeCloseTo(5, 1);
    expect(report.outputs[0]?.durationSeconds).toBeGreaterThan(1.9);
  });

  it('takes the first frame when there is none at the wanted moment', async () => {
    const late = presetOf([{ kind: 'still', name: 'end', atPercent: 100 }]);
    const report = await finish(plainClip(), late);
    expect(report.outputs[0]?.sizeBytes).toBeGreaterThan(1000);
  });

  it('names the preset that fits when there is no picture; cover art is none', async () => {
    expect(await fail(songWithCover(), await shippedPreset('web-720p'))).toMatchObject({
      code: 'SOURCE_HAS_NO_VIDEO',
      retryable: false,
      blame: 'source',
      message: expect.stringContaining('cover art (mjpeg)') as string,
      fix: expect.stringContaining('audio-m4a') as string,
    });
  });

  it('refuses sound from a silent video', async () => {
    expect(await fail(silentClip(), await shippedPreset('audio-m4a'))).toMatchObject({
      code: 'SOURCE_HAS_NO_AUDIO',
      retryable: false,
    });
  });

  it('notices half a file, which encodes without an error', async () => {
    const whole = plainClip();
    const failure = await fail(
      whole.subarray(0, Math.floor(whole.length / 2)),
      await shippedPreset('web-720p'),
    );
    expect(failure).toMatchObject({ code: 'SOURCE_TRUNCATED', retryable: false, blame: 'source' });
  });

  it('notices a source that was replaced meanwhile', async () => {
    const order = shop.order(plainClip(), await shippedPreset('web-720p'));
    shop.s3.objects.set('source/clip.mp4', silentClip());
    shop.queues.add(order);
    await shop.work();
    expect(shop.queues.of('failed')[0]?.failure).toMatchObject({ code: 'SOURCE_CHANGED', retryable: false });
  });

  it('reads on after dropped connections as if nothing had been', async () => {
    shop.s3.faults.push({ dropAfterBytes: 20_000 }, { status: 503 }, { dropAfterBytes: 30_000 });
    const report = await finish(plainClip(), presetOf([VIDEO]));
    expect(report.outputs[0]?.durationSeconds).toBeCloseTo(2, 1);
  });

  it('may be tried again when the URL of the source is refused', async () => {
    shop.s3.faults.push({ status: 403 });
    expect(await fail(plainClip(), presetOf([VIDEO]))).toMatchObject({
      code: 'SOURCE_READ_FAILED',
      retryable: true,
      blame: 'service',
    });
  });

  it('tells which limit to set when an output is larger than can be uploaded', async () => {
    const order = shop.order(plainClip(), presetOf([VIDEO]));
    shop.queues.add({ ...order, access: { ...order.access, postMaxBytes: 1000 } });
    await shop.work();
    expect(shop.queues.of('failed')[0]?.failure).toMatchObject({
      code: 'OUTPUT_TOO_LARGE',
      retryable: false,
      fix: expect.stringContaining('maxBitrateKbps') as string,
    });
  });
});
