import type { Chunk } from '../../core/chunk';
import { checkChunks, framesOf } from '../../core/chunk';
import type { ChunkPlan } from '../../core/chunk-plan';
import { decideCut, planChunks } from '../../core/chunk-plan';
import type { KeyFrame, PacketTable } from '../../core/packet-table';
import type { PresetOutput } from '../../core/preset';
import { presetSchema } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { hdProbe } from '../support/probes';

const SPLIT = { aboveSeconds: 120, chunkSeconds: 60 };
const FRAME = 3600;
const SECOND = 25 * FRAME;

const outputsOf = (...changes: object[]): PresetOutput[] =>
  presetSchema.parse({
    outputs: changes.map((change, index) => ({ kind: 'video', name: `v${index}`, ...change })),
  }).outputs;
const VIDEO = outputsOf({});

/** A table at 25 frames a second with a key frame every so often. */
function table(seconds: number, keySeconds: number, changes: Partial<PacketTable> = {}): PacketTable {
  const pts = Float64Array.from({ length: seconds * 25 }, (_, frame) => frame * FRAME);
  const keys: KeyFrame[] = Array.from({ length: Math.ceil(seconds / keySeconds) }, (_, index) => ({
    pts: Math.round(index * keySeconds * 25) * FRAME,
    dts: (Math.round(index * keySeconds * 25) - 2) * FRAME,
  }));
  return { pts, keys, endPts: seconds * SECOND, missing: 0, inOrder: true, ...changes };
}

function plan(
  packets: PacketTable,
  { outputs = VIDEO, probe = hdProbe(300), split = SPLIT } = {},
): ChunkPlan {
  const decision = decideCut(outputs, probe, split);
  if (decision.kind !== 'cut') throw new Error(JSON.stringify(decision));
  return planChunks(decision.part, { probe, table: packets, split });
}

function chunksOf(planned: ChunkPlan): Chunk[] {
  if (planned.kind !== 'chunks') throw new Error(planned.reason);
  return planned.chunks;
}

describe('decideCut', () => {
  const decide = (probe: Probe, outputs = VIDEO): object => decideCut(outputs, probe, SPLIT);

  it.each<[string, Probe, PresetOutput[]]>([
    ['that is exactly as long as the limit', hdProbe(120), VIDEO],
    [
      'of which a short excerpt is wanted',
      hdProbe(300),
      outputsOf({ trim: { startSeconds: 10, endSeconds: 100 } }),
    ],
    [
      'of which no output has a moving picture',
      hdProbe(300),
      presetSchema.parse({ outputs: [{ kind: 'still', name: 'poster' }] }).outputs,
    ],
  ])('leaves a source whole %s', (_title, probe, outputs) => {
    expect(decide(probe, outputs)).toEqual({ kind: 'short' });
  });

  it.each<[string, Probe, PresetOutput[], RegExp]>([
    ['in another format', { ...hdProbe(300), format: 'avi' }, VIDEO, /not in avi/],
    [
      'of unknown length',
      { ...hdProbe(300, { endSeconds: undefined }), durationSeconds: undefined },
      VIDEO,
      /how long/,
    ],
    ['whose clock is too fine', hdProbe(300, { timeBase: '1/10000000' }), VIDEO, /1\/10000000/],
    [
      'of which outputs show different long parts',
      hdProbe(600),
      outputsOf({}, { trim: { startSeconds: 100 } }),
      /"v0" and "v1"/,
    ],
  ])('says why a long source is not cut: one %s', (_title, ...[probe, outputs, reason]) => {
    expect(decide(probe, outputs)).toEqual({
      kind: 'whole',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('cuts adaptive outputs as it does files', () => {
    const { outputs } = presetSchema.parse({ outputs: [{ kind: 'adaptive', name: 'web' }] });
    expect(decide(hdProbe(300), outputs)).toMatchObject({ kind: 'cut', part: { outputs, others: [] } });
  });

  it('makes what shows a short part of a long source with the rest', () => {
    const outputs = outputsOf({}, { trim: { startSeconds: 10, endSeconds: 20 } });
    expect(decide(hdProbe(300), outputs)).toMatchObject({
      kind: 'cut',
      part: { outputs: [{ name: 'v0' }], others: [{ name: 'v1' }] },
    });
  });
});

describe('planChunks', () => {
  it('cuts without a gap, in even lengths, with no tiny last chunk', () => {
    const chunks = chunksOf(plan(table(300, 2)));
    expect(checkChunks(chunks)).toBeUndefined();
    expect(chunks.map(framesOf)).toEqual([1500, 1500, 1500, 1500, 1500]);
    expect(chunks.at(-1)).toMatchObject({ endFrame: 7500, endPts: 300 * SECOND });
    expect(chunksOf(plan(table(310, 2), { probe: hdProbe(310) })).map(framesOf)).toHaveLength(5);
  });

  it('begins chunks where a key frame of the outputs is due, soon after one of the source', () => {
    const chunks = chunksOf(plan(table(300, 7)));
    for (const { startPts } of chunks) {
      expect(startPts % (2 * SECOND)).toBe(0);
      expect(startPts % (7 * SECOND)).toBeLessThan(2 * SECOND);
    }
  });

  it('leaves a source whole whose key frames are so far apart that it would be decoded again and again', () => {
    expect(plan(table(300, 1000))).toMatchObject({
      kind: 'whole',
      reason: expect.stringMatching(/key frames/) as string,
    });
    expect(plan(table(300, 30)).kind).toBe('chunks');
  });

  it('seeks to the key frame from which a chunk can be decoded, and to one before it where it could be missed', () => {
    const [, second] = chunksOf(plan(table(300, 2)));
    expect(second?.seekPts).toBe((second?.startPts ?? 0) + 1);
    const everyFrame = chunksOf(plan(table(300, 0.04)));
    expect(everyFrame[1]?.seekPts).toBeLessThan(everyFrame[1]?.startPts ?? 0);
  });

  it('seeks early in a transport stream', () => {
    const probe = { ...hdProbe(300), format: 'mpegts' };
    const [, second] = chunksOf(plan(table(300, 2), { probe }));
    expect(second?.seekPts).toBe((second?.startPts ?? 0) - 2 * FRAME - 2 * SECOND);
  });

  it('lengthens the chunks of a source of many hours', () => {
    const probe = hdProbe(36_000);
    const chunks = chunksOf(plan(table(36_000, 2), { probe }));
    expect(chunks).toHaveLength(240);
    expect(checkChunks(chunks)).toBeUndefined();
  });

  it('counts the frames of an output that has fewer, by its file', () => {
    const outputs = outputsOf({}, { video: { maxFrameRate: 12.5 } });
    const planned = plan(table(300, 2), { outputs });
    expect(planned).toMatchObject({ chunkFiles: ['_picture-v0.mp4', '_picture-v1.mp4'] });
    const [first] = chunksOf(planned);
    expect(first && framesOf(first)).toBe(1500);
    expect(first?.frames).toEqual({ '_picture-v1.mp4': 750 });
  });

  it('numbers the frames of an excerpt from its first', () => {
    const outputs = outputsOf({ trim: { startSeconds: 50.01, endSeconds: 250 } });
    const chunks = chunksOf(plan(table(300, 2), { outputs }));
    expect(chunks[0]).toMatchObject({ firstFrame: 0, startPts: 1251 * FRAME });
    expect(chunks.at(-1)).toMatchObject({ endFrame: 4999, endPts: 250 * SECOND });
  });

  const doubled = table(300, 2).pts;
  doubled[100] = doubled[99] ?? 0;
  const jumping = table(300, 2).pts.map((pts, frame) => (frame < 3000 ? pts : pts + 20 * SECOND));
  it.each<[string, Partial<PacketTable>, Partial<Probe>, RegExp]>([
    ['lack a time stamp', { missing: 3 }, {}, /^3 of its frames have no time stamp/],
    ['have the same time stamp', { pts: doubled }, {}, /same time stamp, at 4\.0 s/],
    [
      'are on a clock that jumps',
      { pts: jumping, endPts: 320 * SECOND },
      { format: 'mpegts' },
      /jumps by 20\.0 s at 140\.0 s/,
    ],
    ['come out of order', { inOrder: false }, {}, /order in which they are decoded/],
    ['have no key frame among them', { keys: [] }, {}, /no key frame/],
    ['end before they should', { endPts: 200 * SECOND }, {}, /ends at 200\.0 s, not at 300\.0 s/],
  ])('leaves a source whole whose frames %s', (_title, ...[packets, probe, reason]) => {
    expect(plan(table(300, 2, packets), { probe: { ...hdProbe(300), ...probe } })).toEqual({
      kind: 'whole',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('takes a frame that is held for a minute for what it is, outside of transport streams', () => {
    const planned = plan(table(300, 2, { pts: jumping, endPts: 320 * SECOND }), { probe: hdProbe(320) });
    expect(planned.kind).toBe('chunks');
  });
});
