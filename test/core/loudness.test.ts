import { loudnessFilters, parseLoudness } from '../../core/loudness';
import { planLoudness } from '../../core/loudness-plan';
import { presetSchema } from '../../core/preset';
import { parseProbe } from '../../core/read-probe';

const printed = (values: Record<string, string>): string[] => [
  '[Parsed_loudnorm_1 @ 0x560b]',
  '{',
  ...Object.entries(values).map(([name, value]) => `\t"${name}" : "${value}",`),
  '}',
];
const QUIET = { input_i: '-30.00', input_tp: '-20.00', input_lra: '5.00', input_thresh: '-40.00' };

describe('loudness', () => {
  it('is one change of volume where the peaks allow it', () => {
    const measured = parseLoudness(printed(QUIET));
    expect(loudnessFilters({ targetLufs: -16, truePeakDbtp: -1 }, measured)).toEqual([
      'volume=volume=14.00dB',
    ]);
  });

  it('is limited where they do not', () => {
    const measured = parseLoudness(printed({ ...QUIET, input_tp: '-3.00' }));
    expect(loudnessFilters({ targetLufs: -16, truePeakDbtp: -1 }, measured)).toEqual([
      expect.stringMatching(/^loudnorm=I=-16:TP=-1:LRA=5:.*measured_TP=-3:.*linear=false$/),
    ]);
  });

  it('of silence is left alone', () => {
    const silent = parseLoudness(printed({ ...QUIET, input_i: '-inf', input_tp: '-inf' }));
    expect(silent).toBeUndefined();
    expect(loudnessFilters({ targetLufs: -16, truePeakDbtp: -1 }, silent)).toEqual([]);
  });

  it('must have been printed', () => {
    expect(() => parseLoudness(['nothing'])).toThrow('no loudness');
  });

  it('is measured once for outputs that sound alike', () => {
    const source = parseProbe(
      JSON.stringify({ streams: [{ codec_type: 'audio', codec_name: 'aac', channels: 2 }] }),
    );
    const sound = (name: string, rest: object = {}): object => ({
      kind: 'audio',
      name,
      audio: { loudness: {}, ...rest },
    });
    const { outputs } = presetSchema.parse({
      outputs: [
        sound('a'),
        sound('b', { bitrateKbps: 64 }),
        sound('c', { channels: 1 }),
        { kind: 'audio', name: 'd' },
      ],
    });
    expect(planLoudness(outputs, source)).toHaveLength(2);
  });
});
