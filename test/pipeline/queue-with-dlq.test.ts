import { Match } from 'aws-cdk-lib/assertions';
import { resourceNamed, resourcesOf, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();
const queues = resourcesOf(pipeline, 'AWS::SQS::Queue');
const isDeadLetters = ({ logicalId }: { logicalId: string }): boolean => logicalId.includes('DeadLetters');

interface RedrivePolicy {
  readonly deadLetterTargetArn: { readonly 'Fn::GetAtt': readonly [string, string] };
  readonly maxReceiveCount: number;
}

describe('queues', () => {
  it('are encrypted, every one', () => {
    for (const { properties } of queues) expect(properties).toMatchObject({ SqsManagedSseEnabled: true });
  });

  it('refuse what does not come by TLS, every one', () => {
    for (const { logicalId } of queues) {
      pipeline.template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: logicalId }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
    }
  });

  it.each(['PipelineIntakeEventsQueue', 'PipelineOrdersQueue', 'PipelineReportsQueue'])(
    '%s gives up to a queue that keeps longer than it does itself',
    name => {
      const { properties } = resourceNamed(pipeline, 'AWS::SQS::Queue', name);
      const redrive = properties['RedrivePolicy'] as RedrivePolicy;
      const target = queues.find(
        ({ logicalId }) => logicalId === redrive.deadLetterTargetArn['Fn::GetAtt'][0],
      );
      expect(redrive.maxReceiveCount).toBeGreaterThanOrEqual(3);
      expect(target?.properties['MessageRetentionPeriod']).toBeGreaterThan(
        Number(properties['MessageRetentionPeriod']),
      );
    },
  );

  it('are these four, and the dead letters of five', () => {
    expect(queues.filter(queue => !isDeadLetters(queue))).toHaveLength(4);
    expect(queues.filter(isDeadLetters)).toHaveLength(5);
  });

  it('hide a message for at least six times as long as the function that reads it may take', () => {
    const mappings = resourcesOf(pipeline, 'AWS::Lambda::EventSourceMapping');
    const functions = resourcesOf(pipeline, 'AWS::Lambda::Function');
    expect(mappings).toHaveLength(2);
    for (const { properties } of mappings) {
      const source = (properties['EventSourceArn'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
      const reader = (properties['FunctionName'] as { Ref: string }).Ref;
      const visibility = queues.find(({ logicalId }) => logicalId === source)?.properties[
        'VisibilityTimeout'
      ];
      const timeout = functions.find(({ logicalId }) => logicalId === reader)?.properties['Timeout'];
      expect(visibility).toBeGreaterThanOrEqual(6 * Number(timeout));
    }
  });

  it('orders come again when a lease has not been renewed', () => {
    const visibilityWith = (leaseSeconds: number) =>
      resourceNamed(synthPipeline({ leaseSeconds }), 'AWS::SQS::Queue', 'PipelineOrdersQueue').properties[
        'VisibilityTimeout'
      ];
    expect(visibilityWith(30)).toBe(30);
  });
});
