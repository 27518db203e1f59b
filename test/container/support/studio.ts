import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrderInput } from '../../../core/order';
import type { Preset } from '../../../core/preset';
import type { Report } from '../../../core/report';
import { Workshop } from './workshop';

type Finished = Extract<Report, { kind: 'finished' }>;
type Failed = Extract<Report, { kind: 'failed' }>;

/** What ffprobe says of a file. */
export interface Seen {
  readonly streams: readonly Readonly<Record<string, unknown>>[];
  readonly format: { readonly duration?: string; readonly tags?: Readonly<Record<string, string>> };
  readonly chapters: readonly {
    readonly start_time?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }[];
}

/** A file that an order takes beside its source. */
export interface Further {
  readonly fileName: string;
  readonly body: Buffer;
  readonly use: OrderInput['use'];
  /** Of the version that is meant, where another lies there. */
  readonly etag?: string;
}

/** A workshop for one order, and the means to look at what it stored. */
export class Studio {
  private constructor(
    readonly shop: Workshop,
    readonly report: Finished | undefined,
    readonly failed: Failed | undefined,
  ) {}

  /** Carries out one order. @throws when it does not end well */
  static async make(
    source: Buffer,
    preset: Preset,
    further: readonly Further[] = [],
  ): Promise<Studio & { readonly report: Finished }> {
    const studio = await Studio.try(source, preset, further);
    if (studio.report === undefined) {
      await studio.close();
      throw new Error(JSON.stringify(studio.shop.queues.reports, undefined, 1));
    }
    return studio as Studio & { readonly report: Finished };
  }

  /** Carries out one order, which may fail. */
  static async try(source: Buffer, preset: Preset, further: readonly Further[] = []): Promise<Studio> {
    const shop = await Workshop.open();
    const inputs = further.map(({ fileName, body, use, etag }) => ({
      ...shop.input(fileName, body, use),
      ...(etag === undefined ? {} : { etag }),
    }));
    shop.queues.add(shop.order(source, preset, { inputs }));
    await shop.work();
    return new Studio(shop, shop.queues.of('finished')[0], shop.queues.of('failed')[0]);
  }

  async close(): Promise<void> {
    await this.shop.close();
  }

  /** A stored file. */
  body(fileName: string): Buffer {
    const stored = this.shop.s3.posted.find(({ fields }) => fields['key']?.endsWith(`/${fileName}`));
    if (stored === undefined) throw new Error(`${fileName} was not stored`);
    return stored.body;
  }

  /** Path of a stored file, written to the disk. */
  path(fileName: string): string {
    const path = join(this.shop.folder, fileName);
    writeFileSync(path, this.body(fileName));
    return path;
  }

  probe(fileName: string): Seen {
    return Studio.see(this.path(fileName));
  }

  static see(path: string): Seen {
    const args = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-show_chapters'];
    return JSON.parse(execFileSync('ffprobe', [...args, path], { encoding: 'utf8' })) as Seen;
  }

  /** Frames that can be decoded of a file. */
  static frames(file: Buffer): number {
    // Of a part of a file it says that more was announced.
    const args = ['-v', 'fatal', '-i', 'pipe:0', '-f', 'framecrc', '-'];
    const lines = execFileSync('ffmpeg', args, { input: file, encoding: 'utf8' }).split('\n');
    return lines.filter(line => line !== '' && !line.startsWith('#')).length;
  }

  /** One pixel of a stored file at a second, as red, green and blue. */
  pixel(fileName: string, at: { seconds: number; x: number; y: number }): [number, number, number] {
    return Studio.pixel(this.path(fileName), at);
  }

  static pixel(path: string, at: { seconds: number; x: number; y: number }): [number, number, number] {
    const bytes = execFileSync('ffmpeg', [
      ...['-v', 'error', '-ss', String(at.seconds), '-i', path],
      ...['-vf', `format=rgb24,crop=2:2:${at.x}:${at.y}:exact=1`, '-frames:v', '1'],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    ]);
    return [bytes[0] ?? -1, bytes[1] ?? -1, bytes[2] ?? -1];
  }

  /** The brightest value in a strip of a stored file at a second, from 0 to 255. */
  brightest(fileName: string, at: { seconds: number; top: number; height: number }): number {
    return Studio.brightest(this.path(fileName), at);
  }

  static brightest(path: string, at: { seconds: number; top: number; height: number }): number {
    const bytes = execFileSync('ffmpeg', [
      ...['-v', 'error', '-ss', String(at.seconds), '-i', path],
      ...['-vf', `format=gray,crop=iw:${at.height}:0:${at.top}`, '-frames:v', '1'],
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
    ]);
    return Math.max(...bytes);
  }
}
