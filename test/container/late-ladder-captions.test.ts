import { settlePublish } from '../../core/completion';
import type { FoundFile } from '../../core/further-files';
import { filesBeside } from '../../core/further-files';
import type { JobRecord } from '../../core/job';
import { decideLateCaptions } from '../../core/late-captions';
import { workPrefix } from '../../core/order';
import { inputsOf } from '../../core/order-inputs';
import type { OutputFacts, Report } from '../../core/report';
import { checkResult } from '../../core/verify';
import { acceptedJob, makeSettings, START } from '../support/builders';
import { captionFile } from './support/captioned';
import { plainClip } from './support/clips';
import { PublishedTree } from './support/published-tree';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

type Finished = Extract<Report, { kind: 'finished' }>;

const PREFIX = 'clips/cat.mp4';
const srt = (text: string): string => `1\n00:00:00,500 --> 00:00:01,500\n${text}\n`;

/** A finished job with an adaptive output, and what its outbox holds. */
class Film {
  /** Files that the last addition stored. */
  stored: string[] = [];
  /** What completion finds wrong with the last addition, were its results others. */
  check: (changed: (made: OutputFacts) => OutputFacts) => string | undefined = () => undefined;
  readonly outbox = new Map<string, Buffer>();

  private constructor(
    private readonly studio: Studio,
    public job: JobRecord,
  ) {}

  static async make(fields: object = {}, beside: readonly object[] = []): Promise<Film> {
    const video = { speed: 'ultrafast' };
    const output = {
      kind: 'adaptive',
      name: 'web',
      video,
      rungs: [{ shortSide: 96 }],
      audio: {},
      captions: {},
    };
    const preset = presetOf([{ ...output, ...fields }, ...beside]);
    const german = captionFile('clip.de.srt', srt('Hallo'), { language: 'de' });
    const studio = await Studio.make(plainClip(), preset, [german]);
    const job = acceptedJob({ presetText: JSON.stringify(preset) });
    const film = new Film(studio, job);
    film.publish(studio.report, job);
    return film;
  }

  /** The tree as it lies in the outbox. */
  get tree(): PublishedTree {
    return PublishedTree.of(this.studio);
  }

  get master(): OutputFacts & { readonly tree: NonNullable<OutputFacts['tree']> } {
    const master = this.job.outputs.find(({ tree }) => tree !== undefined);
    if (master?.tree === undefined) throw new Error('there is no tree');
    return { ...master, tree: master.tree };
  }

  /** What becomes of a caption file that is named after the video. */
  async add(language: string, text: string): Promise<string | undefined> {
    const { shop } = this.studio;
    const key = `${PREFIX}.${language}.srt`;
    const [file] = filesBeside([key], { videoKey: PREFIX, named: [] });
    if (file === undefined) throw new Error(`${key} is no caption file`);
    const body = Buffer.from(text);
    const upload = { versionId: text, etag: text, sizeBytes: body.length, uploadedAt: START, head: body };
    const found: FoundFile[] = [{ file, upload }];
    const context = { now: START, settings: makeSettings(), failedBefore: [] };
    const late = decideLateCaptions(this.job, found, context);
    if (late.kind === 'nothing') return late.reason;
    const [order] = late.job.orders;
    if (order === undefined) throw new Error('there is no order');
    this.outbox.set(key, body);
    const inputs = inputsOf(late.job, order).map(({ input, location }) => ({
      ...shop.input(input.id, this.outbox.get(location.key) ?? Buffer.of(), input.use),
      ...(input.sha256 === undefined ? {} : { sha256: input.sha256 }),
    }));
    const known = shop.s3.posted.length;
    const keyPrefix = workPrefix(late.job.jobId, order.orderId);
    const { jobId } = late.job;
    shop.queues.add(
      shop.order(Buffer.from('no source is read'), late.job.preset?.content ?? presetOf([]), {
        ...{ jobId, orderId: order.orderId, work: order.work, inputs, access: shop.access({ keyPrefix }) },
      }),
    );
    await shop.work();
    const report = shop.queues.of('finished').at(-1);
    if (report?.jobId !== jobId) throw new Error(JSON.stringify(shop.queues.reports, undefined, 1));
    this.check = changed => checkResult(late.job, order, { ...report, outputs: report.outputs.map(changed) });
    expect(this.check(made => made)).toBeUndefined();
    this.stored = shop.s3.posted
      .slice(known)
      .map(({ fields }) => (fields['key'] ?? '').split('/').slice(4).join('/'))
      .filter(name => name !== '');
    this.publish(report, late.job);
    return undefined;
  }

  private publish({ outputs, source }: Finished, job: JobRecord): void {
    for (const { fields, body } of this.studio.shop.s3.posted) {
      const name = (fields['key'] ?? '').split('/').slice(4).join('/');
      this.outbox.set(`${PREFIX}/${name}`, body);
    }
    const result = {
      kind: 'published' as const,
      outputs: outputs.map(made => ({
        ...made,
        ...{ bucket: 'outbox', key: `${PREFIX}/${made.fileName}` },
        ...(made.tree && {
          tree: { ...made.tree, list: { ...made.tree.list, key: `${PREFIX}/${made.tree.list.fileName}` } },
        }),
      })),
    };
    const known = { ...job, ...(job.source && { source: { ...job.source, facts: source } }) };
    const context = { now: START, settings: makeSettings() };
    this.job = settlePublish(known, job.orders[0]?.orderId ?? '', { result, context });
  }

  async close(): Promise<void> {
    await this.studio.close();
  }
}

describe('captions that come after an adaptive output was published', () => {
  let film: Film;
  beforeAll(async () => {
    film = await Film.make();
  });
  afterAll(() => film.close());

  it('are stored before what tells of them, and nothing else is', async () => {
    const first = film.job;
    await film.add('fr', srt('Bonjour'));
    expect(film.stored).toEqual([
      ...['captions.vtt', 'segment-00001.vtt', 'index.m3u8'].map(name => `web/captions-fr/${name}`),
      ...['web/files.json', 'web/master.m3u8', 'web/manifest.mpd'],
    ]);
    expect([film.job.addsTo, film.job.status]).toEqual([first.jobId, 'done']);
    expect(first.outputs[0]?.tree?.captions).toMatchObject([{ language: 'de' }]);
  });

  it('stand in both manifests and in the list, beside those of before', async () => {
    const before = film.tree.text('web/master.m3u8');
    await film.add('it', srt('Ciao'));
    const { tree } = film;
    expect(tree.tags('web/master.m3u8', 'EXT-X-MEDIA').map(({ TYPE, NAME }) => `${TYPE} ${NAME}`)).toEqual([
      ...['AUDIO Audio 1', 'SUBTITLES Deutsch', 'SUBTITLES français', 'SUBTITLES italiano'],
    ]);
    const texts = [...tree.text('web/manifest.mpd').matchAll(/contentType="text" .*lang="(..)"/g)];
    expect(texts.map(([, language]) => language)).toEqual(['de', 'fr', 'it']);
    const others = (text: string): string[] => text.split('\n').filter(line => !line.includes('SUBTITLES'));
    expect(others(tree.text('web/master.m3u8'))).toEqual(others(before));
    const { files } = JSON.parse(tree.text('web/files.json')) as { files: { fileName: string }[] };
    expect(files).toHaveLength(film.master.tree.files);
    const names = files.map(({ fileName }) => fileName);
    for (const language of ['de', 'fr', 'it']) expect(names).toContain(`web/captions-${language}/index.m3u8`);
    expect(names).toContain('web/96p/segment-00001.m4s');
  });

  it.each<[string, Partial<OutputFacts['tree']>, string]>([
    ['captions of before are gone', { captions: undefined }, 'has lost the captions in captions-de'],
    ['a size is gone', { rungs: [] }, 'has other sizes or sounds than before'],
  ])('are refused when %s', (_what, change, reason) => {
    const told = film.check(made => (made.tree ? { ...made, tree: { ...made.tree, ...change } } : made));
    expect(told).toContain(reason);
  });

  it('are refused without the list of all files', () => {
    expect(film.check(({ tree: _tree, ...made }) => made)).toContain('has no list of its files');
  });

  it('take the place of what they correct', async () => {
    await film.add('fr', srt('Bonsoir'));
    expect(film.stored).toContain('web/captions-fr/segment-00001.vtt');
    expect(film.tree.text('web/captions-fr/captions.vtt')).toContain('Bonsoir');
    expect(film.master.tree.captions?.map(({ language }) => language)).toEqual(['de', 'fr', 'it']);
    expect(await film.add('fr', srt('Bonsoir'))).toBe('all captions are there already');
  });

  it('are not added where the preset has none', async () => {
    const plain = await Film.make({ captions: { tracks: false, burnIn: 'de' } });
    expect(await plain.add('fr', srt('Bonjour'))).toBe('nothing that was made takes captions afterwards');
  });
});

describe('captions that come after an excerpt and an MP4 were published', () => {
  let film: Film;
  const mp4 = (): OutputFacts | undefined => film.job.outputs.find(({ fileName }) => fileName === 'file.mp4');
  beforeAll(async () => {
    const video = { speed: 'ultrafast', quality: { target: { metric: 'ssim', score: 0.9 } } };
    film = await Film.make({ trim: { startSeconds: 1 } }, [
      { kind: 'video', name: 'file', video: { ...video, size: { shortSide: 90 } }, captions: {} },
    ]);
  });

  it('go by the time of the excerpt, and leave the MP4 its score', async () => {
    const { score } = mp4() ?? {};
    expect(score?.value).toBeGreaterThan(0.8);
    await film.add('fr', srt('Bonjour'));
    expect(film.tree.text('web/captions-fr/captions.vtt')).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nBonjour\n',
    );
    expect(mp4()).toMatchObject({ score, captions: [{ language: 'de' }, { language: 'fr' }] });
  });
});
