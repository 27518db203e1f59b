import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAmount } from '../../cli/cost/amounts';
import { quote } from '../../core/cost/quote';
import type { Preset } from '../../core/preset';
import { presetSchema } from '../../core/preset';
import { probeOfFacts } from '../../core/probe-of-facts';

const SHIPPED = ['web-1080p', 'web-720p', 'web-ladder', 'audio-m4a', 'poster'];
const HOUR_SECONDS = 3600;

/** An hour of 1080p at 25 frames a second, with sound. */
const HOUR = probeOfFacts({
  format: 'mov',
  durationSeconds: HOUR_SECONDS,
  video: { codec: 'h264', width: 1920, height: 1080, frameRate: 25, rotationDegrees: 0 },
  audio: { codec: 'aac', channels: 2, sampleRateHz: 48_000 },
});
/** At 8 Mbit/s. */
const HOUR_BYTES = HOUR_SECONDS * 1e6;

/** Each preset's cost for the hour, beside on-demand capacity and MediaConvert, in us-east-1. */
export function presetRows(): string[][] {
  return SHIPPED.map(name => presetRow(name, readPreset(name)));
}

function presetRow(name: string, preset: Preset): string[] {
  const quoted = quote({
    probe: HOUR,
    sourceBytes: HOUR_BYTES,
    preset,
    region: 'us-east-1',
    capacityProvider: 'FARGATE_SPOT',
    architecture: 'x86_64',
    publicAddress: true,
  });
  if (quoted === undefined) throw new Error('The example has a duration');
  const { usd, onDemandUsd, taskSeconds, mediaConvertUsd } = quoted;
  const orUnknown = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
  return [
    name,
    `${preset.task.vcpu} vCPU, ${preset.task.memoryGiB} GiB, ${Math.round(taskSeconds.likely / 60)} min`,
    ...[usd.likely, usd.least, usd.most, onDemandUsd.likely].map(formatAmount),
    orUnknown(mediaConvertUsd.basic),
    orUnknown(mediaConvertUsd.professional),
  ];
}

function readPreset(name: string): Preset {
  const path = join(__dirname, '..', '..', 'presets', `${name}.json`);
  return presetSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
