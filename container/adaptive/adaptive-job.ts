import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dashManifest } from '../../core/adaptive/dash';
import { iFramePlaylist, masterPlaylist, mediaPlaylist } from '../../core/adaptive/hls';
import { FILE_LIST, I_FRAME_PLAYLIST, MEDIA_PLAYLIST, renditionFolder } from '../../core/adaptive/packaging';
import { presentationOf, probeOfPresentation, streamIds } from '../../core/adaptive/presentation';
import type { Presentation } from '../../core/adaptive/track';
import { bitRate, frameRate } from '../../core/adaptive/track';
import type { FileList, ListedFile } from '../../core/file-list';
import { fileNames } from '../../core/output-files';
import type { AdaptiveOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import type { TreeFacts } from '../../core/report';
import type { MadeFile } from '../made-files';
import { contentType } from '../content-type';
import type { StoredFile } from '../upload';
import { SegmentIntake } from './segment-intake';

export interface AdaptiveOptions {
  readonly output: AdaptiveOutput;
  readonly source: Probe;
  /** Where ffmpeg writes. */
  readonly folder: string;
  /** Stores a file below its output's own name and takes it from the folder. */
  readonly keep: (file: { path: string; fileName: string }) => Promise<StoredFile>;
}

/**
 * Runs an encoder whose segments are stored meanwhile, and ends it when one of them can't be.
 * @throws its error, or why a segment could not be stored
 */
export async function whileStoring<Result>(
  jobs: readonly AdaptiveJob[],
  encode: (failed: readonly AbortSignal[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await encode(jobs.map(({ failed }) => failed));
  } catch (error) {
    // It was stopped because of this.
    jobs.forEach(({ failed }) => failed.throwIfAborted());
    throw error;
  } finally {
    await Promise.all(jobs.map(job => job.stop()));
  }
}

/** An adaptive output in the making: from the first segment to the playlists over all of them. */
export class AdaptiveJob {
  readonly #options: AdaptiveOptions;
  readonly #intake: SegmentIntake;
  readonly #files: ListedFile[] = [];

  /** Stores segments from now on. */
  constructor(options: AdaptiveOptions) {
    this.#options = options;
    const { output, source, folder } = options;
    this.#intake = new SegmentIntake({
      folder,
      ids: streamIds(output, source),
      keep: ({ id, path, fileName }) => this.#keep(path, `${output.name}/${renditionFolder(id)}/${fileName}`),
    });
  }

  get output(): AdaptiveOutput {
    return this.#options.output;
  }

  /** Given when a file could not be stored. */
  get failed(): AbortSignal {
    return this.#intake.failed;
  }

  /** Always to be called. */
  async stop(): Promise<void> {
    await this.#intake.stop();
  }

  /** Completes the output after its encoder has ended. What it returns lies in the folder still, for players begin with it. */
  async finish(): Promise<MadeFile[]> {
    const { output, source, folder } = this.#options;
    const tracks = await this.#intake.finish();
    const presentation = presentationOf(output, source, tracks);
    await this.#writePlaylists(presentation);
    const tree = await this.#writeList(presentation);
    const probe = probeOfPresentation(presentation);
    const texts = [masterPlaylist(presentation), dashManifest(presentation)];
    const made: MadeFile[] = [];
    for (const [index, fileName] of fileNames(output, 1).entries()) {
      await writeFile(join(folder, fileName), texts[index] ?? '');
      made.push({ output, fileName, probe, ...(index === 0 ? { tree } : {}) });
    }
    return made;
  }

  async #writePlaylists({ videos, audios }: Presentation): Promise<void> {
    const { name } = this.output;
    for (const track of [...videos, ...audios])
      await this.#write(`${name}/${track.folder}/${MEDIA_PLAYLIST}`, mediaPlaylist(track));
    for (const track of videos)
      await this.#write(`${name}/${track.folder}/${I_FRAME_PLAYLIST}`, iFramePlaylist(track));
  }

  async #writeList(presentation: Presentation): Promise<TreeFacts> {
    const files = this.#files.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1));
    const list: FileList = { schema: 'spotreel.files/1', files };
    const fileName = `${this.output.name}/${FILE_LIST}`;
    const path = await this.#place(fileName, `${JSON.stringify(list, null, 1)}\n`);
    const { key, sizeBytes, sha256 } = await this.#options.keep({ path, fileName });
    return {
      list: { fileName, key, sizeBytes, sha256 },
      files: this.#files.length,
      sizeBytes: this.#files.reduce((sum, file) => sum + file.sizeBytes, 0),
      rungs: presentation.videos.map(video => ({
        name: video.folder,
        codecs: video.init.codecs,
        width: video.init.width,
        height: video.init.height,
        frameRate: frameRate(video),
        ...bitRate(video),
      })),
      sounds: presentation.audios.map(({ folder, init, language }) => ({
        name: folder,
        codecs: init.codecs,
        channels: init.channels,
        ...(language === undefined ? {} : { language }),
      })),
    };
  }

  async #write(fileName: string, text: string): Promise<void> {
    await this.#keep(await this.#place(fileName, text), fileName);
  }

  async #place(fileName: string, text: string): Promise<string> {
    const path = join(this.#options.folder, fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  async #keep(path: string, fileName: string): Promise<StoredFile> {
    const stored = await this.#options.keep({ path, fileName });
    const { sizeBytes, sha256 } = stored;
    this.#files.push({ fileName, sizeBytes, sha256, contentType: contentType(fileName) });
    return stored;
  }
}
