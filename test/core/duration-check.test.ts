import type { MeasuredOutput, SourceTail } from '../../core/duration-check';
import { checkDurations } from '../../core/duration-check';
import { presetSchema } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { parseProbe } from '../../core/read-probe';
import { TailReader } from '../../core/source-tail';

const [VIDEO, SOUND, STILL] = presetSchema.parse({
  outputs: [
    { kind: 'video', name: 'v', audio: {} },
    { kind: 'audio', name: 'a' },
    { kind: 'still', name: 's' },
  ],
}).outputs;

interface Ends {
  readonly file?: number;
  readonly video?: number;
  readonly audio?: number;
}

/** A file with picture and sound; streams of which no end is given do not tell theirs. */
function probe({ file, video, audio }: Ends): Probe {
  const text = (seconds: number | undefined): { duration?: string } =>
    seconds === undefined ? {} : { duration: String(seconds) };
  return parseProbe(
    JSON.stringify({
      format: { format_name: 'mov', start_time: '0', ...text(file) },
      streams: [
        { index: 0, codec_type: 'video', codec_name: 'h264', width: 64, height: 36, ...text(video) },
        { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, ...text(audio) },
      ],
    }),
  );
}

function made(output: typeof VIDEO, ends: Ends): MeasuredOutput {
  if (output === undefined) throw new Error('no such output');
  return { output, probe: probe(ends) };
}

describe('checkDurations', () => {
  const source = probe({ file: 100, video: 100, audio: 90 });

  it('is content when every stream lasts as long as announced, within a hundredth', () => {
    const check = checkDurations(source, [
      made(VIDEO, { video: 99.1, audio: 90 }),
      made(SOUND, { audio: 90.02 }),
    ]);
    expect(check).toMatchObject({
      kind: 'right',
      source: { video: { endSeconds: 99.1 }, audio: { endSeconds: 90.02 } },
    });
  });

  it('takes more than announced for the truth', () => {
    const check = checkDurations(source, [made(VIDEO, { video: 130, audio: 90 })]);
    expect(check).toMatchObject({ kind: 'right', source: { video: { endSeconds: 130 } } });
  });

  it('looks at the end of the source when less came out', () => {
    const check = checkDurations(source, [made(VIDEO, { video: 50, audio: 90 })]);
    expect(check).toEqual({ kind: 'lookAtTail', fromSeconds: 90, decode: true });
  });

  it('finds the source cut off when its end can not be read', () => {
    const check = checkDurations(source, [made(VIDEO, { video: 50, audio: 45 })], {
      video: undefined,
      audio: 45,
    });
    expect(check).toMatchObject({
      kind: 'truncated',
      failure: { code: 'SOURCE_TRUNCATED', retryable: false },
    });
  });

  it('accepts a last frame that is held to the end', () => {
    const check = checkDurations(source, [made(VIDEO, { video: 92, audio: 90 })], { video: 100, audio: 90 });
    expect(check).toMatchObject({ kind: 'right', source: { video: { endSeconds: 92 } } });
  });

  it('lets a stream of unannounced length end early when another fills the file', () => {
    const matroska = probe({ file: 100 });
    const outputs = [made(VIDEO, { video: 100, audio: 60 })];
    expect(checkDurations(matroska, outputs, { video: 100, audio: 60 }).kind).toBe('right');
    expect(checkDurations(matroska, outputs, { video: 61, audio: 60 }).kind).toBe('truncated');
  });

  it('measures what a recording without a length does not tell', () => {
    const check = checkDurations(probe({}), [made(VIDEO, { video: 7, audio: 7.1 })]);
    expect(check).toMatchObject({ kind: 'right', source: { durationSeconds: 7.1 } });
  });

  it('finds the source cut off when pictures that can be decoded did not come out', () => {
    const outputs = [made(VIDEO, { video: 50, audio: 90 })];
    expect(checkDurations(source, outputs, { video: 100, audio: 90, lastPicture: 99.9 }).kind).toBe(
      'truncated',
    );
    expect(checkDurations(source, outputs, { video: 100, audio: 90, lastPicture: 49.9 }).kind).toBe('right');
  });

  it('finds the source cut off when sound goes on after what came out', () => {
    const outputs = [made(VIDEO, { video: 100, audio: 40 })];
    expect(checkDurations(source, outputs, { video: 100, audio: 90, lastPicture: 99 }).kind).toBe(
      'truncated',
    );
  });

  it('looks again when an output lacks a stream, unless it begins after its end', () => {
    const silent = [made(VIDEO, { video: 100 })].map(({ output, probe: measured }) => ({
      output,
      probe: { ...measured, audio: undefined },
    }));
    expect(checkDurations(source, silent)).toMatchObject({ kind: 'lookAtTail', decode: true });
    const late = silent.map(({ output, probe: measured }) => ({
      output: { ...output, trim: { startSeconds: 95 } },
      probe: measured,
    }));
    expect(checkDurations(source, late).kind).toBe('right');
  });

  it('does not believe the length of a transport stream, which is a guess', () => {
    const guessed = { ...source, format: 'mpegts' };
    expect(checkDurations(guessed, [made(VIDEO, { video: 4, audio: 4.1 })])).toMatchObject({
      kind: 'right',
      source: { durationSeconds: 4.1 },
    });
  });

  it('asks nothing of stills', () => {
    expect(checkDurations(source, [made(STILL, { video: 0.04 })]).kind).toBe('right');
  });
});

function readTail(text: string, source: Probe): SourceTail {
  const reader = new TailReader(source);
  for (const line of text.split('\n')) reader.add(line);
  return reader.tail();
}

describe('TailReader', () => {
  it('takes the latest end of each stream, counted from the beginning of the file', () => {
    const source = { ...probe({}), startSeconds: 10 };
    const packets = [
      'packet|stream_index=0|pts_time=15.0|duration_time=0.04',
      'packet|stream_index=1|pts_time=15.1|duration_time=0.02',
      'packet|stream_index=0|pts_time=15.5|duration_time=1.5|side_data|',
      'packet|stream_index=0|pts_time=N/A|duration_time=0.04',
      'packet|stream_index=7|pts_time=99|duration_time=1',
    ];
    expect(readTail(packets.join('\n'), source)).toEqual({
      video: 7,
      audio: expect.closeTo(5.12, 6) as number,
    });
  });

  it('tells where the last picture begins when pictures were decoded', () => {
    const frames = [
      'frame|stream_index=0|best_effort_timestamp_time=3.96|pkt_duration_time=0.04',
      'frame|stream_index=0|best_effort_timestamp_time=4.0|duration_time=2.5',
      'frame|stream_index=1|best_effort_timestamp_time=5.0|duration_time=0.02|pkt_duration_time=0.02',
    ];
    expect(readTail(frames.join('\n'), probe({}))).toEqual({ video: 6.5, audio: 5.02, lastPicture: 4 });
  });

  it('knows of no end when nothing can be read', () => {
    expect(readTail('', probe({}))).toEqual({ video: undefined, audio: undefined });
  });
});
