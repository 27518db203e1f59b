import type { PipelineConfig } from '../../pipeline/config';
import type { Account } from './account';
import type { Machine } from './machine';

/** What a check came to. */
export interface Finding {
  /** `missing`: something needed is not there. `warning`: it works, within limits. `unknown`: it could not be looked at. */
  readonly status: 'ok' | 'warning' | 'missing' | 'unknown';
  /** What is there. */
  readonly found: string;
  /** What to do. Absent when all is well, and when something else must be seen to first. */
  readonly fix?: string;
}

/** The deployment as it is configured. */
export interface Deployment {
  readonly config: PipelineConfig;
  /** CDK's context `@aws-cdk/core:bootstrapQualifier`. Default hnb659fds. */
  readonly bootstrapQualifier: string;
}

export interface MachineSight {
  readonly machine: Machine;
  readonly deployment: Deployment;
  /** Whether only the local cloud is to run here, so that what it needs is needed. */
  readonly isForLocal: boolean;
}

export interface AccountSight {
  readonly account: Account;
  readonly deployment: Deployment;
}

/** A check of this machine. */
export interface MachineCheck {
  readonly name: string;
  /** Whether only a deployment needs it, and not the local cloud. */
  readonly isForDeployment: boolean;
  look(sight: MachineSight): Promise<Finding>;
}

/** A check of the AWS account in one region. */
export interface AccountCheck {
  readonly name: string;
  /** IAM actions that it takes to look. */
  readonly actions: readonly string[];
  look(sight: AccountSight): Promise<Finding>;
}

export function ok(found: string): Finding {
  return { status: 'ok', found };
}
