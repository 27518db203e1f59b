import { readEnvironment } from '../../handlers/adapters/environment';
import { STAGES } from '../../pipeline/stage';
import { resourceNamed, resourcesOf, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline({ graceSeconds: 7 });
const LOGICAL_NAMES = {
  intake: 'PipelineIntakeFunction',
  completion: 'PipelineCompletionFunction',
  'task-state': 'PipelineTaskStateFunction',
  sweep: 'PipelineSweepFunction',
} as const;

const functionOf = (stage: (typeof STAGES)[number]) =>
  resourceNamed(pipeline, 'AWS::Lambda::Function', LOGICAL_NAMES[stage]);

describe('every stage', () => {
  it.each(STAGES)('%s runs outside of any network, on ARM, on the newest Node', stage => {
    const { properties } = functionOf(stage);
    expect(properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
    });
    expect(properties).not.toHaveProperty('VpcConfig');
    expect(properties).not.toHaveProperty('TracingConfig');
  });

  it.each(STAGES)('%s gets an environment that its own parser accepts', stage => {
    const { Variables } = functionOf(stage).properties['Environment'] as {
      Variables: Record<string, unknown>;
    };
    const text = Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? value
          : name.endsWith('_URL')
            ? 'https://queue.example'
            : 'arn:of:something',
      ]),
    );
    expect(readEnvironment(text).settings.graceSeconds).toBe(7);
  });

  it('writes to a log group of its own', () => {
    const groups = STAGES.map(stage => functionOf(stage).properties['LoggingConfig']);
    expect(new Set(groups.map(group => JSON.stringify(group))).size).toBe(STAGES.length);
  });
});

it('no function runs in a VPC, helpers of CDK included', () => {
  for (const { properties } of resourcesOf(pipeline, 'AWS::Lambda::Function'))
    expect(properties).not.toHaveProperty('VpcConfig');
});

it('all logs are kept for as long as configured', () => {
  const { template } = synthPipeline({ logRetentionDays: 90 });
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
});
