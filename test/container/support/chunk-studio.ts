import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chunk } from '../../../core/chunk';
import { chunkOrderId } from '../../../core/chunked-job';
import type { Order, OrderInput } from '../../../core/order';
import type { Preset } from '../../../core/preset';
import type { OutputFacts, Report } from '../../../core/report';
import type { Work } from '../../../core/work';
import { Workshop } from './workshop';

type Finished = Extract<Report, { kind: 'finished' }>;
type Planned = Extract<Report, { kind: 'planned' }>;

/** Chunks so short that a clip of seconds has several. */
export const SPLIT = { aboveSeconds: 1, chunkSeconds: 0.7 };

/** One source, encoded in chunks by one worker after another order, as a job would. */
export class ChunkStudio {
  readonly parts: OutputFacts[] = [];

  private constructor(
    readonly shop: Workshop,
    readonly source: Buffer,
    readonly preset: Preset,
  ) {}

  static async open(source: Buffer, preset: Preset): Promise<ChunkStudio> {
    return new ChunkStudio(await Workshop.open(), source, preset);
  }

  async close(): Promise<void> {
    await this.shop.close();
  }

  /** Lets the worker carry out one order; returns what it reported last of it. */
  async carryOut(orderId: string, work: Work, changes: Partial<Order> = {}): Promise<Report> {
    const { shop } = this;
    const order = shop.order(this.source, this.preset, { orderId, work, ...changes });
    const prefix = `work/job-1/${orderId}/`;
    shop.queues.add({ ...order, access: shop.access({ keyPrefix: prefix }) });
    const inputUrls = Object.fromEntries(
      this.parts.map(({ key }) => [
        key.replace('work/job-1/', '').replace('/task1-1/', '/'),
        shop.s3.url(key),
      ]),
    );
    shop.writeTicket({ schema: 'spotreel.ticket/1', generation: 1, inputUrls });
    await shop.work();
    const report = shop.queues.reports.findLast(({ kind }) => kind !== 'idle');
    if (report === undefined) throw new Error('The worker reported nothing');
    for (const { fields, body } of shop.s3.posted) shop.s3.objects.set(fields['key'] ?? '', body);
    return report;
  }

  /** The plan of the source. @throws when it is not cut */
  async plan(split = SPLIT): Promise<Planned> {
    const report = await this.carryOut('encode', { kind: 'encode-whole', split });
    if (report.kind !== 'planned') throw new Error(JSON.stringify(report, undefined, 1));
    return report;
  }

  /** All orders of a job that is cut. */
  async run(split = SPLIT): Promise<{ planned: Planned; assembled: Finished; rest: Finished }> {
    const planned = await this.plan(split);
    for (const chunk of planned.chunks)
      this.parts.push(...(await this.finish(chunkOrderId(chunk), { kind: 'encode-chunk', chunk })).outputs);
    const rest = await this.finish('rest', { kind: 'encode-rest' });
    this.parts.push(...rest.outputs.filter(({ isPart }) => isPart));
    return { planned, rest, assembled: await this.assemble(planned.chunks) };
  }

  async assemble(chunks: Chunk[]): Promise<Finished> {
    return this.finish('assemble', { kind: 'assemble' }, { chunks, inputs: this.inputs() });
  }

  /** The parts as the order that puts them together lists them. */
  inputs(): OrderInput[] {
    return this.parts.map(({ key, fileName, sizeBytes, sha256 }) => ({
      id: key.replace('work/job-1/', '').replace('/task1-1/', '/'),
      ...{ fileName, sizeBytes, sha256 },
    }));
  }

  async finish(orderId: string, work: Work, changes: Partial<Order> = {}): Promise<Finished> {
    const report = await this.carryOut(orderId, work, changes);
    if (report.kind !== 'finished') throw new Error(JSON.stringify(report, undefined, 1));
    return report;
  }

  /** A stored file. */
  body(fileName: string): Buffer {
    const key = [...this.shop.s3.objects.keys()].findLast(name => name.endsWith(`/${fileName}`));
    const body = this.shop.s3.objects.get(key ?? '');
    if (body === undefined) throw new Error(`${fileName} was not stored`);
    return body;
  }

  /** Path of a stored file, written to the disk. */
  path(fileName: string): string {
    const path = join(this.shop.folder, fileName);
    writeFileSync(path, this.body(fileName));
    return path;
  }
}

/** Times of a stream in seconds: `pts_time` in the order of presentation, `dts_time` as they lie in the file. */
export function timesOf(path: string, stream = 'v:0', which: 'pts_time' | 'dts_time' = 'pts_time'): number[] {
  const times = execFileSync(
    'ffprobe',
    ['-v', 'error', '-select_streams', stream, '-show_entries', `packet=${which}`, '-of', 'csv=p=0', path],
    { encoding: 'utf8' },
  )
    .split('\n')
    .map(line => Number.parseFloat(line))
    .filter(time => !Number.isNaN(time));
  return which === 'dts_time' ? times : times.sort((a, b) => a - b);
}

/** PSNR of each frame against that of the source, in dB. */
export function framePsnr(path: string, source: Buffer): number[] {
  const original = `${path}.source.mp4`;
  writeFileSync(original, source);
  const lines = execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', path, '-i', original],
      ...['-lavfi', '[0:v]setpts=N[a];[1:v]setpts=N[b];[a][b]psnr=stats_file=-', '-f', 'null', '-'],
    ],
    { encoding: 'utf8' },
  );
  return [...lines.matchAll(/psnr_avg:(\S+)/g)].map(([, value]) => (value === 'inf' ? 100 : Number(value)));
}
