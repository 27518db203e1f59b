import { Match } from 'aws-cdk-lib/assertions';
import { synthPipeline } from '../support/synth-pipeline';

describe('sweep', () => {
  it.each([
    [5, 'rate(5 minutes)'],
    [1, 'rate(1 minute)'],
    [60, 'rate(1 hour)'],
  ])('runs every %s minutes', (sweepMinutes, expression) => {
    const { template } = synthPipeline({ sweepMinutes });
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: expression,
      State: 'ENABLED',
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });
});
