import type { PipelineConfigInput } from '../../pipeline/config';
import { synthPipeline } from '../support/synth-pipeline';

interface Kept {
  readonly logicalId: string;
  readonly type: string;
}

interface Deployed {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: { readonly LoggingConfig?: object; readonly LogGroupName?: unknown };
}

function deployed(config: PipelineConfigInput): [logicalId: string, resource: Deployed][] {
  const { Resources } = synthPipeline(config).template.toJSON() as { Resources: Record<string, Deployed> };
  return Object.entries(Resources);
}

/** What CloudFormation leaves behind, when the stack goes or when a resource is replaced. */
function keptOf(config: PipelineConfigInput): Kept[] {
  const policies = ({ DeletionPolicy, UpdateReplacePolicy }: Deployed): unknown[] => [
    DeletionPolicy,
    UpdateReplacePolicy,
  ];
  return deployed(config)
    .filter(([, resource]) => policies(resource).some(policy => policy !== undefined && policy !== 'Delete'))
    .map(([logicalId, { Type: type }]) => ({ logicalId, type }));
}

describe('cdk destroy', () => {
  it('leaves the three buckets behind and nothing else', () => {
    const kept = keptOf({});
    expect(kept.map(({ type }) => type)).toEqual(Array(3).fill('AWS::S3::Bucket'));
    expect(new Set(kept.map(({ logicalId }) => logicalId)).size).toBe(3);
  });

  it.each(['publicSubnet', 'privateEndpoints', 'perJobNat'] as const)(
    'leaves nothing behind with keepData: false, in %s',
    mode => {
      expect(keptOf({ keepData: false, network: { mode } })).toEqual([]);
    },
  );

  it('leaves no log group behind that Lambda or ECS made: the pipeline names its own, which go with it', () => {
    const resources = deployed({});
    const functions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
    for (const [logicalId, { Properties }] of functions)
      expect([logicalId, Properties?.LoggingConfig]).toEqual([
        logicalId,
        { LogGroup: { Ref: expect.any(String) as string } },
      ]);
    const groups = resources.filter(([, { Type }]) => Type === 'AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(functions.length);
    for (const [, { DeletionPolicy }] of groups) expect(DeletionPolicy).toBe('Delete');
  });
});
