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
}

/** The graph that decodes once and gives branch n as `[v<n>]`. */
export function pictureGraph(branches: readonly PictureBranch[], video: VideoStream): string[] {
  // Tone mapping is dear: once for all, unless one of them keeps HDR.
  const mapOnce = isHdr(video) && branches.every(({ keepHdr }) => !keepHdr);
  const sizes = branches.map(({ size }) => size);
  const largest = sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  const shared = [...deinterlacing(video), ...(mapOnce ? toneMapping(largest) : [])];
  const ends = branches.map(({ early, late, keepHdr, size }) =>
    [...early, ...(isHdr(video) && !mapOnce && !keepHdr ? toneMapping(size) : []), ...late].join(','),
  );
  const input = `[0:${video.index}]`;
  if (ends.length === 1) return [`${input}${[...shared, ...ends].join(',')}[v0]`];
  const labels = ends.map((_, index) => `[s${index}]`).join('');
  return [
    `${input}${[...shared, `split=${ends.length}`].join(',')}${labels}`,
    ...ends.map((end, index) => `[s${index}]${end}[v${index}]`),
  ];
}
