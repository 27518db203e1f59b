import type { FfmpegPlan } from './encode-plan';
import { deinterlacing } from './picture-filters';
import { fitPicture } from './picture-size';
import type { VideoStream } from './probe';

/** Where the best frame is looked for: later ones are seldom better and have to be read. */
const SEARCHED_SECONDS = 300;
/** Two candidates are at least this far apart: some codecs have nothing but key frames. */
const SPACING_SECONDS = 1;
const SAMPLE_BOX = { boxWidth: 320, boxHeight: 320, fit: 'inside' } as const;

/** Average brightness, from 16 to 235, below which a frame is black. */
const BLACK_BELOW = 32;
/** Difference between its dark and its bright parts below which a frame is blank. */
const BLANK_BELOW = 40;

export interface Candidate {
  readonly seconds: number;
  /** Width of edges in pixels: the higher, the more it is blurred. */
  readonly blur: number;
  readonly averageLuma: number;
  readonly contrast: number;
}

/** Measures the key frames and prints what `parseCandidates` reads. */
export function planBestFrame(video: VideoStream): FfmpegPlan {
  const { width, height } = fitPicture(video, SAMPLE_BOX);
  const filters = [
    `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${SPACING_SECONDS})`,
    ...deinterlacing(video),
    `scale=w=${width}:h=${height}:out_range=tv`,
    'format=yuv420p',
    'blurdetect=block_width=32:block_height=32',
    'signalstats',
    'metadata=mode=print',
  ];
  return {
    inputOptions: ['-skip_frame', 'nokey', '-t', String(SEARCHED_SECONDS)],
    filterGraph: [`[0:${video.index}]${filters.join(',')}[v0]`],
    files: [{ fileName: 'best-frame', options: ['-map', '[v0]', '-fps_mode', 'passthrough', '-f', 'null'] }],
    prints: true,
  };
}

/** Reads what the filters printed of each frame. */
export function parseCandidates(lines: readonly string[]): Candidate[] {
  const frames: Map<string, number>[] = [];
  for (const line of lines) {
    const message = /^\[Parsed_metadata\S* @ \S+\] (.*)$/.exec(line)?.[1];
    if (message === undefined) continue;
    const seconds = /pts_time:(\S+)/.exec(message)?.[1];
    if (seconds !== undefined) frames.push(new Map([['seconds', Number(seconds)]]));
    const [, name, value] = /^lavfi\.(blur|signalstats\.Y(?:AVG|LOW|HIGH))=(\S+)$/.exec(message) ?? [];
    if (name !== undefined) frames.at(-1)?.set(name, Number(value));
  }
  return frames.map(values => {
    const value = (name: string): number => {
      const found = values.get(name);
      return found !== undefined && Number.isFinite(found) ? found : 0;
    };
    return {
      seconds: Math.max(0, value('seconds')),
      blur: value('blur'),
      averageLuma: value('signalstats.YAVG'),
      contrast: value('signalstats.YHIGH') - value('signalstats.YLOW'),
    };
  });
}

/**
 * Second of the frame that shows most: the sharpest that is neither black nor blank,
 * else the one with the greatest contrast. Undefined without any.
 */
export function bestFrameSeconds(candidates: readonly Candidate[]): number | undefined {
  const good = candidates.filter(
    ({ averageLuma, contrast }) => averageLuma >= BLACK_BELOW && contrast >= BLANK_BELOW,
  );
  const best =
    good.length > 0
      ? good.reduce((a, b) => (b.blur < a.blur ? b : a))
      : candidates.reduce<Candidate | undefined>(
          (a, b) => (a === undefined || b.contrast > a.contrast ? b : a),
          undefined,
        );
  // Rounded down: a seek past the frame would find the next.
  return best === undefined ? undefined : Math.floor(best.seconds * 1000) / 1000;
}
