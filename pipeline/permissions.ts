import type { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { acknowledgePattern } from './acknowledge';

/** One thing that a role may do, and why it needs to. */
export interface Permission {
  /** Name of the statement in the policy: letters and digits. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By condition operator and IAM condition key. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** What the stage does with it; where a resource is a pattern, why it must be one. */
  readonly why: string;
}

/** Gives a role exactly these permissions, one statement each. */
export function allow(role: IRole, permissions: readonly Permission[]): void {
  for (const { sid, actions, resources, conditions, why } of permissions) {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        sid,
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
    for (const resource of resources) acknowledgePattern(role, resource, why);
  }
}
