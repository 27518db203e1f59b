import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptionRendition } from '../../core/adaptive/caption-files';
import { captionSegmentSeconds, captionsOf } from '../../core/adaptive/caption-files';
import { dashManifest } from '../../core/adaptive/dash';
import { withTextSets } from '../../core/adaptive/dash-captions';
import { iFramePlaylist, masterPlaylist, mediaPlaylist } from '../../core/adaptive/hls';
import { withSubtitles } from '../../core/adaptive/hls-captions';
import { I_FRAME_PLAYLIST, MEDIA_PLAYLIST, renditionFolder } from '../../core/adaptive/packaging';
import { presentationOf, probeOfPresentation, streamIds } from '../../core/adaptive/presentation';
import type { Presentation } from '../../core/adaptive/track';
import { bitRate, frameRate } from '../../core/adaptive/track';
import type { CaptionTrack } from '../../core/captions/track';
import { shownSeconds } from '../../core/captions/track';
import { fileNames } from '../../core/output-files';
import type { AdaptiveOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import type { TreeFacts } from '../../core/report';
import type { MadeFile } from '../made-files';
import type { ListedOptions } from './listed-files';
import { ListedFiles } from './listed-files';
import { SegmentIntake } from './segment-intake';

/** `folder`: where ffmpeg writes, too. */
export interface AdaptiveOptions extends Omit<ListedOptions, 'name'> {
  readonly output: AdaptiveOutput;
  readonly source: Probe;
  /** All that the outputs can take. */
  readonly captions: readonly CaptionTrack[];
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
  readonly #files: ListedFiles;

  /** Stores segments from now on. */
  constructor(options: AdaptiveOptions) {
    this.#options = options;
    const { output, source, folder, keep } = options;
    this.#files = new ListedFiles({ name: output.name, folder, keep });
    this.#intake = new SegmentIntake({
      folder,
      ids: streamIds(output, source),
      keep: ({ id, path, fileName }) => this.#files.keep(path, `${renditionFolder(id)}/${fileName}`),
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
    const probe = probeOfPresentation(presentation);
    // As it is reported: captions that come later are cut by that.
    const durationSeconds = lastingSeconds(probe) ?? 0;
    const captions = await this.#writeCaptions(durationSeconds);
    const tree = await this.#tree(presentation, captions);
    const texts = [
      withSubtitles(masterPlaylist(presentation), captions),
      withTextSets(dashManifest(presentation), captions, durationSeconds),
    ];
    const made: MadeFile[] = [];
    for (const [index, fileName] of fileNames(output, 1).entries()) {
      await writeFile(join(folder, fileName), texts[index] ?? '');
      made.push({ output, fileName, probe, ...(index === 0 ? { tree } : {}) });
    }
    return made;
  }

  async #writePlaylists({ videos, audios }: Presentation): Promise<void> {
    for (const track of [...videos, ...audios])
      await this.#files.write(`${track.folder}/${MEDIA_PLAYLIST}`, mediaPlaylist(track));
    for (const track of videos)
      await this.#files.write(`${track.folder}/${I_FRAME_PLAYLIST}`, iFramePlaylist(track));
  }

  async #writeCaptions(durationSeconds: number): Promise<CaptionRendition[]> {
    const { output, source, captions } = this.#options;
    const tracks = captionsOf(output, captions, shownSeconds(source));
    const all = tracks.map(({ facts }) => facts);
    const segmentSeconds = captionSegmentSeconds(output);
    return this.#files.writeCaptions(all, tracks, { durationSeconds, segmentSeconds });
  }

  async #tree(presentation: Presentation, captions: CaptionRendition[]): Promise<TreeFacts> {
    return {
      ...(await this.#files.list()),
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
      ...(captions.length === 0 ? {} : { captions }),
    };
  }
}
