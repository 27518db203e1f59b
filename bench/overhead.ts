import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClip } from '../container/media/made-clip';
import { planEncode } from '../core/encode-plan';
import { probeClip, shippedPreset, TOOLS } from './clips';
import { measure, median, ROOT, round } from './measure';

const PRESET = 'web-720p';
const LONG_SECONDS = 60;
const SHORT_SECONDS = 2;
const RUNS = 3;

export interface Overhead {
  /** CPU time that each further second of video costs in the demo, over what the bare ffmpeg takes for it. */
  readonly cpuRatio: number;
  /** CPU seconds of the demo that do not depend on the video: local cloud, Lambdas, task start. */
  readonly fixedSeconds: number;
  readonly runs: readonly {
    readonly demo: number;
    readonly bare: number;
    readonly demoShort: number;
    readonly bareShort: number;
  }[];
}

/** CPU time of `npm run demo`, all its processes, against the ffmpeg command that it runs, alternating. */
export async function measureOverhead(say: (line: string) => void): Promise<Overhead> {
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-bench-'));
  try {
    say(`Making 1080p clips of ${LONG_SECONDS} s and ${SHORT_SECONDS} s …`);
    const long = await clip(folder, LONG_SECONDS);
    const short = await clip(folder, SHORT_SECONDS);
    await demo(short);
    const runs: Overhead['runs'][number][] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const measured = {
        bare: await bare(long, folder),
        demo: await demo(long),
        bareShort: await bare(short, folder),
        demoShort: await demo(short),
      };
      runs.push(measured);
      say(`Run ${run} of ${RUNS}, CPU seconds: ${JSON.stringify(measured)}`);
    }
    const cpuRatio = median(runs.map(run => (run.demo - run.demoShort) / (run.bare - run.bareShort)));
    const fixedSeconds = median(runs.map(run => run.demoShort - run.bareShort));
    return { cpuRatio: round(cpuRatio), fixedSeconds: round(fixedSeconds), runs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function clip(folder: string, durationSeconds: number): Promise<string> {
  const path = join(folder, `clip-${durationSeconds}.mp4`);
  await makeClip(TOOLS, { path, durationSeconds, width: 1920, height: 1080 });
  return path;
}

function demo(input: string): Promise<number> {
  return cpuSecondsOf(process.execPath, [
    '--import',
    require.resolve('tsx'),
    join(ROOT, 'cli', 'demo.ts'),
    '--input',
    input,
    '--preset',
    PRESET,
  ]);
}

/** The encode as the worker plans it, without gate, limits, checks and upload. */
async function bare(input: string, folder: string): Promise<number> {
  const { encode } = planEncode(shippedPreset(PRESET).outputs, await probeClip(input));
  if (encode === undefined) throw new Error(`${PRESET} encodes nothing`);
  return cpuSecondsOf('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y', ...encode.inputOptions, '-i', input],
    ...(encode.filterGraph.length > 0 ? ['-filter_complex', encode.filterGraph.join(';')] : []),
    ...encode.files.flatMap(({ fileName, options }) => [...options, join(folder, fileName)]),
  ]);
}

async function cpuSecondsOf(command: string, args: readonly string[]): Promise<number> {
  return (await measure(command, args)).cpuSeconds;
}
