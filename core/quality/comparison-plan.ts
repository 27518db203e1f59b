import type { FfmpegPlan, PlannedFile } from '../encode-plan';
import type { Join } from '../join/join';
import { pictureGraph } from '../picture-graph';
import type { Probe } from '../probe';
import type { VideoRendition } from '../video-rendition';
import { renditionBranches } from '../video-rendition';
import type { WatermarkImages } from '../watermark';
import { finishBranches, watermarkInputs } from '../watermark';
import type { Metric } from './metric';
import { METRICS } from './metric';

/** A file that was made, with the branch of the graph that gives its original. */
export interface Compared {
  readonly fileName: string;
  readonly branch: number;
  readonly metric: Metric;
}

/** The source as it went into the encoders of the files. */
export interface Originals {
  readonly inputOptions: readonly string[];
  readonly join?: Join | undefined;
  /** Images that were put on the pictures. */
  readonly moreInputs?: readonly PlannedFile[];
  /** Gives branch n as `[v<n>]`; there is a file for each. */
  readonly filterGraph: readonly string[];
}

const FILTERS: Readonly<Record<Metric, string>> = { ssim: 'ssim', psnr: 'psnr', vmaf: 'libvmaf' };
/** Frames are paired by their number: how they are timed differs between a source and a file. */
const BY_NUMBER = 'settb=expr=1/25,setpts=expr=N';

/** Compares encoded files with the source as it went into their encoder. What it prints is for `parseComparison`. */
export function planComparison(compared: readonly Compared[], originals: Originals): FfmpegPlan {
  const { moreInputs: images = [] } = originals;
  const branches = [...new Set(compared.map(({ branch }) => branch))];
  return {
    prints: true,
    inputOptions: originals.inputOptions,
    join: originals.join,
    moreInputs: [...images, ...compared.map(({ fileName }) => ({ fileName, options: [] }))],
    filterGraph: [
      ...originals.filterGraph,
      ...branches.map(branch => {
        const labels = compared.flatMap((file, at) => (file.branch === branch ? [`[r${at}]`] : []));
        return `[v${branch}]${BY_NUMBER},split=${labels.length}${labels.join('')}`;
      }),
      ...compared.flatMap(({ metric }, index) => [
        `[${images.length + index + 1}:v:0]${BY_NUMBER}[d${index}]`,
        `[d${index}][r${index}]${FILTERS[metric]}@q${index}=shortest=1[m${index}]`,
      ]),
    ],
    files: compared.map(({ fileName }, index) => ({
      fileName: `${fileName}.score`,
      options: ['-map', `[m${index}]`, '-f', 'null'],
    })),
  };
}

/** The source as it goes into the encoders of an output that is made whole. */
export function originalsOf(
  renditions: readonly VideoRendition[],
  { video, join }: Pick<Probe, 'video' | 'join'>,
  read: {
    readonly fromSeconds: number;
    readonly inputOptions: readonly string[];
    readonly images: WatermarkImages;
  },
): Originals {
  if (video === undefined) throw new Error('There is no picture to compare with');
  const { images } = read;
  const plain = renditionBranches(renditions, video, read.fromSeconds);
  return {
    inputOptions: read.inputOptions,
    join,
    moreInputs: watermarkInputs(images),
    filterGraph: pictureGraph(finishBranches(plain, renditions, { video, images }), video),
  };
}

const LINE =
  /^\[(?:ssim|psnr|libvmaf)@q(\d+) @ \w+\] (?:SSIM Y:(?<ssim>inf|[\d.]+)|PSNR .*average:(?<psnr>inf|[\d.]+)|VMAF score: (?<vmaf>[\d.]+))/;

/** Scores by the place of the file in the plan; those are left out of which nothing was printed. */
export function parseComparison(lines: readonly string[]): Map<number, number> {
  const scores = new Map<number, number>();
  for (const line of lines) {
    const match = LINE.exec(line);
    const [metric, text] = Object.entries(match?.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (match === null || metric === undefined || text === undefined) continue;
    const isPerfect = text === 'inf';
    scores.set(Number(match[1]), isPerfect ? METRICS[metric as Metric].perfect : Number(text));
  }
  return scores;
}
