import { makeClip } from './clips';
import type { Further } from './studio';

export interface ColorClip {
  readonly color: string;
  readonly size: string;
  readonly rate: string;
  readonly seconds: number;
  /** Seconds of a tone; absent: no sound. */
  readonly tone?: number;
  /** Of the tone. Default 44100, mono. */
  readonly sampleRateHz?: number;
  /** Options of further inputs, after picture and tone. */
  readonly inputs?: readonly string[];
  /** Options of the encoders. */
  readonly extra?: readonly string[];
}

/** A clip of one color. */
export function colorClip(clip: ColorClip, extension = 'mp4'): Buffer {
  const { color, size, rate, seconds, tone, sampleRateHz = 44_100, inputs = [], extra = [] } = clip;
  return makeClip(`clip.${extension}`, [
    ...['-f', 'lavfi', '-i', `color=${color}:size=${size}:rate=${rate}:duration=${seconds}`],
    ...(tone === undefined ? [] : ['-f', 'lavfi', '-i', toneGraph(tone, sampleRateHz)]),
    ...inputs,
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', ...extra],
  ]);
}

/** Nothing but a tone. */
export function toneClip(extension: string, seconds: number, sampleRateHz = 44_100): Buffer {
  return makeClip(`tone.${extension}`, ['-f', 'lavfi', '-i', toneGraph(seconds, sampleRateHz)]);
}

function toneGraph(seconds: number, sampleRateHz: number): string {
  return `sine=frequency=440:duration=${seconds}:sample_rate=${sampleRateHz}`;
}

/** A file that an order shows before or after its source. */
export function partOf(place: 'intro' | 'outro', fileName: string, body: Buffer): Further {
  return { fileName, body, use: { kind: 'part', place } };
}
