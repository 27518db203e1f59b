import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileListSchema } from '../../core/file-list';
import { METRICS } from '../../core/metrics';
import { spotreel } from '../cli/run';
import { largeClip, makeClip, plainClip, rotatedClip, silentClip } from '../container/support/clips';
import { OTHERWISE, PipelineRun } from '../support/pipeline-run';

const QUICK_VIDEO = { speed: 'ultrafast', size: { shortSide: 144 } };

/** Digests of picture and sound, and the languages of the captions. */
async function streams(mp4: Buffer): Promise<{ video: string; audio: string; captions: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'streams-'));
  try {
    const path = join(folder, 'clip.mp4');
    await writeFile(path, mp4);
    const digest = (kind: string): string =>
      execFileSync(
        'ffmpeg',
        ['-v', 'error', '-i', path, '-map', `0:${kind}`, '-c', 'copy', '-f', 'md5', '-'],
        { encoding: 'utf8' },
      );
    const args = [
      '-v',
      'error',
      '-select_streams',
      's',
      '-show_entries',
      'stream_tags=language',
      '-of',
      'csv=p=0',
    ];
    const captions = execFileSync('ffprobe', [...args, path], { encoding: 'utf8' })
      .trim()
      .split('\n');
    return { video: digest('v'), audio: digest('a'), captions };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the whole pipeline on the local cloud, nothing faked', () => {
  let run: PipelineRun;
  beforeAll(async () => {
    run = await PipelineRun.start();
  }, 120_000);
  afterAll(async () => run.end());

  it('makes of a video and its manifest what the preset says, verified, and tells the user', async () => {
    await run.put('clips/my clip+1%.MOV', plainClip());
    await run.put('clips/my clip+1%.MOV.json', '{"preset":"web-720p","user":"ada"}');
    const job = await run.finished('clips/my clip+1%.MOV');
    expect(job).toMatchObject({
      status: 'done',
      requestedBy: 'ada',
      source: { facts: { video: { width: 320, height: 180 } } },
      orders: [
        { state: 'finished', attempts: [{ outcome: 'finished', percent: expect.any(Number) as number }] },
      ],
      launches: [{ capacityProvider: 'FARGATE_SPOT', taskArn: expect.stringContaining(':task/') as string }],
    });
    const [output] = job.outputs;
    if (output === undefined) throw new Error('no output');
    const body = await run.body('outbox', output.key);
    expect(output.key).toBe('clips/my clip+1%.MOV/web-720p.mp4');
    expect(createHash('sha256').update(body).digest('hex')).toBe(output.sha256);
    expect(output).toMatchObject({
      sizeBytes: body.length,
      video: { codec: 'h264', width: 320, height: 180 },
      audio: { codec: 'aac' },
    });
    expect(Math.abs((output.durationSeconds ?? 0) - 2)).toBeLessThan(0.5);
    const summary = await run.until(async () =>
      (await run.exists('outbox', 'clips/my clip+1%.MOV.done.json')) ? true : undefined,
    );
    expect(summary).toBe(true);
  });

  it('stops the task, books what it was billed and leaves nothing behind but the record', async () => {
    const [receipt] = await run.until(async () => {
      const keys = await run.keys('state', 'receipts/');
      return keys.length > 0 ? keys : undefined;
    });
    const receiptBody = JSON.parse((await run.body('state', receipt ?? '')).toString()) as {
      billedSeconds: number;
    };
    expect(receiptBody.billedSeconds).toBeGreaterThanOrEqual(60);
    await run.until(async () => ((await run.keys('state', 'tasks/')).length === 0 ? true : undefined));
    expect([
      ...(await run.keys('state', 'work/')),
      ...(await run.keys('state', 'open/')),
      ...(await run.keys('state', 'waiting/')),
    ]).toEqual([]);
  });

  it('needs no manifest where the video names its preset, and turns phone video upright', async () => {
    await run.put('phone.mp4', rotatedClip(), { preset: 'web-1080p' });
    const job = await run.finished('phone.mp4');
    expect(job.status).toBe('done');
    expect(job.outputs[0]?.video).toMatchObject({ width: 180, height: 320 });
  });

  it('applies a preset that was uploaded a moment ago: several outputs of one decode', async () => {
    await run.putPreset('mine', {
      outputs: [
        { kind: 'video', name: 'small', video: QUICK_VIDEO, audio: {} },
        { kind: 'audio', name: 'sound' },
        { kind: 'still', name: 'poster' },
      ],
      task: { vcpu: 1, memoryGiB: 2 },
    });
    await run.put('a.mp4', plainClip());
    await run.put('a.mp4.json', '{"preset":"mine","outputPrefix":"out/put"}');
    const job = await run.finished('a.mp4');
    expect(job.outputs.map(({ key }) => key)).toEqual([
      'out/put/small.mp4',
      'out/put/sound.m4a',
      'out/put/poster.jpg',
    ]);
    expect(job.outputs[0]?.video).toMatchObject({ width: 256, height: 144 });
  });

  it('publishes every segment of an adaptive output, as it was made', async () => {
    const rungs = [{ shortSide: 180 }, { shortSide: 96 }];
    const output = { kind: 'adaptive', name: 'web', rungs, segmentSeconds: 2, audio: {} };
    await run.putPreset('ladder', { outputs: [output], task: { vcpu: 1, memoryGiB: 2 } });
    await run.put('films/f.mp4', plainClip());
    await run.put('films/f.mp4.json', '{"preset":"ladder"}');
    const job = await run.finished('films/f.mp4');
    expect(job.outputs.map(({ key }) => key)).toEqual([
      'films/f.mp4/web/master.m3u8',
      'films/f.mp4/web/manifest.mpd',
    ]);
    const list = job.outputs[0]?.tree?.list;
    expect(list?.key).toBe('films/f.mp4/web/files.json');
    const { files } = fileListSchema.parse(
      JSON.parse((await run.body('outbox', list?.key ?? '')).toString()),
    );
    const keys = await run.keys('outbox', 'films/f.mp4/web/');
    expect(keys).toHaveLength(files.length + 3);
    for (const { fileName, sha256 } of files) {
      const body = await run.body('outbox', `films/f.mp4/${fileName}`);
      expect([fileName, createHash('sha256').update(body).digest('hex')]).toEqual([fileName, sha256]);
    }
    const playlist = await run.head('outbox', 'films/f.mp4/web/master.m3u8');
    expect([playlist.contentType, playlist.cacheControl]).toEqual([
      'application/vnd.apple.mpegurl',
      'public, max-age=60',
    ]);
    const segment = await run.head('outbox', 'films/f.mp4/web/96p/segment-00001.m4s');
    expect([segment.contentType, segment.cacheControl]).toEqual([
      'video/iso.segment',
      'public, max-age=86400',
    ]);
  });

  it.each([
    ['an unknown preset', 'b.mp4', () => plainClip(), '{"preset":"web-721p"}', 'Did you mean "web-720p"?'],
    [
      'a text that is named .mp4',
      'c.mp4',
      () => Buffer.from('this is no video at all'),
      '{"preset":"web-720p"}',
      'is not a video or sound file',
    ],
  ])('rejects %s in the outbox and starts no task', async (_what, key, ...[body, manifest, fix]) => {
    await run.put(key, body());
    await run.put(`${key}.json`, manifest);
    const job = await run.finished(key);
    expect(job).toMatchObject({ status: 'rejected', launches: [] });
    await run.until(async () => ((await run.exists('outbox', `${key}.rejected.json`)) ? true : undefined));
    expect((await run.body('outbox', `${key}.rejected.json`)).toString()).toContain(
      fix.replaceAll('"', '\\"'),
    );
  });

  it('rejects a silent video of which only the sound is wanted, saying so', async () => {
    await run.put('silent.mp4', silentClip(), { preset: 'audio-m4a' });
    expect(await run.finished('silent.mp4')).toMatchObject({
      status: 'rejected',
      failure: { code: 'SOURCE_HAS_NO_AUDIO' },
      outputs: [],
    });
  });

  it('waits for the captions that a manifest names, and makes tracks and WebVTT of them, after an intro', async () => {
    await run.put('brand/intro.mp4', silentClip());
    await run.put('talk.mp4', plainClip());
    const captions = [{ file: 'words.srt', language: 'de' }];
    const video = { speed: 'ultrafast' };
    const ladder = { kind: 'adaptive', name: 'web', video, rungs: [{ shortSide: 96 }], captions: {} };
    await run.putPreset('talk', { extends: 'web-captions', outputs: [ladder] });
    await run.put('talk.mp4.json', JSON.stringify({ preset: 'talk', captions, intro: '/brand/intro.mp4' }));
    await run.until(async () => ((await run.keys('state', 'wanted/')).length > 0 ? true : undefined));
    await run.put('words.srt', '1\n00:00:00,500 --> 00:00:01,500\nGrüezi\n');
    const job = await run.finished('talk.mp4');
    expect(job.outputs).toMatchObject([
      { key: 'talk.mp4/web-captions.mp4', captions: [{ language: 'de' }] },
      { key: 'talk.mp4/captions.de.vtt' },
      { key: 'talk.mp4/web/master.m3u8', tree: { captions: [{ language: 'de' }] } },
      { key: 'talk.mp4/web/manifest.mpd' },
    ]);
    const text = await run.head('outbox', 'talk.mp4/web/captions-de/segment-00001.vtt');
    expect([text.contentType, text.cacheControl]).toEqual(['text/vtt', 'public, max-age=60']);
    expect((await run.body('outbox', 'talk.mp4/captions.de.vtt')).toString()).toContain(
      '00:00:02.500 --> 00:00:03.500\nGrüezi',
    );
    const parts = [{ fileName: 'intro.mp4', place: 'intro', durationSeconds: 2 }];
    expect(job.source?.facts).toMatchObject({ durationSeconds: 4, parts });
  });

  it('adds captions that come after the job to what it published, without encoding again', async () => {
    const { video, audio } = await streams(await run.body('outbox', 'talk.mp4/web-captions.mp4'));
    await run.put('talk.mp4.fr.srt', '1\n00:00:00,500 --> 00:00:01,500\nBonjour\n');
    const job = await run.job('talk.mp4', ({ addsTo, status }) => addsTo !== undefined && status === 'done');
    const languages = job.outputs.flatMap(({ key, captions, tree }) => {
      const told = captions ?? tree?.captions;
      return told === undefined ? [] : [[key, told.map(({ language }) => language)]];
    });
    expect(languages).toEqual([
      ['talk.mp4/captions.de.vtt', ['de']],
      ['talk.mp4/web/master.m3u8', ['de', 'fr']],
      ['talk.mp4/web-captions.mp4', ['de', 'fr']],
      ['talk.mp4/captions.fr.vtt', ['fr']],
    ]);
    const french = (await run.body('outbox', 'talk.mp4/captions.fr.vtt')).toString();
    expect(french).toContain('00:00:02.500 --> 00:00:03.500\nBonjour');
    const playlist = (await run.body('outbox', 'talk.mp4/web/master.m3u8')).toString();
    expect(playlist).toContain('URI="captions-fr/index.m3u8"');
    const segment = await run.body('outbox', 'talk.mp4/web/captions-fr/segment-00001.vtt');
    expect(segment.toString()).toContain('Bonjour');
    const after = await streams(await run.body('outbox', 'talk.mp4/web-captions.mp4'));
    expect(after).toEqual({ video, audio, captions: ['deu', 'fra'] });
    expect((await run.body('outbox', 'talk.mp4.done.json')).toString()).toContain(job.jobId);

    await run.put('talk.mp4.it.srt', 'no captions at all');
    await run.until(async () =>
      (await run.exists('outbox', 'talk.mp4.it.srt.rejected.json')) ? true : undefined,
    );
    expect((await run.body('outbox', 'talk.mp4.it.srt.rejected.json')).toString()).toContain(
      'talk.mp4.it.srt, line 1: Expected a time',
    );
    expect(await run.exists('outbox', 'talk.mp4.done.json')).toBe(true);
  });

  it('never says done of half a video', async () => {
    const whole = plainClip();
    await run.put('half.mp4', whole.subarray(0, Math.floor(whole.length / 2)), { preset: 'web-720p' });
    expect(await run.finished('half.mp4')).toMatchObject({
      status: 'rejected',
      // Its first bytes tell how long it should be: no task is started for it.
      failure: { code: 'UPLOAD_REJECTED', fix: expect.stringContaining('is cut off') as string },
      outputs: [],
    });
  });

  it('is looked into by the spotreel command, which finds it by its data directory', async () => {
    const ask = (...args: string[]): ReturnType<typeof spotreel> => spotreel(...args, '--data', run.dataDir);
    const list = await ask('job', 'list');
    expect(list.stdout).toMatch(/^\S+ +rejected .*audio-m4a +silent\.mp4$/m);
    expect(JSON.parse((await ask('job', 'list', '--limit', '1', '--json')).stdout)).toHaveLength(1);
    const [id = ''] = /^\S+(?= +done .* phone\.mp4$)/m.exec(list.stdout) ?? [];
    const shown = await ask('job', 'show', id);
    expect(shown.stdout).toMatch(/^\S+ \S+ {2}order whole finished after /m);
    const watched = await ask('job', 'watch', 'phone.mp4');
    expect(watched).toMatchObject({ code: 0, stderr: expect.stringContaining('100 %  done') as string });
    expect(watched.stdout).toMatch(/^web-1080p\.mp4 +h264 \+ aac +180×320 /m);
    expect(await ask('job', 'watch', 'silent.mp4')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The job was rejected: ') as string,
    });
    expect(await ask('job', 'show', 'none.mp4')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no job "none.mp4" in spotreel-state.') as string,
    });
    expect((await ask('local', 'sweep')).stdout).toBe('The sweep has run.\n');
    expect((await ask('local', 'state')).stdout).toMatch(/^JobsDone +\d+ +\d+$/m);
  });

  it('cancels a job that runs, and makes it anew when it is retried, both by the spotreel command', async () => {
    const ask = (...args: string[]): ReturnType<typeof spotreel> =>
      spotreel('job', ...args, '--data', run.dataDir);
    const video = { speed: 'slower', quality: { crf: 18 } };
    await run.putPreset('slow', { outputs: [{ kind: 'video', name: 'slow', video }] });
    await run.put('stop.mp4', largeClip(), { preset: 'slow' });
    await run.job('stop.mp4', job => job.status === 'running');
    expect(await ask('cancel', 'stop.mp4')).toMatchObject({ code: 0 });
    const cancelled = await run.job('stop.mp4', () => true);
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      failure: { code: 'CANCELLED_BY_USER' },
      outputs: [],
    });
    expect(await run.exists('outbox', 'stop.mp4.cancelled.json')).toBe(true);
    expect(await run.keys('state', `work/${cancelled.jobId}/`)).toEqual([]);
    expect(await ask('cancel', 'stop.mp4')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is cancelled already') as string,
    });

    expect(await ask('retry', 'stop.mp4')).toMatchObject({ code: 0 });
    expect(await run.finished('stop.mp4')).toMatchObject({ status: 'done', retryOf: cancelled.jobId });
    await run.until(async () => ((await run.exists('outbox', 'stop.mp4.done.json')) ? true : undefined));
    expect(await run.exists('outbox', 'stop.mp4.cancelled.json')).toBe(false);
    expect(await run.keys('state', 'control/')).toEqual([]);
  });

  it('emits only metrics of the catalogue, and no log line or metric holds anything signed', async () => {
    const state = (await run.cloud.control('state')) as { metrics: Record<string, unknown> };
    for (const name of [
      'JobsAccepted',
      'JobsDone',
      'JobsRejected',
      'UploadToDoneSeconds',
      'QueueWaitSeconds',
      'BilledTaskSeconds',
      'TaskLaunches',
    ]) {
      expect(Object.keys(state.metrics)).toContain(name);
    }
    expect(Object.keys(state.metrics).filter(name => !(name in METRICS))).toEqual([]);
    const logs = await run.logs();
    expect(logs.length).toBeGreaterThan(20);
    expect(
      logs.filter(line => /X-Amz-Signature|X-Amz-Security-Token|SecretAccessKey|"policy\W+ey/i.test(line)),
    ).toEqual([]);
  });
});

describe('an output larger than one upload may be', () => {
  it('goes up in parts and is published whole', async () => {
    const run = await PipelineRun.start({ context: OTHERWISE });
    try {
      const noise = [
        '-f',
        'lavfi',
        '-i',
        'nullsrc=size=640x360:rate=25:duration=2,geq=random(1)*255:128:128',
      ];
      const clip = makeClip('noise.mp4', [
        ...noise,
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
      ]);
      await run.putPreset('large', {
        outputs: [{ kind: 'video', name: 'large', video: { speed: 'ultrafast', quality: { crf: 10 } } }],
      });
      await run.put('noise.mp4', clip, { preset: 'large' });
      const job = await run.finished('noise.mp4');
      expect(job).toMatchObject({
        status: 'done',
        results: [{ parts: [{ partNumber: 1 }, { partNumber: 2 }] }],
      });
      const body = await run.body('outbox', 'noise.mp4/large.mp4');
      expect(body.length).toBeGreaterThan(5 * 1024 ** 2);
      expect(createHash('sha256').update(body).digest('hex')).toBe(job.outputs[0]?.sha256);
    } finally {
      await run.end();
    }
  });
});
