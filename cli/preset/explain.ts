import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planArguments } from '../../container/media/run-ffmpeg';
import type { FfmpegPlan } from '../../core/encode-plan';
import { NOTHING_FOUND, planEncode } from '../../core/encode-plan';
import type { Estimate } from '../../core/estimate';
import { estimate } from '../../core/estimate';
import { planHeldPackage } from '../../core/package-plan';
import type { Preset, PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import type { Rendition } from '../../core/rendition';
import { foreseeRenditions } from '../../core/rendition';
import type { Command } from '../command';
import { parseFlags } from '../flags';
import { shellCommand } from '../shell-command';
import { formatTable } from '../table';
import {
  formatFrameRate,
  formatGuessedBytes,
  formatGuessedSeconds,
  formatRange,
  formatSeconds,
  formatUsd,
} from '../units';
import { UsageError } from '../usage-error';
import type { FurtherContent } from './further-inputs';
import { readFurther } from './further-inputs';
import type { WithParts } from './local-parts';
import { PART_FLAGS, PART_USAGE, withParts } from './local-parts';
import { withLocalSource } from './local-source';
import { loadPreset } from './preset-files';
import type { QualitySought } from './quality-sought';
import { qualityLines, qualitySought } from './quality-sought';
import { sourceLine } from './source-line';

/** What a preset will make of a video. */
interface Explanation {
  readonly preset: Preset;
  readonly probe: Probe;
  readonly renditions: readonly Rendition[];
  /** What is sought by trying, which can't be told without. */
  readonly sought: readonly QualitySought[];
  /** Shell commands, one for each time that the worker will start ffmpeg. */
  readonly commands: readonly string[];
  readonly estimate: Estimate | undefined;
}

export const explainPreset: Command = {
  name: 'explain',
  summary: 'what a preset will make of a video: files, ffmpeg command, time, cost',
  usage: `spotreel preset explain NAME|FILE --input VIDEO [--manifest FILE] [--intro FILE] [--outro FILE] [--json]

Looks at a video, encodes nothing, and says what the preset will make of it: each file with its
size, codec and frame rate, the ffmpeg command line as the worker will run it, and about how long
it will take and what it will cost.

  --input VIDEO   the video, on this machine
  --manifest FILE a manifest that names captions or a watermark; captions named after the video
                  (VIDEO.en.srt) are found without
${PART_USAGE}  --json          all of it as one JSON object
`,
  async run(args, out) {
    const { values, positionals } = parseFlags(args, {
      options: {
        ...PART_FLAGS,
        input: { type: 'string' },
        manifest: { type: 'string' },
        json: { type: 'boolean' },
      },
      takes: ['NAME or FILE'],
    });
    const { input } = values;
    if (input === undefined) throw new UsageError('--input is missing. Write --input VIDEO.');
    const [nameOrPath = ''] = positionals;
    const { name, path, preset } = await loadPreset(nameOrPath);
    const explanation = await withLocalSource(input, preset.outputs, async source => {
      const folder = await mkdtemp(join(tmpdir(), 'spotreel-explain-'));
      try {
        const asked = { video: input, manifest: values.manifest, preset: { name, path, content: preset } };
        const further = await readFurther(source, { ...asked, folder });
        const { intro, outro, manifest } = values;
        const parts = { video: input, outputs: preset.outputs, manifest, intro, outro };
        return await withParts(source, parts, async joined => explain({ preset, joined, further }));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
    out.write(values.json === true ? toJson(explanation) : toText({ nameOrPath, input }, explanation));
    return 0;
  },
};

function explain({
  preset,
  joined,
  further,
}: Pick<Explanation, 'preset'> & { joined: WithParts; further: FurtherContent }): Explanation {
  const { outputs } = preset;
  const { probe, groups, pathOf } = joined;
  const runs = groups.flatMap(group => runsOf(group.outputs, group.source.probe, further));
  const renditions = foreseeRenditions(outputs, probe);
  return {
    ...{ preset, probe, renditions },
    sought: qualitySought(outputs, probe),
    commands: runs.map(run => shellCommand('ffmpeg', planArguments(run, pathOf, ''))),
    estimate: estimate(renditions, { probe, task: preset.task }),
  };
}

/** Each time that ffmpeg will be started. */
function runsOf(outputs: readonly PresetOutput[], probe: Probe, further: FurtherContent): FfmpegPlan[] {
  const plan = planEncode(outputs, probe, { ...NOTHING_FOUND, ...further });
  return [
    ...(plan.encode === undefined ? [] : [plan.encode]),
    ...outputs.flatMap(output => (output.kind === 'adaptive' ? planHeldPackage(output, probe) : [])),
    ...plan.stills.map(still => still.wanted),
    ...plan.clips,
  ];
}

function toText(asked: { nameOrPath: string; input: string }, explanation: Explanation): string {
  const { probe, renditions, commands, preset } = explanation;
  const { vcpu, memoryGiB } = preset.task;
  return [
    sourceLine(asked.input, probe),
    '',
    formatTable(
      ['file', 'codec', 'size', 'fps', 'duration', 'bytes'],
      renditions.map(rendition => row(rendition, explanation.estimate)),
    ),
    '',
    'ffmpeg as the worker runs it. There it also gets limits on what it may read and on its memory.',
    '',
    ...commands.map(command => `${command}\n`),
    ...qualityLines(explanation.sought),
    ...(explanation.estimate === undefined
      ? [`How long it takes can't be told, as the file does not say how long it lasts.`]
      : [
          `Encoding: ${formatRange(explanation.estimate.encodeSeconds, formatGuessedSeconds)} on ${vcpu} vCPU and ${memoryGiB} GiB.`,
          `Fargate Spot in us-east-1: ${formatRange(explanation.estimate.spotUsd, formatUsd)} USD; one minute is billed at least.`,
          `A guess from averages. For numbers of this very video: spotreel preset try ${asked.nameOrPath} --input ${asked.input}`,
        ]),
    '',
  ].join('\n');
}

function row(rendition: Rendition, guess: Estimate | undefined): string[] {
  const { output, picture, framesPerSecond, durationSeconds, hasSound, fileName } = rendition;
  const bytes = guess?.bytes.get(fileName);
  const codecs = codecsOf(output, hasSound);
  return [
    fileName,
    codecs.join(' + '),
    picture === undefined ? '' : `${picture.width}×${picture.height}`,
    framesPerSecond === undefined ? '' : formatFrameRate(framesPerSecond),
    durationSeconds === undefined ? '' : formatSeconds(durationSeconds),
    bytes === undefined ? '' : formatRange(bytes, formatGuessedBytes),
  ];
}

function codecsOf(output: Rendition['output'], hasSound: boolean): string[] {
  switch (output.kind) {
    case 'video':
      return [output.video.codec, ...(hasSound && output.audio !== undefined ? [output.audio.codec] : [])];
    case 'audio':
      return [output.audio.codec];
    case 'captions':
      return ['webvtt'];
    case 'still':
    case 'thumbnails':
    case 'storyboard':
    case 'clip':
      return [output.format];
  }
}

function toJson({ preset, probe, renditions, sought, commands, estimate: guess }: Explanation): string {
  const explanation = {
    source: { ...probe, join: undefined },
    task: preset.task,
    renditions: renditions.map(({ output, ...rest }) => ({
      name: output.name,
      kind: output.kind,
      ...rest,
      bytes: guess?.bytes.get(rest.fileName),
    })),
    quality: sought,
    commands,
    estimate: guess && { encodeSeconds: guess.encodeSeconds, spotUsd: guess.spotUsd },
  };
  return `${JSON.stringify(explanation, null, 2)}\n`;
}
