import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Why one rule of cdk-nag does not hold for a construct and what is in it. */
export function acknowledge(scope: IConstruct, rule: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}

/** Why a policy names resources by a pattern; without a wildcard in the ARN there is nothing to acknowledge. */
export function acknowledgePattern(scope: IConstruct, arn: string, reason: string): void {
  const pattern = flatten(Stack.of(scope).resolve(arn));
  if (pattern.includes('*')) acknowledge(scope, `IAM5[Resource::${pattern}]`, reason);
}

/** An ARN as cdk-nag spells it: references in angle brackets. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${String(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt']))
    return `<${value['Fn::GetAtt'].map(String).join('.')}>`;
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [delimiter, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(flatten).join(delimiter);
  }
  return JSON.stringify(value);
}
