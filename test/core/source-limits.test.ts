import { presetSchema } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { beyondLimits } from '../../core/source-limits';
import { hdProbe } from '../support/probes';

const { outputs } = presetSchema.parse({ outputs: [{ kind: 'video', name: 'v', audio: {} }] });
const sound = presetSchema.parse({ outputs: [{ kind: 'audio', name: 'a' }] }).outputs;

const withSound = (changes: Partial<NonNullable<Probe['audio']>>): Probe => {
  const probe = hdProbe(10);
  if (probe.audio === undefined) throw new Error('The probe has no sound');
  return { ...probe, audio: { ...probe.audio, ...changes } };
};

describe('beyondLimits', () => {
  it.each<[string, Probe, string | undefined]>([
    ['an ordinary video', hdProbe(10), undefined],
    ['a day', hdProbe(86_400), undefined],
    ['more than a day', hdProbe(90_000), 'SOURCE_TOO_LONG'],
    ['days that are a guess', { ...hdProbe(900_000), format: 'mpegts' }, undefined],
    ['a side of 16384', hdProbe(10, { width: 16_384, height: 2 }), undefined],
    ['a longer side', hdProbe(10, { width: 2, height: 16_386 }), 'SOURCE_PICTURE_TOO_LARGE'],
    ['7.1', withSound({ channels: 8 }), undefined],
    ['nine channels', withSound({ channels: 9 }), 'SOURCE_SOUND_NOT_ACCEPTED'],
    ['a sample now and then', withSound({ sampleRateHz: 999 }), 'SOURCE_SOUND_NOT_ACCEPTED'],
  ])('of %s', (_what, probe, code) => {
    expect(beyondLimits(outputs, probe)?.code).toBe(code);
  });

  it('cares for nothing that no output needs', () => {
    expect(beyondLimits(sound, hdProbe(10, { width: 20_000 }))).toBeUndefined();
    const silent = presetSchema.parse({ outputs: [{ kind: 'video', name: 'v' }] }).outputs;
    expect(beyondLimits(silent, withSound({ channels: 9 }))).toBeUndefined();
  });
});
