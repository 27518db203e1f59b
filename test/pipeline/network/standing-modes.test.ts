import { RolePolicies } from '../../support/role-policies';
import type { SynthesizedPipeline } from '../../support/synth-pipeline';
import { synthPipeline } from '../../support/synth-pipeline';

/** Whose policies test/pipeline/stage-permissions.test.ts asks for what they allow and deny, in the default mode. */
const ROLES = [
  ...['PipelineIntakeRole', 'PipelineCompletionRole', 'PipelineTaskStateRole', 'PipelineSweepRole'],
  ...['PipelineWorkerTaskRole', 'PipelineWorkerTaskExecutionRole'],
];

const MODES: readonly [string, SynthesizedPipeline][] = [
  [
    'existingVpc',
    synthPipeline({
      network: {
        ...{ mode: 'existingVpc', vpcId: 'vpc-01234567', wayOut: 'nat' },
        subnetIds: ['subnet-01234567'],
      },
    }),
  ],
  ['privateEndpoints', synthPipeline({ network: 'privateEndpoints' })],
];
const byDefault = new RolePolicies(synthPipeline());

describe.each(MODES)('in the network %s', (_, pipeline) => {
  const policies = new RolePolicies(pipeline);

  it.each(ROLES)('%s may do exactly what it may do by default', role => {
    expect(policies.statements(role)).not.toEqual([]);
    expect(policies.statements(role)).toEqual(byDefault.statements(role));
  });

  it.each(ROLES)('%s may change and see nothing of EC2', role => {
    const actions = policies.statements(role).flatMap(({ Action = [] }) => Action);
    expect(actions.filter(action => action.startsWith('ec2:'))).toEqual([]);
    for (const action of ['ec2:CreateVpc', 'ec2:DeleteVpc', 'ec2:AllocateAddress', 'ec2:DescribeVpcs'])
      expect(policies.may(role, { action, resource: '*' })).toBe(false);
  });
});
