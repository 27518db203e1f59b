import { z } from 'zod';
import type { RuleModel, TargetModel } from './model';
import type { Resources } from './resources';

const targetSchema = z.object({
  Arn: z.string(),
  Input: z.string().optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
});

const state = z.enum(['ENABLED', 'DISABLED']).default('ENABLED');

const ruleSchema = z.object({
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  State: state,
  Targets: z.array(targetSchema).default([]),
});

const scheduleSchema = z.object({ ScheduleExpression: z.string(), State: state, Target: targetSchema });

/** EventBridge rules and schedules that are enabled. */
export function readRules(resources: Resources): RuleModel[] {
  return [...readEventRules(resources), ...readSchedules(resources)];
}

function readEventRules(resources: Resources): RuleModel[] {
  return resources.ofType('AWS::Events::Rule').flatMap(resource => {
    const properties = resource.properties(ruleSchema);
    if (properties.State === 'DISABLED') return [];
    return [
      {
        name: resource.ref,
        arn: resource.attribute('Arn'),
        pattern: properties.EventPattern,
        schedule: properties.ScheduleExpression,
        targets: properties.Targets.map(toTarget),
      },
    ];
  });
}

function readSchedules(resources: Resources): RuleModel[] {
  return resources.ofType('AWS::Scheduler::Schedule').flatMap(resource => {
    const properties = resource.properties(scheduleSchema);
    if (properties.State === 'DISABLED') return [];
    return [
      {
        name: resource.ref,
        arn: resource.attribute('Arn'),
        schedule: properties.ScheduleExpression,
        targets: [toTarget(properties.Target)],
      },
    ];
  });
}

function toTarget({
  Arn,
  Input,
  InputTransformer,
  DeadLetterConfig,
}: z.infer<typeof targetSchema>): TargetModel {
  return {
    arn: Arn,
    input: Input,
    inputTransformer: InputTransformer && {
      paths: InputTransformer.InputPathsMap,
      template: InputTransformer.InputTemplate,
    },
    deadLetterArn: DeadLetterConfig?.Arn,
  };
}
