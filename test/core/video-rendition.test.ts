import type { PictureBranch } from '../../core/picture-graph';
import { pictureGraph } from '../../core/picture-graph';
import { presetSchema } from '../../core/preset';
import type { VideoStream } from '../../core/probe';
import { renditionBranches, videoRenditions } from '../../core/video-rendition';
import { HD_VIDEO } from '../support/probes';

const VIDEO: VideoStream = { ...HD_VIDEO, frameRate: 50, declaredFrameRate: 50 };

function branches(videos: readonly object[], video: VideoStream = VIDEO): PictureBranch[] {
  const outputs = videos.map((settings, index) => ({ kind: 'video', name: `v${index}`, video: settings }));
  return renditionBranches(videoRenditions(presetSchema.parse({ outputs }).outputs, { video }), video, 0);
}

const side = (shortSide: number): object => ({ size: { shortSide } });

describe('renditionBranches', () => {
  it('scales each size from the next larger one, in whatever order they stand', () => {
    const made = branches([side(360), side(1080), side(480), side(720)]);
    expect(made.map(({ from }) => from)).toEqual([2, undefined, 3, 1]);
  });

  it.each<[string, object, object]>([
    ['another frame rate', {}, { maxFrameRate: 25 }],
    ['a turn', {}, { rotateDegrees: 90 }],
    ['ten bits', {}, { codec: 'hevc', bitDepth: 10 }],
    ['a cut to a box', {}, { size: { boxWidth: 300, boxHeight: 300, fit: 'crop' } }],
    ['black around it', { size: { boxWidth: 2000, boxHeight: 900, fit: 'pad' } }, side(360)],
  ])('scales from the source what differs by %s', (_title, first, second) => {
    expect(branches([first, { ...side(360), ...second }]).map(({ from }) => from)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('takes a second one of the same size from the first', () => {
    expect(branches([side(360), { ...side(360), codec: 'hevc' }]).map(({ from }) => from)).toEqual([
      undefined,
      0,
    ]);
  });
});

describe('pictureGraph', () => {
  it('hands each picture to its encoder and on to those that are made of it', () => {
    const graph = pictureGraph(branches([side(1080), side(720), { maxFrameRate: 25 }]), VIDEO);
    expect(graph.map(chain => chain.replace(/scale=w=(\d+)[^[]*?(,split|\[v)/, 'scale$1$2'))).toEqual([
      '[0:0]split=2[s0][s2]',
      '[s0]scale1920,split=2[v0][s1]',
      '[s2]fps=fps=25,scale1920[v2]',
      '[s1]scale1280[v1]',
    ]);
  });
});
