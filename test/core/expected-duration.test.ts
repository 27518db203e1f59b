import { expectedDurationSeconds } from '../../core/expected-duration';
import { presetSchema } from '../../core/preset';
import type { SourceFacts } from '../../core/report';

const SOURCE: SourceFacts = {
  format: 'mov',
  durationSeconds: 12,
  video: { codec: 'h264', width: 2, height: 2, frameRate: 25, rotationDegrees: 0, durationSeconds: 10 },
  audio: { codec: 'aac', channels: 2, sampleRateHz: 48_000, durationSeconds: 11 },
};

describe('expectedDurationSeconds', () => {
  it.each([
    ['a video with sound', { kind: 'video', name: 'o', audio: {} }, 11],
    ['a video without', { kind: 'video', name: 'o' }, 10],
    ['sound', { kind: 'audio', name: 'o' }, 11],
    ['a still', { kind: 'still', name: 'o' }, undefined],
  ])('of %s', (_title, output, expected) => {
    const [parsed] = presetSchema.parse({ outputs: [output] }).outputs;
    if (parsed === undefined) throw new Error('no output');
    expect(expectedDurationSeconds(SOURCE, parsed)).toBe(expected);
  });

  it('is that of the file for streams that do not tell', () => {
    const { video, audio, ...file } = SOURCE;
    const [parsed] = presetSchema.parse({ outputs: [{ kind: 'video', name: 'o' }] }).outputs;
    if (parsed === undefined || video === undefined || audio === undefined) throw new Error('no output');
    expect(
      expectedDurationSeconds({ ...file, video: { ...video, durationSeconds: undefined } }, parsed),
    ).toBe(12);
  });
});
