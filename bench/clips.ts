import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CpuMeter } from '../container/media/cpu-meter';
import { probeFile } from '../container/media/examine';
import { mediaTools } from '../container/media/tools';
import type { Preset } from '../core/preset';
import { presetSchema } from '../core/preset';
import type { Probe } from '../core/probe';
import { ROOT } from './measure';

export const TOOLS = mediaTools(join(ROOT, 'container'));

/** What a file on this machine is. */
export async function probeClip(path: string): Promise<Probe> {
  return probeFile({
    tools: TOOLS,
    input: path,
    sourceBytesRead: () => 0,
    limits: { wallClockSeconds: 60, stallSeconds: 60 },
    cpu: new CpuMeter(),
    signal: new AbortController().signal,
  });
}

/** One of the presets that are shipped. */
export function shippedPreset(name: string): Preset {
  return presetSchema.parse(JSON.parse(readFileSync(join(ROOT, 'presets', `${name}.json`), 'utf8')));
}
