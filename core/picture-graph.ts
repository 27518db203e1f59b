import type { VideoStream } from './probe';
import { deinterlacing, isHdr, toneMapping } from './picture-filters';
import type { Dimensions } from './picture-size';

/** What is made of the decoded picture for one output. */
export interface PictureBranch {
  /** Before the size of the picture is changed: cuts, frame rate. */
  readonly early: readonly string[];
  /** From there to the encoder. */
  readonly late: readonly string[];
  /** Size as it is scaled to, in the position of the source. */
  readonly size: Dimensions;
  readonly keepHdr: boolean;
  /** What is put on it at last, for the encoder alone. */
  readonly overlay?: PictureOverlay;
  /** And what is drawn on it after that. */
  readonly last?: readonly string[];
  /** Number of the branch at whose end this one begins. Absent: it begins at the decoded source. */
  readonly from?: number;
}

/** A picture that is put on another. */
export interface PictureOverlay {
  /** Number of the input that it comes from. */
  readonly input: number;
  readonly filters: readonly string[];
  /** Of ffmpeg's overlay. */
  readonly options: string;
}

/**
 * The graph that decodes once and gives branch n as `[v<n>]`.
 * @param before filters that come before all others
 */
export function pictureGraph(
  branches: readonly PictureBranch[],
  video: VideoStream,
  before: readonly string[] = [],
): string[] {
  // Tone mapping is dear: once for all, unless one of them keeps HDR.
  const mapOnce = isHdr(video) && branches.every(({ keepHdr }) => !keepHdr);
  const sizes = branches.map(({ size }) => size);
  const largest = sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  const shared = [...before, ...deinterlacing(video), ...(mapOnce ? toneMapping(largest) : [])];
  const filtersOf = ({ early, late, keepHdr, size, from }: PictureBranch): readonly string[] => {
    const map = isHdr(video) && !mapOnce && !keepHdr && from === undefined;
    return [...early, ...(map ? toneMapping(size) : []), ...late];
  };
  const followers = (start: number | undefined): number[] =>
    branches.flatMap(({ from }, index) => (from === start ? [index] : []));
  /** A branch from where it begins, with what leaves it for the encoder and for other branches. */
  const chain = (index: number, input: string): string => {
    const branch = branches[index];
    const filters = branch === undefined ? [] : filtersOf(branch);
    const next = followers(index);
    const isFinished = branch?.overlay === undefined && (branch?.last ?? []).length === 0;
    const end = isFinished ? `[v${index}]` : `[o${index}]`;
    if (next.length === 0) return `${input}${filters.join(',')}${end}`;
    return `${input}${[...filters, `split=${next.length + 1}`].join(',')}${end}${labels(next)}`;
  };
  const roots = followers(undefined);
  const rest = branches.flatMap(({ from }, index) => (from === undefined ? [] : [index]));
  const source = `[0:${video.index}]`;
  const [first] = roots;
  const begin =
    roots.length === 1 && first !== undefined
      ? [chain(first, `${source}${shared.map(filter => `${filter},`).join('')}`)]
      : [
          `${source}${[...shared, `split=${roots.length}`].join(',')}${labels(roots)}`,
          ...roots.map(index => chain(index, label(index))),
        ];
  const finish = branches.flatMap(({ overlay, last = [] }, index) => {
    if (overlay === undefined) return last.length === 0 ? [] : [`[o${index}]${last.join(',')}[v${index}]`];
    return [
      `[${overlay.input}:v]${overlay.filters.join(',')}[w${index}]`,
      `[o${index}][w${index}]${[`overlay=${overlay.options}`, ...last].join(',')}[v${index}]`,
    ];
  });
  return [...begin, ...rest.map(index => chain(index, label(index))), ...finish];
}

/** Where branch n gets its picture. */
const label = (index: number): string => `[s${index}]`;
const labels = (indices: readonly number[]): string => indices.map(label).join('');
