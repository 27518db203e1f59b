import { lowerBound } from './lower-bound';
import type { KeyFrame } from './packet-table';
import type { Rational } from './time-base';
import { toSeconds } from './time-base';
import { GOP_SECONDS } from './video-encoders';

/** Chunks of one source at most; of a longer one they are longer. */
const MOST_CHUNKS = 240;
/** Share of a chunk by which its edge may be moved to a better place. */
const LEEWAY = 0.25;
/** What a second off the even length weighs against a second that is decoded in vain. */
const UNEVENNESS_WEIGHT = 0.1;
/** Shorter chunks would differ too much in length if they began where key frames of the outputs are due. */
const LEAST_GOPS = 3;

interface Frames {
  /** Of the frames to be cut, ascending. */
  readonly pts: Float64Array;
  readonly endPts: number;
  readonly keys: readonly KeyFrame[];
  readonly timeBase: Rational;
  /** Time stamp from which the key frames of the outputs are due. */
  readonly startPts: number;
  readonly chunkSeconds: number;
}

/**
 * Numbers of the frames with which chunks begin, the first is 0: of about even length, where a key frame of the outputs
 * is due anyway, and as little as possible after a key frame of the source, since all between is decoded twice.
 */
export function chunkEdges(frames: Frames): number[] {
  const { pts, endPts, timeBase, chunkSeconds } = frames;
  const first = pts[0];
  if (first === undefined) return [];
  const length = endPts - first;
  const wanted = Math.round(toSeconds(length, timeBase) / chunkSeconds);
  const count = Math.min(MOST_CHUNKS, pts.length, Math.max(2, wanted));
  const onGrid = toSeconds(length, timeBase) / count >= GOP_SECONDS * LEAST_GOPS;
  const edges = [0];
  for (let index = 1; index < count; index += 1) {
    const ideal = first + (length * index) / count;
    const leeway = (length / count) * LEEWAY;
    const edge = bestEdge(frames, { from: ideal - leeway, ideal, to: ideal + leeway, onGrid });
    if (edge !== undefined && edge > (edges.at(-1) ?? 0)) edges.push(edge);
  }
  return edges;
}

function bestEdge(
  { pts, keys, timeBase, startPts }: Frames,
  window: { from: number; ideal: number; to: number; onGrid: boolean },
): number | undefined {
  const nthGop = (at: number): number => gopNumber(toSeconds(at - startPts, timeBase));
  let best: { readonly edge: number; readonly cost: number } | undefined;
  let key = keys.findLastIndex(({ pts: at }) => at <= window.from);
  for (let edge = lowerBound(pts, window.from); edge < pts.length; edge += 1) {
    const at = pts[edge] ?? 0;
    if (at > window.to) break;
    while (key + 1 < keys.length && (keys[key + 1]?.pts ?? 0) <= at) key += 1;
    const before = pts[edge - 1];
    if (window.onGrid && before !== undefined && nthGop(at) === nthGop(before)) continue;
    const inVain = at - (keys[key]?.pts ?? 0);
    const cost = inVain + Math.abs(at - window.ideal) * UNEVENNESS_WEIGHT;
    if (best === undefined || cost < best.cost) best = { edge, cost };
  }
  return best?.edge;
}

/** Number of the group of pictures of an output to which a frame at this second belongs. */
export function gopNumber(seconds: number): number {
  // A hair before is the rounding of the division.
  return Math.floor(seconds / GOP_SECONDS + 1e-9);
}
