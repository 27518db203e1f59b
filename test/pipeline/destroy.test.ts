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
  readonly DependsOn?: string | readonly string[];
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

/** What a resource depends on, by what it says or by references, directly or by way of others. */
function dependenciesOf(logicalId: string, resources: ReadonlyMap<string, Deployed>): Set<string> {
  const found = new Set<string>();
  const visit = (id: string): void => {
    const { DependsOn = [], ...rest } = resources.get(id) ?? {};
    const text = JSON.stringify(rest);
    const referred = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, name = '']) => name);
    for (const next of [DependsOn, referred].flat()) {
      if (found.has(next) || !resources.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(logicalId);
  return found;
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

  it('removes networks that were made for jobs while all that this takes is still there', () => {
    const resources = new Map(deployed({ network: 'perJobNat', keepData: false }));
    const networks = [...resources].filter(([, { Type }]) => Type === 'Custom::SpotreelNetworks');
    expect(networks).toHaveLength(1);
    const outlived = [...dependenciesOf(networks[0]?.[0] ?? '', resources)];
    for (const start of [
      ...[
        'PipelineNetworkStageFunction',
        'PipelineNetworkStageRole',
        'PipelineNetworkStageRoleDefaultPolicy',
      ],
      ...['PipelineNetworkStageFunctionSqsEventSource', 'PipelineNetworkStageLogs'],
      ...['PipelineNetworkRequestsQueue', 'PipelineNetworkRequestsDeadLetters', 'PipelineWorkerCluster'],
      ...['PipelineStorageState', 'PipelineStorageStatePolicy'],
      // It empties the bucket, records of networks included.
      'PipelineStorageStateAutoDeleteObjectsCustomResource',
    ])
      expect(outlived.filter(logicalId => logicalId.startsWith(start))).not.toEqual([]);
  });

  it.each(['publicSubnet', 'privateEndpoints'] as const)(
    'stops tasks in %s after all that would start others is gone, while cluster and sweep are there',
    mode => {
      const resources = new Map(deployed({ network: { mode }, keepData: false }));
      const ofType = (...types: string[]): string[] =>
        [...resources].filter(([, { Type }]) => types.includes(Type)).map(([logicalId]) => logicalId);
      expect(ofType('Custom::SpotreelNetworks')).toEqual([]);
      const [tasks = '', ...others] = ofType('Custom::SpotreelTasks');
      expect(others).toEqual([]);
      const invokers = ofType('AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule');
      // Uploads and reports; the states of tasks and the sweep's schedule.
      expect(invokers).toHaveLength(4);
      for (const invoker of invokers) expect(dependenciesOf(invoker, resources)).toContain(tasks);
      const outlived = [...dependenciesOf(tasks, resources)];
      for (const start of [
        ...['PipelineSweepFunction', 'PipelineSweepRoleDefaultPolicy', 'PipelineSweepLogs'],
        ...['PipelineWorkerCluster', 'PipelineNetworkVpc'],
      ])
        expect([start, outlived.some(logicalId => logicalId.startsWith(start))]).toEqual([start, true]);
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
