import type { FfmpegPlan } from './encode-plan';
import { excerptOf, readFromSeconds, seekOptions } from './excerpt';
import { MEASURING_FILTER } from './loudness';
import type { AudioSettings, PresetOutput } from './preset';
import type { AudioStream, Probe } from './probe';
import { canSeek } from './seekable';
import { channelsOf, soundFilters } from './sound-options';
import { soundRenditions } from './sound-rendition';

/** One measurement of loudness, which several outputs may share. */
export interface LoudnessPlan {
  readonly key: string;
  readonly plan: FfmpegPlan;
}

/** The first pass: what has to be measured before the outputs can be made. */
export function planLoudness(outputs: readonly PresetOutput[], probe: Probe): LoudnessPlan[] {
  const plans = new Map<string, LoudnessPlan>();
  for (const output of outputs) {
    for (const { wanted: audio, track } of soundRenditions(output, probe)) {
      if (audio.loudness === undefined) continue;
      const key = loudnessKey(output, { audio, track });
      plans.set(key, { key, plan: measuring(output, { audio, track, probe }) });
    }
  }
  return [...plans.values()];
}

/** The same for two outputs of which the sound is the same before its loudness is changed. */
export function loudnessKey(
  output: PresetOutput,
  { audio, track }: { audio: AudioSettings; track: AudioStream },
): string {
  const { startSeconds, endSeconds } = excerptOf(output);
  return [track.index, channelsOf(audio, track), startSeconds, endSeconds].join('/');
}

function measuring(
  output: PresetOutput,
  { audio, track, probe }: { audio: AudioSettings; track: AudioStream; probe: Probe },
): FfmpegPlan {
  const excerpt = excerptOf(output);
  const fromSeconds = readFromSeconds([excerpt], canSeek(probe));
  const filters = soundFilters(audio, { track, excerpt, fromSeconds });
  return {
    inputOptions: ['-vn', ...seekOptions(fromSeconds)],
    join: probe.join,
    filterGraph: [],
    files: [
      {
        fileName: `${output.name}.loudness`,
        options: [
          '-map',
          `0:${track.index}`,
          '-filter:a',
          [...filters, MEASURING_FILTER].join(','),
          '-f',
          'null',
        ],
      },
    ],
    prints: true,
  };
}
