import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { JobRecord, PublishedOutput } from '../core/job';
import { makeDemoClip } from './demo-clip';
import type { WatchOptions } from './job-watch';
import { awaitReceipts, watchJob } from './job-watch';
import type { LocalProcess } from './local-process';
import { startLocalProcess } from './local-process';
import { explainFailure } from './failure-text';
import { outputTable } from './output-table';
import { jobProgress, ProgressLine } from './progress-line';
import { saveOutputs } from './save-outputs';
import { formatBytes } from './table';

const OUTPUT_DIR = join('.spotreel', 'demo');
const HOUR_MS = 3_600_000;

interface DemoOptions {
  readonly input: string | undefined;
  readonly preset: string;
}

async function main(): Promise<number> {
  const options = readOptions();
  await removeOldRuns();
  const workDir = join(OUTPUT_DIR, `run-${process.pid}`);
  await mkdir(workDir, { recursive: true });
  const input = options.input ?? (await makeDemoClip(join(workDir, 'demo.mp4')));
  say(`Starting the local cloud from the synthesized template …`);
  const local = await startLocalProcess({
    dataDir: join(workDir, 'data'),
    context: { 'spotreel:graceSeconds': '10' },
    verbose: true,
  });
  try {
    return await runJob(local, { input, preset: options.preset });
  } finally {
    await local.stop();
    say(`\nTo look around in what is left of it: npm run local -- --data ${join(workDir, 'data')}`);
  }
}

/** The last run stays to be looked at; those of demos that are over go. */
async function removeOldRuns(): Promise<void> {
  for (const name of await readdir(OUTPUT_DIR).catch(() => [])) {
    const pid = /^run-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(OUTPUT_DIR, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function readOptions(): DemoOptions {
  const { values } = parseOptions();
  if (values.input !== undefined && !existsSync(values.input)) {
    throw new Error(
      `--input ${values.input}: there is no such file. Name a video file, or leave --input out for a made one.`,
    );
  }
  return { input: values.input, preset: values.preset };
}

function parseOptions() {
  try {
    return parseArgs({
      options: { input: { type: 'string' }, preset: { type: 'string', default: 'web-720p' } },
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`${problem}\nUsage: npm run demo -- [--input FILE] [--preset NAME]`, { cause: error });
  }
}

async function runJob(
  local: LocalProcess,
  { input, preset }: { input: string; preset: string },
): Promise<number> {
  const { s3, access } = local;
  const videoKey = basename(input);
  say(`aws s3 cp ${input} s3://${access.inbox}/${videoKey}      (${formatBytes(statSync(input).size)})`);
  await s3.send(
    new PutObjectCommand({
      Bucket: access.inbox,
      Key: videoKey,
      Body: createReadStream(input, { highWaterMark: 1024 ** 2 }),
      ContentLength: statSync(input).size,
    }),
  );
  const manifest = JSON.stringify({ preset, user: 'demo' });
  say(`aws s3 cp - s3://${access.inbox}/${videoKey}.json      ${manifest}`);
  await s3.send(new PutObjectCommand({ Bucket: access.inbox, Key: `${videoKey}.json`, Body: manifest }));

  const progress = new ProgressLine({
    isTerminal: process.stdout.isTTY,
    write: text => process.stdout.write(text),
  });
  const watch: WatchOptions = {
    s3,
    stateBucket: access.state,
    videoKey,
    timeoutMs: HOUR_MS,
    onChange: job => progress.show(jobProgress(job)),
  };
  const job = await watchJob(watch);
  progress.end();
  if (job.status !== 'done') {
    say(explainFailure(job));
    return 1;
  }
  await showOutputs(local, job);
  const receipts = await awaitReceipts({ ...watch, timeoutMs: 60_000 }, job);
  const seconds = receipts.reduce((sum, { billedSeconds }) => sum + billedSeconds, 0);
  const usd = receipts.reduce((sum, receipt) => sum + receipt.usd, 0);
  const size = job.preset?.content.task;
  say(
    `\nTask stopped. On Fargate Spot (${size?.vcpu ?? '?'} vCPU, ${size?.memoryGiB ?? '?'} GiB, us-east-1) ${seconds} billed seconds would have cost about ${usd.toFixed(5)} USD.`,
  );
  return 0;
}

async function showOutputs({ s3, access }: LocalProcess, job: JobRecord): Promise<void> {
  await saveOutputs(s3, job, OUTPUT_DIR);
  say(`\n${outputTable(job.outputs)}`);
  say(
    `\nCopies for you to open: ${job.outputs.map(({ fileName }: PublishedOutput) => join(OUTPUT_DIR, fileName)).join(', ')}`,
  );
  say(`Record: s3://${access.state}/jobs/${job.jobId}.json`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
