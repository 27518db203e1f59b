import { readTags } from '../../core/source-tags';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAmount } from '../../cli/cost/amounts';
import { quote } from '../../core/cost/quote';
import type { Preset } from '../../core/preset';
import { presetSchema } from '../../core/preset';
import type { Probe } from '../../core/probe';

const SHIPPED = ['web-1080p', 'web-720p', 'web-ladder', 'audio-m4a', 'poster'];
const HOUR_SECONDS = 3600;

/** An hour of 1080p at 25 frames a second, with sound. */
const HOUR: Probe = {
  format: 'mov',
  durationSeconds: HOUR_SECONDS,
  startSeconds: 0,
  video: {
    index: 0,
    codec: 'h264',
    width: 1920,
    height: 1080,
    rotationDegrees: 0,
    frameRate: 25,
    declaredFrameRate: 25,
    timeBase: '1/12800',
    endSeconds: HOUR_SECONDS,
    interlaced: false,
    matrix: undefined,
    primaries: undefined,
    transfer: undefined,
  },
  audio: {
    index: 1,
    codec: 'aac',
    channels: 2,
    sampleRateHz: 48_000,
    language: undefined,
    endSeconds: HOUR_SECONDS,
  },
  audioTracks: [],
  captionStreams: [],
  tags: readTags({}),
  found: '',
};
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
