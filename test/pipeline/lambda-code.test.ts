import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetCode } from 'aws-cdk-lib/aws-lambda';
import { bundledStages } from '../../pipeline/lambda-code';
import { NETWORK_STAGE, STAGES } from '../../pipeline/stage';

const ALL = [...STAGES, NETWORK_STAGE] as const;
const codeOf = bundledStages(ALL);

function folderOf(stage: (typeof ALL)[number]): string {
  const code = codeOf(stage);
  if (!(code instanceof AssetCode)) throw new Error(`The code of ${stage} is no asset`);
  return code.path;
}

afterAll(() => rmSync(dirname(folderOf('sweep')), { recursive: true }));

const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  INBOX_BUCKET: 'inbox',
  OUTBOX_BUCKET: 'outbox',
  STATE_BUCKET: 'state',
  ORDER_QUEUE_URL: 'https://queue.example/orders',
  URGENT_ORDER_QUEUE_URL: 'https://queue.example/urgent',
  CLUSTER_ARN: 'arn:aws:ecs:eu-central-1:111122223333:cluster/c',
  TASK_FAMILY: 'spotreel-worker',
  SECURITY_GROUP_ID: 'sg-1',
  SUBNET_IDS: 'subnet-1,subnet-2',
  NETWORK_QUEUE_URL: 'https://queue.example/networks',
  NETWORK_ZONES: 'eu-central-1a,eu-central-1b',
  DEPLOYMENT: 'Spotreel',
  ASSIGN_PUBLIC_IP: 'ENABLED',
  SETTINGS: '{}',
};

describe('the bundles of the stages', () => {
  it.each(ALL)('%s is one file that imports nothing but Node itself and exports a handler', stage => {
    const folder = folderOf(stage);
    expect(readdirSync(folder)).toEqual(['index.mjs']);
    const load = `import('${join(folder, 'index.mjs')}').then(({ handler }) => console.log(typeof handler))`;
    // Far from node_modules, so that an import that was not bundled fails.
    const printed = execFileSync(process.execPath, ['--no-warnings', '--eval', load], {
      cwd: folder,
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    expect(printed.trim()).toBe('function');
  });

  it('are different: each stage gets its own', () => {
    const contents = ALL.map(stage => readFileSync(join(folderOf(stage), 'index.mjs'), 'utf8'));
    expect(new Set(contents).size).toBe(ALL.length);
  });

  it('have the client of EC2 only where it is needed: for the address of a task, and for networks', () => {
    const withEc2 = ALL.filter(stage =>
      readFileSync(join(folderOf(stage), 'index.mjs'), 'utf8').includes('CreateNatGateway'),
    );
    expect(withEc2).toEqual(['completion', NETWORK_STAGE]);
  });

  it('refuse to start without their environment, naming what is missing', () => {
    const file = join(folderOf('sweep'), 'index.mjs');
    expect(() => execFileSync(process.execPath, ['--no-warnings', file], { env: {}, stdio: 'pipe' })).toThrow(
      /ORDER_QUEUE_URL/,
    );
  });
});
