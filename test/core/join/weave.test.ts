import { planEncode } from '../../../core/encode-plan';
import type { FfmpegPlan } from '../../../core/encode-plan';
import { joinSources } from '../../../core/join/join';
import { joinedCaptions } from '../../../core/join/joined-captions';
import { weave } from '../../../core/join/weave';
import { presetSchema } from '../../../core/preset';
import type { Probe } from '../../../core/probe';
import { hdProbe } from '../../support/probes';

const { outputs } = presetSchema.parse({
  outputs: [
    { kind: 'video', name: 'v', audio: {}, metadata: { chapters: true } },
    { kind: 'audio', name: 'a' },
  ],
});

/** Two seconds before and three after ten, at 25 frames a second. */
function source(excerpt = { startSeconds: 0 }, format = 'mov'): Probe {
  const silent = { ...hdProbe(3), audio: undefined };
  return joinSources(
    { ...hdProbe(10), format },
    [
      { inputId: 'intro/0', fileName: 'i.mp4', place: 'intro', probe: hdProbe(2) },
      { inputId: 'outro/0', fileName: 'o.mp4', place: 'outro', probe: silent },
    ],
    { outputs, excerpt },
  );
}

function reading(inputOptions: readonly string[], join = source().join): FfmpegPlan {
  const files = [{ fileName: 'x', options: ['-map', '[v0]'] }];
  return weave({ inputOptions, join, filterGraph: ['[0:0]scale=2:2[v0]'], files });
}

const lengths = ({ filterGraph }: FfmpegPlan): (string | undefined)[] =>
  filterGraph
    .filter(chain => !chain.includes('concat='))
    .map(chain => /trim=end_(?:frame|sample)=(\d+)/.exec(chain)?.[1])
    .filter(length => length !== undefined);

describe('weave', () => {
  it('leaves a plan alone that reads one file', () => {
    const plan: FfmpegPlan = { inputOptions: ['-ss', '1'], filterGraph: ['[0:0]null[v0]'], files: [] };
    expect(weave(plan)).toBe(plan);
  });

  it('decodes each file once for all outputs, and cuts sound to the length of the picture', () => {
    const { encode } = planEncode(outputs, source());
    const woven = weave(encode ?? reading([]));
    expect(lengths(woven)).toEqual(['50', '250', '75', '96000', '480000', '144000']);
    const graph = woven.filterGraph.join(';');
    expect(graph.match(/\[\d:\d\]/g)).toEqual(['[1:0]', '[0:0]', '[2:0]', '[1:1]', '[0:1]']);
    expect(graph).toContain('anullsrc=channel_layout=stereo:sample_rate=48000,atrim=end_sample=144000');
    expect(woven.files.map(({ options }) => options.filter((_, at) => options[at - 1] === '-map'))).toEqual([
      ['[v0]', '[tap0]'],
      ['[tap1]'],
    ]);
    expect(woven.files.some(({ options }) => options.includes('-filter:a'))).toBe(false);
  });

  it('reads the chapters of the main source when it begins', () => {
    const { encode } = planEncode(outputs, source());
    const { sourceInputs, files } = weave(encode ?? reading([]));
    expect(sourceInputs?.map(({ inputId }) => inputId)).toEqual(['intro/0', 'outro/0', undefined]);
    expect(sourceInputs?.[2]?.options).toEqual(['-itsoffset', '2.000000']);
    const { options = [] } = files[0] ?? {};
    expect(options[options.indexOf('-map_chapters') + 1]).toBe('3');
  });

  it.each([
    [['-ss', '1.000'], ['25', '250', '75'], 2],
    [['-ss', '2.000'], ['250', '75'], 1],
    [['-ss', '11.96', '-t', '0.08'], ['1', '1'], 1],
    [['-ss', '14.960'], ['1'], 1],
    [['-ss', '99'], ['1'], 1],
    [['-t', '1.5'], ['38'], 1],
    [['-t', '10', '-ss', '1', '-t', '2'], ['25', '25'], 1],
  ])('of a window %p reads only what lies in it', (options, expected, inputs) => {
    const woven = reading(options);
    expect(lengths(woven)).toEqual(expected);
    expect(woven.sourceInputs).toHaveLength(inputs);
  });

  it('seeks where the file allows it, a little before the frame, and else cuts off', () => {
    expect(reading(['-ss', '4']).inputOptions).toEqual(['-reinit_filter', '0', '-ss', '1.984000']);
    const { inputOptions, filterGraph } = reading(['-ss', '4'], source({ startSeconds: 0 }, 'mpegts').join);
    expect(inputOptions).toEqual(['-reinit_filter', '0']);
    expect(filterGraph[0]).toContain('trim=start=1.984000');
  });

  it('takes of the main source only what is shown of it', () => {
    const { join, durationSeconds } = source({ startSeconds: 4 });
    expect(durationSeconds).toBe(11);
    expect(reading([], join).inputOptions).toEqual(['-reinit_filter', '0', '-ss', '4.000000']);
    expect(lengths(reading([], join))).toEqual(['50', '150', '75']);
  });
});

describe('joinedCaptions', () => {
  it('are moved by what comes before, and end with the main source', () => {
    const cues = [
      { startMs: 500, endMs: 1500, text: 'a' },
      { startMs: 3000, endMs: 9000, text: 'b' },
      { startMs: 9500, endMs: 9900, text: 'c' },
    ];
    const time = { introSeconds: 2, excerpt: { startSeconds: 1, endSeconds: 20 }, mainSeconds: 8 };
    const [track] = joinedCaptions([{ facts: { language: 'de' }, cues }], time);
    expect(track?.cues).toEqual([
      { startMs: 2000, endMs: 2500, text: 'a' },
      { startMs: 4000, endMs: 9000, text: 'b' },
    ]);
  });
});
