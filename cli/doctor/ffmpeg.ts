import type { Finding, MachineCheck } from './check';
import { ok } from './check';

/** Encoders that some preset can ask for, by their names in ffmpeg. */
export const ENCODERS = [
  ...['libx264', 'libx265', 'libvpx-vp9', 'libsvtav1', 'libaom-av1', 'prores_ks', 'dnxhd'],
  ...['aac', 'libopus', 'libmp3lame', 'flac', 'pcm_s16le', 'pcm_s24le'],
  ...['mjpeg', 'png', 'libwebp', 'libwebp_anim', 'gif'],
] as const;

export interface FfmpegFacts {
  /** What `ffmpeg -encoders` prints; undefined when there is no ffmpeg. */
  readonly encoders: string | undefined;
  /** What `ffprobe -version` prints; undefined when there is no ffprobe. */
  readonly ffprobe: string | undefined;
  readonly isForLocal: boolean;
}

/** The image brings its own; this is for the local cloud and for trying presets. */
export const ffmpeg: MachineCheck = {
  name: 'ffmpeg',
  isForDeployment: false,
  async look({ machine, isForLocal }) {
    const [encoders, ffprobe] = await Promise.all([
      machine.output('ffmpeg', ['-hide_banner', '-encoders']),
      machine.output('ffprobe', ['-version']),
    ]);
    return judgeFfmpeg({ encoders, ffprobe, isForLocal });
  },
};

export function judgeFfmpeg({ encoders, ffprobe, isForLocal }: FfmpegFacts): Finding {
  const absent = [
    ...(encoders === undefined ? ['ffmpeg'] : []),
    ...(ffprobe === undefined ? ['ffprobe'] : []),
  ].join(' and no ');
  const use = "The local cloud and `spotreel preset try` need it; the worker's image has its own.";
  if (encoders === undefined || ffprobe === undefined)
    return {
      status: isForLocal ? 'missing' : 'warning',
      found: `there is no ${absent} here`,
      fix: `apt-get install ffmpeg, or brew install ffmpeg. ${use}`,
    };
  const known = new Set([...encoders.matchAll(/^ [VAS][A-Z.]{5} (\S+)/gm)].map(([, name]) => name));
  const lacking = ENCODERS.filter(name => !known.has(name));
  const version = /version (\S+)/.exec(ffprobe)?.[1] ?? 'of unknown version';
  if (lacking.length === 0) return ok(`${version}, with all ${ENCODERS.length} encoders`);
  return {
    status: 'warning',
    found: `${version}, without ${lacking.join(', ')}`,
    fix: `Presets that ask for them fail here. Install a build that has them, such as a distribution's. ${use}`,
  };
}
