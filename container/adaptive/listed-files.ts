import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FILE_LIST } from '../../core/adaptive/packaging';
import type { CaptionRendition } from '../../core/adaptive/caption-files';
import { captionFiles, captionFolders } from '../../core/adaptive/caption-files';
import type { CaptionTrack } from '../../core/captions/track';
import type { FileList, ListedFile } from '../../core/file-list';
import type { TreeFacts } from '../../core/report';
import { contentType } from '../content-type';
import type { StoredFile } from '../upload';

export interface ListedOptions {
  /** Name of the output: all its files lie below. */
  readonly name: string;
  /** Where files are made. */
  readonly folder: string;
  /** Stores a file below its output's own name and takes it from the folder. */
  readonly keep: (file: { path: string; fileName: string }) => Promise<StoredFile>;
}

/** The files of an adaptive output as they are stored, and at last the list of them. */
export class ListedFiles {
  readonly #options: ListedOptions;
  readonly #files = new Map<string, ListedFile>();

  /** @param known files that are stored already */
  constructor(options: ListedOptions, known: readonly ListedFile[] = []) {
    this.#options = options;
    for (const file of known) this.#files.set(file.fileName, file);
  }

  /** Stores a file. @param fileName within the output */
  async keep(path: string, fileName: string): Promise<StoredFile> {
    const { name, keep } = this.#options;
    const listed = `${name}/${fileName}`;
    const stored = await keep({ path, fileName: listed });
    const { sizeBytes, sha256 } = stored;
    this.#files.set(listed, { fileName: listed, sizeBytes, sha256, contentType: contentType(listed) });
    return stored;
  }

  async write(fileName: string, text: string): Promise<StoredFile> {
    return this.keep(await this.#place(fileName, text), fileName);
  }

  /**
   * Stores captions, of which the playlist comes after all that it names.
   * @param all those that the output has then, in their order
   * @param tracks those to be stored, by the time of the output
   */
  async writeCaptions(
    all: readonly CaptionTrack['facts'][],
    tracks: readonly CaptionTrack[],
    lengths: { durationSeconds: number; segmentSeconds: number },
  ): Promise<CaptionRendition[]> {
    const folders = captionFolders(all);
    const made: CaptionRendition[] = [];
    for (const { facts, cues } of tracks) {
      const folder = folders[all.indexOf(facts)];
      if (folder === undefined) throw new Error('Captions are stored that the output does not have');
      let sizeBytes = 0;
      for (const [index, { fileName, text }] of captionFiles(cues, lengths).entries()) {
        const stored = await this.write(`${folder}/${fileName}`, text);
        if (index === 0) ({ sizeBytes } = stored);
      }
      made.push({ ...facts, folder, sizeBytes });
    }
    return made;
  }

  /** Stores the list. */
  async list(): Promise<Pick<TreeFacts, 'list' | 'files' | 'sizeBytes'>> {
    const files = [...this.#files.values()].sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
    const list: FileList = { schema: 'spotreel.files/1', files };
    const fileName = `${this.#options.name}/${FILE_LIST}`;
    const path = await this.#place(FILE_LIST, `${JSON.stringify(list, null, 1)}\n`);
    const { key, sizeBytes, sha256 } = await this.#options.keep({ path, fileName });
    return {
      list: { fileName, key, sizeBytes, sha256 },
      files: files.length,
      sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    };
  }

  async #place(fileName: string, text: string): Promise<string> {
    const path = join(this.#options.folder, this.#options.name, fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }
}
