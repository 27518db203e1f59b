import { join } from 'node:path';
import { startCloud, type RunningCloud } from './cloud';
import { LocalCloudError, messageOf } from './local-cloud-error';
import { parseCommandLine, USAGE, type LocalCommand } from './command-line';
import { synthesize } from './synth';

const ROOT_DIR = join(__dirname, '..');

/** `npm run local`: runs the stack on this machine until it is told to stop. */
async function main(args: string[]): Promise<void> {
  const command = parseCommandLine(args, { dataDir: join(ROOT_DIR, '.spotreel', 'data') });
  if (command.kind === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const stopped = untilStopped();
  const cloud = await Promise.race([start(command), stopped]);
  if (!cloud) return;
  process.stdout.write(command.json ? `${JSON.stringify(summaryOf(cloud))}\n` : instructions(cloud, command));
  await stopped;
  await cloud.close();
}

async function start(command: LocalCommand): Promise<RunningCloud> {
  const assemblyDir =
    command.assemblyDir ?? (await synthesize({ rootDir: ROOT_DIR, context: command.context }));
  return startCloud({ ...command, assemblyDir });
}

function untilStopped(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function summaryOf({
  endpoint,
  region,
  credentials,
  outputs,
}: RunningCloud): Record<string, string | undefined> {
  return {
    endpoint,
    region,
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    inbox: outputs['InboxBucket'],
    outbox: outputs['OutboxBucket'],
    state: outputs['StateBucket'],
  };
}

function instructions(cloud: RunningCloud, { dataDir }: LocalCommand): string {
  const { endpoint, region, accessKeyId, secretAccessKey, inbox, outbox, state } = summaryOf(cloud);
  return `The stack runs on ${endpoint}; its state is in ${dataDir}. Stop it with Ctrl+C.

Paste this into a shell to use it with the aws command:

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region}
  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}
  unset AWS_SESSION_TOKEN AWS_PROFILE

Then, for example:

  aws s3 cp clip.mp4 s3://${inbox ?? 'INBOX'}/clip.mp4 --metadata preset=web-720p
  aws s3 ls --recursive s3://${outbox ?? 'OUTBOX'}/
  aws s3 ls --recursive s3://${state ?? 'STATE'}/jobs/

An aws command that does not heed AWS_ENDPOINT_URL (before 1.29.0 or 2.13.0; aws sqs in all of version 1) takes
--endpoint-url ${endpoint} instead.
`;
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    const text =
      error instanceof LocalCloudError ? error.message : error instanceof Error ? error.stack : undefined;
    process.stderr.write(`${text ?? messageOf(error)}\n`);
    process.exit(1);
  },
);
