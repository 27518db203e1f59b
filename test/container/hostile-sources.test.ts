import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { acceptedJob } from '../support/builders';
import { makeBaseClips } from '../support/hostile/base-clips';
import { cutOff } from '../support/hostile/cut-off';
import type { HostileSource } from '../support/hostile/hostile-source';
import { notMedia } from '../support/hostile/not-media';
import { strangeStreams } from '../support/hostile/strange-streams';
import { strangeTimes } from '../support/hostile/strange-times';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const VIDEO = presetOf([
  {
    ...{ kind: 'video', name: 'out', audio: {} },
    video: { size: { shortSide: 90 }, maxFrameRate: 60, speed: 'ultrafast' },
  },
]);
const SOUND = presetOf([{ kind: 'audio', name: 'out' }]);

const REQUESTED: string[] = [];
/** Rings when anything but the source is asked for. */
const tripwire = createServer((request, response) => {
  REQUESTED.push(request.url ?? '');
  response.end();
});
const guide = readFileSync(join(__dirname, '../../docs/input.md'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| '));

/** What came of it in a worker, in the form of the table of sources. */
async function outcome({
  bytes,
  forSound,
  orFailure,
  ends,
}: HostileSource): Promise<HostileSource['ends'] | string> {
  const studio = await Studio.try(bytes, forSound === true ? SOUND : VIDEO);
  await studio.close();
  const [output] = studio.report?.outputs ?? [];
  if (output !== undefined) {
    const { durationSeconds = 0, video } = output;
    const seconds = Math.round(durationSeconds);
    return video === undefined ? { seconds } : { seconds, size: `${video.width}x${video.height}` };
  }
  const failure = studio.failed?.failure;
  if (failure === undefined) return 'It was given back';
  if (failure.code === orFailure) return ends;
  return failure.retryable || failure.blame !== 'source' || failure.fix === ''
    ? `${failure.code} is not told as a fault of the file`
    : { failure: failure.code };
}

describe('a file that is no sound video', () => {
  let sources: HostileSource[] = [];

  beforeAll(async () => {
    await once(tripwire.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(tripwire.address() as AddressInfo).port}`;
    const base = makeBaseClips();
    sources = [...notMedia(base, url), ...cutOff(base), ...strangeTimes(base), ...strangeStreams(base, url)];
  });
  afterAll(() => tripwire.close());

  it('is rejected at intake where its first bytes tell', () => {
    const statuses = sources.map(({ what, bytes }) => [what, acceptedJob({ upload: bytes }).status]);
    expect(statuses).toEqual(
      sources.map(({ what, rejected }) => [what, rejected === true ? 'rejected' : 'accepted']),
    );
    expect(acceptedJob({ upload: Buffer.alloc(0) }).status).toBe('rejected');
  });

  it('comes out right in a worker or fails for a reason, and nothing else is fetched', async () => {
    const inWorker = sources.filter(({ ends }) => !('failure' in ends) || ends.failure !== 'UPLOAD_REJECTED');
    const outcomes: unknown[] = [];
    for (const source of inWorker) outcomes.push([source.row, source.what, await outcome(source)]);
    expect(outcomes).toEqual(inWorker.map(({ row, what, ends }) => [row, what, ends]));
    expect(REQUESTED).toEqual([]);
  }, 120_000);

  it('has its answer in the guide', () => {
    const missing = sources.filter(({ row, ends, rejected }) => {
      const line = guide.find(text => text.startsWith(`| ${row}`)) ?? '';
      const code = 'failure' in ends ? ends.failure : 'done';
      return !line.includes(`\`${code}\``) || (rejected === true && !line.includes('`UPLOAD_REJECTED`'));
    });
    expect(missing.map(({ row, what }) => `${row}: ${what}`)).toEqual([]);
  });
});
