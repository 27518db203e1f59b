import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Studio } from './studio';

/** What a worker stored of an adaptive output, laid out on the disk as it will lie in the outbox. */
export class PublishedTree {
  private constructor(
    readonly folder: string,
    /** Content type of each file, by its name. */
    readonly types: ReadonlyMap<string, string>,
  ) {}

  static of({ shop }: Pick<Studio, 'shop'>): PublishedTree {
    const folder = join(shop.folder, 'published');
    const types = new Map<string, string>();
    for (const { fields, body } of shop.s3.posted) {
      const fileName = (fields['key'] ?? '').split('/').slice(4).join('/');
      // What the order reports of itself lies above them.
      if (fileName === '') continue;
      types.set(fileName, fields['Content-Type'] ?? '');
      mkdirSync(dirname(join(folder, fileName)), { recursive: true });
      writeFileSync(join(folder, fileName), body);
    }
    return new PublishedTree(folder, types);
  }

  text(fileName: string): string {
    return readFileSync(join(this.folder, fileName), 'utf8');
  }

  /** Names of all files in a folder and below it. */
  filesBelow(folder: string): string[] {
    return [...this.types.keys()].filter(name => name.startsWith(`${folder}/`)).toSorted();
  }

  /** Attributes of the tags of a kind in a playlist, each with the line after it. */
  tags(fileName: string, tag: string): Readonly<Record<string, string>>[] {
    const lines = this.text(fileName).split('\n');
    return lines.flatMap((line, index) => {
      if (!line.startsWith(`#${tag}:`)) return [];
      const attributes = [...line.slice(tag.length + 2).matchAll(/([A-Z-]+)=("[^"]*"|[^,]*)/g)];
      return [
        {
          ...Object.fromEntries(
            attributes.map(([, key = '', value = '']) => [key, value.replaceAll('"', '')]),
          ),
          next: lines[index + 1] ?? '',
        },
      ];
    });
  }

  /** A stream joined to one file. @param folder such as `web/720p` */
  joined(folder: string): string {
    const path = join(this.folder, folder, 'joined.mp4');
    const segments = this.segments(folder).map(name => readFileSync(join(this.folder, folder, name)));
    writeFileSync(path, Buffer.concat([readFileSync(join(this.folder, folder, 'init.mp4')), ...segments]));
    return path;
  }

  /** Names of the segments in the order of the playlist. */
  segments(folder: string): string[] {
    return this.text(`${folder}/index.m3u8`)
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'));
  }

  /** Packets as ffprobe reads them from the joined segments. */
  packets(folder: string): { readonly pts: number; readonly isKey: boolean }[] {
    const out = execFileSync(
      'ffprobe',
      ['-v', 'error', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', this.joined(folder)],
      { encoding: 'utf8' },
    );
    return out
      .trim()
      .split('\n')
      .map(line => {
        const [pts, flags = ''] = line.split(',');
        return { pts: Number(pts), isKey: flags.startsWith('K') };
      });
  }
}
