import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRecord } from '../../core/job';
import { makeClip } from '../container/support/clips';
import { OTHERWISE, PipelineRun } from '../support/pipeline-run';

const SECONDS = 4;
const PRESET = {
  outputs: [
    { kind: 'video', name: 'small', video: { speed: 'ultrafast', size: { shortSide: 144 } }, audio: {} },
    { kind: 'still', name: 'poster' },
  ],
  task: { vcpu: 1, memoryGiB: 2 },
};

function clip(): Buffer {
  return makeClip('chunked.mp4', [
    ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=25:duration=${SECONDS}`],
    ...['-f', 'lavfi', '-i', `sine=duration=${SECONDS}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ]);
}

/** Frames that really come out when a video is decoded. */
function frames(video: Buffer): number {
  const folder = mkdtempSync(join(tmpdir(), 'spotreel-frames-'));
  try {
    const path = join(folder, 'video.mp4');
    writeFileSync(path, video);
    const { stdout } = spawnSync('ffprobe', [
      ...['-v', 'error', '-count_frames', '-select_streams', 'v', '-of', 'csv=p=0'],
      ...['-show_entries', 'stream=nb_read_frames', path],
    ]);
    return Number(stdout.toString().trim().replace(',', ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a source above the limit', () => {
  let run: PipelineRun;
  beforeAll(async () => {
    run = await PipelineRun.start({ context: OTHERWISE });
    await run.putPreset('cut', PRESET);
  }, 120_000);
  afterAll(async () => run.end());

  it('is cut, encoded by several tasks and put together with every frame, though one of them is killed', async () => {
    await run.put('long.mp4', clip(), { preset: 'cut' });
    const holder = (job: JobRecord): string | undefined =>
      job.orders
        .filter(({ work }) => work.kind === 'encode-chunk')
        .flatMap(({ attempts }) => attempts)
        .find(({ endedAt }) => endedAt === undefined)
        ?.taskArn.split('/')
        .at(-1);
    const working = await run.job('long.mp4', job => holder(job) !== undefined);
    await run.cloud.control('kill', { taskId: holder(working) }).catch(() => undefined);
    const job = await run.finished('long.mp4', 90_000);
    expect({ status: job.status, failure: job.failure }).toEqual({ status: 'done', failure: undefined });
    expect(job.cut?.chunks).toBeGreaterThanOrEqual(3);
    expect(job.outputs.map(({ fileName }) => fileName).sort()).toEqual(['poster.jpg', 'small.mp4']);
    expect(frames(await run.body('outbox', 'long.mp4/small.mp4'))).toBe(SECONDS * 25);
    expect(job.outputs.find(({ name }) => name === 'small')).toMatchObject({ audio: { codec: 'aac' } });
    await run.until(async () => ((await run.keys('state', 'work/')).length === 0 ? true : undefined));
  }, 120_000);
});
