import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Preset, PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import type { Command, Output } from '../command';
import { parseFlags, positiveNumber } from '../flags';
import { progressBar, ProgressLine } from '../progress-line';
import { scoresText } from '../score-text';
import { formatBytes, formatTable } from '../table';
import { formatFrameRate, formatGuessedBytes, formatGuessedSeconds, formatSeconds } from '../units';
import { UsageError } from '../usage-error';
import type { FurtherOptions } from './further-inputs';
import { readFurther } from './further-inputs';
import type { LocalSource } from './local-source';
import type { WithParts } from './local-parts';
import { PART_FLAGS, PART_USAGE, withParts } from './local-parts';
import { withLocalSource } from './local-source';
import { loadPreset } from './preset-files';
import { sourceLine } from './source-line';
import type { Trial, TriedOutput } from './try-encode';
import { tryEncode } from './try-encode';

const DEFAULT_SECONDS = '10';

export const tryPreset: Command = {
  name: 'try',
  summary: 'encode the first seconds of a video here, and look at the result',
  usage: `spotreel preset try NAME|FILE --input VIDEO [--manifest FILE] [--intro FILE] [--outro FILE] [--seconds N] [--out DIR] [--json]

Encodes the first seconds of a video on this machine, exactly as the worker will, and lists what
came out, with what the whole video would take at this speed.

  --input VIDEO   the video, on this machine
  --manifest FILE a manifest that names captions or a watermark; captions named after the video
                  (VIDEO.en.srt) are found without
${PART_USAGE}  --seconds N     how much of it (default ${DEFAULT_SECONDS})
  --out DIR       where the files go (default .spotreel/try/NAME); files of the same name are replaced
  --json          the results as one JSON object
`,
  async run(args, out) {
    const { values, positionals } = parseFlags(args, {
      options: {
        ...PART_FLAGS,
        input: { type: 'string' },
        manifest: { type: 'string' },
        seconds: { type: 'string', default: DEFAULT_SECONDS },
        out: { type: 'string' },
        json: { type: 'boolean' },
      },
      takes: ['NAME or FILE'],
    });
    const { input } = values;
    if (input === undefined) throw new UsageError('--input is missing. Write --input VIDEO.');
    const seconds = positiveNumber('seconds', values.seconds);
    const { name, path, preset } = await loadPreset(positionals[0] ?? '');
    const folder = values.out ?? join('.spotreel', 'try', name);
    mkdirSync(folder, { recursive: true });
    await withLocalSource(input, preset.outputs, async source => {
      out.error(`${sourceLine(input, source.probe)}\n`);
      const named = { name, path, content: preset };
      const workFolder = await mkdtemp(join(folder, '.making-'));
      const asked = { video: input, manifest: values.manifest, preset: named, folder: workFolder };
      const { intro, outro, manifest } = values;
      const parts = { video: input, outputs: preset.outputs, manifest, intro, outro };
      await withParts(source, parts, async joined => {
        const trial = await encode(source, { asked, joined, folder, seconds, out }).finally(() =>
          rm(workFolder, { recursive: true, force: true }),
        );
        if (values.json === true) out.write(toJson(trial));
        else out.write(toText(trial, { preset, source: joined.probe }));
      });
    });
    return 0;
  },
};

async function encode(
  source: LocalSource,
  {
    asked,
    joined,
    folder,
    seconds,
    out,
  }: { asked: FurtherOptions; joined: WithParts; folder: string; seconds: number; out: Output },
): Promise<Trial> {
  const line = new ProgressLine({
    isTerminal: process.stderr.isTTY,
    write: text => out.error(text),
  });
  try {
    return await tryEncode(joined.groups, {
      seconds,
      folder,
      workFolder: asked.folder,
      further: await readFurther(source, asked),
      onProgress: (share, speed) => line.show(progressBar(share * 100, `${speed.toFixed(1)}× real time`)),
    });
  } finally {
    line.end();
  }
}

function toText(trial: Trial, { preset, source }: { preset: Preset; source: Probe }): string {
  const isScored = trial.outputs.some(output => scoresText(output) !== '');
  const table = formatTable(
    ['file', 'codec', 'size', 'fps', 'duration', 'bytes', ...(isScored ? ['quality'] : []), 'where'],
    trial.outputs.map(output => row(output, isScored)),
  );
  return `${table}\n\n${[measured(trial), ...extrapolated(trial, preset, source)].join('\n')}\n`;
}

function row(tried: TriedOutput, isScored: boolean): string[] {
  const { output, path, probe, sizeBytes } = tried;
  const { video, audio } = probe ?? {};
  const seconds = isPicture(output) || probe === undefined ? undefined : lastingSeconds(probe);
  return [
    path.split('/').at(-1) ?? path,
    [video?.codec, audio?.codec].filter(codec => codec !== undefined).join(' + '),
    video === undefined ? '' : `${video.width}×${video.height}`,
    video === undefined || isPicture(output) ? '' : formatFrameRate(video.frameRate),
    seconds === undefined ? '' : `${seconds.toFixed(2)} s`,
    formatBytes(sizeBytes),
    ...(isScored ? [scoresText(tried)] : []),
    path,
  ];
}

/** Whether it is made of pictures that do not move. */
function isPicture({ kind }: PresetOutput): boolean {
  return kind === 'still' || kind === 'thumbnails' || kind === 'storyboard';
}

/** Whether more of the video makes more of it. */
function growsWithSource({ kind }: PresetOutput): boolean {
  return kind !== 'still' && kind !== 'clip';
}

function measured({ outputs, mediaSeconds, wallSeconds, cpuSeconds }: Trial): string {
  const lasts = outputs.some(({ output }) => growsWithSource(output));
  return `${lasts ? `Encoded ${formatSeconds(mediaSeconds)}` : 'Made'} in ${formatSeconds(wallSeconds)}, with ${formatSeconds(cpuSeconds)} of CPU time.`;
}

/** What the whole video would take; nothing when the whole was encoded or only stills were made. */
function extrapolated(trial: Trial, preset: Preset, source: Probe): string[] {
  const whole = lastingSeconds(source);
  const lasting = trial.outputs.filter(({ output }) => growsWithSource(output));
  if (whole === undefined || whole <= trial.mediaSeconds || lasting.length === 0) return [];
  const factor = whole / trial.mediaSeconds;
  const bytes = lasting.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) * factor;
  const { vcpu } = preset.task;
  const seconds = (trial.cpuSeconds * factor) / vcpu;
  return [
    `All of it, ${formatSeconds(whole)}: about ${formatGuessedBytes(bytes)}, and about ${formatGuessedSeconds(seconds)} on ${vcpu} vCPU as fast as the cores here, if it goes on like this.`,
  ];
}

function toJson({ outputs, ...trial }: Trial): string {
  const files = outputs.map(({ output, path, probe, sizeBytes, score, tree }) => ({
    name: output.name,
    path,
    sizeBytes,
    probe,
    score,
    rungs: tree?.rungs,
  }));
  return `${JSON.stringify({ ...trial, outputs: files }, null, 2)}\n`;
}
