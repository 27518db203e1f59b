import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { PipelineConfigInput } from '../../pipeline/config';
import { synthPipeline } from '../support/synth-pipeline';

const CONFIGS: readonly PipelineConfigInput[] = [
  {},
  { keepData: false, alarmEmail: 'on-call@example.org', network: 'perJobNat' },
  { architecture: 'arm64', alarms: false, network: 'privateEndpoints' },
  {
    network: { mode: 'existingVpc', vpcId: 'vpc-01234567', subnetIds: ['subnet-01234567'], wayOut: 'nat' },
    statusPort: 8080,
    statusCidrs: ['203.0.113.0/24'],
  },
];

/** Findings of cdk-nag that are not acknowledged. */
function findings(scope: IConstruct): string[] {
  return new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath ?? ''}`),
    );
}

interface Acknowledged {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

function acknowledgements(scope: IConstruct): Acknowledged[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string>)
          .map(([id, reason]) => ({
            path: node.path,
            rule: id.replace(/^annotation::/i, ''),
            reason,
          }))
          // CDK acknowledges rules of its own.
          .filter(({ rule }) => rule.startsWith('AwsSolutions-')),
      ),
  );
}

describe('cdk-nag, AwsSolutions', () => {
  it.each(CONFIGS)('finds nothing with %j', config => {
    expect(findings(synthPipeline(config).app)).toEqual([]);
  });

  it('does find what is wrong and not acknowledged', () => {
    const stack = new Stack(synthPipeline().app, 'Wrong');
    new Queue(stack, 'Queue');
    expect(findings(stack)).toEqual(expect.arrayContaining([expect.stringContaining('AwsSolutions-SQS4')]));
  });

  it('is told a reason for each acknowledgement, one that says something', () => {
    const all = acknowledgements(synthPipeline().app);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(({ reason }) => reason.length < 30)).toEqual([]);
  });

  it('would find everything that is acknowledged: no acknowledgement is left over', () => {
    const { app } = synthPipeline();
    const all = acknowledgements(app);
    const hidden = jest.replaceProperty<typeof Validations, 'ACKNOWLEDGED_RULES_METADATA_KEY'>(
      Validations,
      'ACKNOWLEDGED_RULES_METADATA_KEY',
      'none' as typeof Validations.ACKNOWLEDGED_RULES_METADATA_KEY,
    );
    const found = findings(app);
    hidden.restore();
    const leftOver = all.filter(
      ({ path, rule }) => !found.some(finding => finding.startsWith(`${rule} ${path}`)),
    );
    expect(leftOver.map(({ path, rule }) => `${rule} ${path}`)).toEqual([]);
  });
});

describe('cfn-lint', () => {
  const isInstalled = spawnSync('cfn-lint', ['--version']).status === 0;
  const whereInstalled = isInstalled ? it : it.skip;

  whereInstalled('has no remark on any of these (skipped where it is not installed)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spotreel-lint-'));
    try {
      const files = CONFIGS.map((config, index) => {
        const file = join(folder, `${index}.json`);
        writeFileSync(file, JSON.stringify(synthPipeline(config).template.toJSON()));
        return file;
      });
      const { stdout, status } = spawnSync('cfn-lint', files, { encoding: 'utf8' });
      expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
