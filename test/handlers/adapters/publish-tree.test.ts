import { S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { publishTree } from '../../../handlers/adapters/publish-tree';

const FILES = ['web/360p/init.mp4', 'web/360p/index.m3u8', 'web/360p/segment-00001.m4s'];
const PREFIX = 'work/job/encode/task-1/';
const sha256 = (body: string): string => createHash('sha256').update(body).digest('hex');

/** A state bucket with what a worker stored, and what was copied of it. */
class Buckets extends S3Client {
  readonly stored = new Map(FILES.map(name => [`${PREFIX}${name}`, `body of ${name}`]));
  readonly copied: string[] = [];

  constructor() {
    super({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
    this.stored.set(`${PREFIX}web/files.json`, listOf(FILES));
    this.middlewareStack.add(
      () => args => {
        const input = args.input as { Key: string; CopySource?: string };
        const key = input.CopySource?.replace('state/', '') ?? input.Key;
        const body = this.stored.get(key);
        if (body === undefined) throw Object.assign(new Error('none'), { name: 'NoSuchKey' });
        if (input.CopySource !== undefined) this.copied.push(input.Key);
        const output = {
          $metadata: {},
          Body: { transformToString: () => Promise.resolve(body) },
          CopyObjectResult: { ChecksumSHA256: Buffer.from(sha256(body), 'hex').toString('base64') },
        };
        return Promise.resolve({ response: {}, output });
      },
      { step: 'initialize', priority: 'high' },
    );
  }

  async publish(): Promise<string> {
    const list = this.stored.get(`${PREFIX}web/files.json`) ?? '';
    const rung = { codecs: 'avc1.64001e', width: 640, height: 360, frameRate: 25, averageBps: 1, peakBps: 1 };
    const fileName = 'web/files.json';
    const result = await publishTree(
      { s3: this, stateBucket: 'state', outboxBucket: 'outbox' },
      { jobId: 'job-2', outputPrefix: 'film.mp4' },
      {
        ...{ name: 'web', fileName: 'web/master.m3u8', key: `${PREFIX}web/master.m3u8` },
        tree: {
          list: {
            fileName,
            key: `${PREFIX}${fileName}`,
            sizeBytes: 1,
            sha256: this.listSha256 ?? sha256(list),
          },
          files: FILES.length,
          sizeBytes: 30,
          rungs: [{ name: '360p', ...rung }],
          sounds: [],
        },
        before: this.before,
      },
    );
    if (result.kind === 'superseded') return `superseded by ${result.byJobId}`;
    return result.kind === 'refused' ? result.why : `list in ${result.tree.list.key}`;
  }

  listSha256: string | undefined;
  /** The list that was published before, where something is added. */
  before: { readonly fileName: string; readonly key: string; sizeBytes: number; sha256: string } | undefined;

  /** What of the files was published before. */
  publishedBefore(names: readonly string[]): void {
    const list = listOf(names);
    const key = 'film.mp4/web/files.json';
    this.stored.set(key, list);
    this.before = { fileName: 'web/files.json', key, sizeBytes: 1, sha256: sha256(list) };
  }
}

function listOf(names: readonly string[]): string {
  const files = names.map(fileName => ({
    ...{ fileName, sizeBytes: 10, contentType: 'video/mp4' },
    sha256: sha256(`body of ${fileName}`),
  }));
  return JSON.stringify({ schema: 'spotreel.files/1', files });
}

describe('publishTree', () => {
  it('copies every file and the list below the output prefix', async () => {
    const buckets = new Buckets();
    expect(await buckets.publish()).toBe('list in film.mp4/web/files.json');
    expect(buckets.copied.toSorted()).toEqual(
      [...FILES, 'web/files.json'].map(name => `film.mp4/${name}`).toSorted(),
    );
  });

  it('refuses a list that is not the one that was reported, and copies nothing', async () => {
    const buckets = new Buckets();
    buckets.listSha256 = 'f'.repeat(64);
    expect(await buckets.publish()).toContain('the SHA-256 of its list is');
    expect(buckets.copied).toEqual([]);
  });

  it('refuses a segment that was changed after it was listed', async () => {
    const buckets = new Buckets();
    buckets.stored.set(`${PREFIX}${FILES[2] ?? ''}`, 'another body');
    expect(await buckets.publish()).toContain('web/360p/segment-00001.m4s: its SHA-256 is');
  });

  it('refuses a segment that is gone', async () => {
    const buckets = new Buckets();
    buckets.stored.delete(`${PREFIX}${FILES[2] ?? ''}`);
    expect(await buckets.publish()).toBe('web/360p/segment-00001.m4s: it is not in the state bucket');
  });

  describe('of an output that gets something added', () => {
    it('copies what is not there yet, and the list after it', async () => {
      const buckets = new Buckets();
      buckets.publishedBefore(FILES.slice(0, 2));
      for (const name of FILES.slice(0, 2)) buckets.stored.delete(`${PREFIX}${name}`);
      expect(await buckets.publish()).toBe('list in film.mp4/web/files.json');
      expect(buckets.copied).toEqual([`film.mp4/${FILES[2]}`, 'film.mp4/web/files.json']);
    });

    it('can be called again after all was copied', async () => {
      const buckets = new Buckets();
      buckets.publishedBefore(FILES.slice(0, 2));
      buckets.stored.set('film.mp4/web/files.json', listOf(FILES));
      expect(await buckets.publish()).toBe('list in film.mp4/web/files.json');
    });

    it('refuses when something else was published meanwhile', async () => {
      const buckets = new Buckets();
      buckets.publishedBefore(FILES.slice(0, 2));
      buckets.stored.set('film.mp4/web/files.json', listOf(FILES.slice(1)));
      expect(await buckets.publish()).toBe('its files were published anew meanwhile');
      expect(buckets.copied).toEqual([]);
    });
  });
});
