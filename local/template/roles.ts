import { z } from 'zod';
import { parsePolicy, type PolicyStatement, type RolePolicies } from '../iam';
import type { Resources } from './resources';

const inlinePolicy = z.object({ PolicyDocument: z.unknown() });

const roleSchema = z.object({
  Policies: z.array(inlinePolicy).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
});

const policySchema = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.string()).default([]) });

/** Every role with the statements of its inline policies and of the policies attached to it from either side. */
export function readRoles(resources: Resources): RolePolicies[] {
  const policies = resources.ofType('AWS::IAM::Policy').map(resource => resource.properties(policySchema));
  const managed = resources
    .ofType('AWS::IAM::ManagedPolicy')
    .map(resource => ({ arn: resource.ref, ...resource.properties(policySchema) }));
  return resources.ofType('AWS::IAM::Role').map(resource => {
    const { Policies, ManagedPolicyArns } = resource.properties(roleSchema);
    const documents = [
      ...Policies,
      ...policies.filter(({ Roles }) => Roles.includes(resource.ref)),
      ...managed.filter(({ arn, Roles }) => Roles.includes(resource.ref) || ManagedPolicyArns.includes(arn)),
    ];
    return {
      arn: resource.attribute('Arn'),
      statements: [
        ...documents.flatMap(({ PolicyDocument }) => parsePolicy(PolicyDocument)),
        ...ManagedPolicyArns.flatMap(statementsOfAws),
      ],
    };
  });
}

/** AWS's own policies, as far as they grant what the local cloud enforces. */
function statementsOfAws(arn: string): PolicyStatement[] {
  if (!arn.endsWith('/AWSLambdaSQSQueueExecutionRole')) return [];
  return [
    {
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: ['*'],
      Condition: {},
    },
  ];
}
