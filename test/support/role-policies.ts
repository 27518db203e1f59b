import { Evaluator } from '../../local/template/evaluate';
import type { PolicyQuestion, PolicyStatement } from '../../local/iam';
import { isAllowed, parsePolicy } from '../../local/iam';
import type { SynthesizedPipeline } from './synth-pipeline';
import { resourcesOf } from './synth-pipeline';

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

/** What the roles of a template may do, with every resource named by its logical id. */
export class RolePolicies {
  readonly #pipeline: SynthesizedPipeline;
  readonly #evaluator: Evaluator;

  constructor(pipeline: SynthesizedPipeline) {
    this.#pipeline = pipeline;
    this.#evaluator = new Evaluator({
      template: { Parameters: {}, Mappings: {}, Conditions: {}, Resources: {}, Outputs: {} },
      pseudo: { 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::Partition': 'aws' },
      references: {
        ref: logicalId => logicalId,
        attribute: (logicalId, name) => (name === 'Arn' ? this.arn(logicalId) : `${logicalId}.${name}`),
      },
    });
  }

  /** ARN of a resource of the template. */
  arn(logicalId: string): string {
    const type = this.#typeOf(logicalId);
    switch (type) {
      case 'AWS::S3::Bucket':
        return `arn:aws:s3:::${logicalId}`;
      case 'AWS::ECS::Cluster':
        return this.ecs(`cluster/${logicalId}`);
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${ACCOUNT}:role/${logicalId}`;
      case 'AWS::SQS::Queue':
        return `arn:aws:sqs:${REGION}:${ACCOUNT}:${logicalId}`;
      default:
        return `arn:aws:other:${REGION}:${ACCOUNT}:${type}/${logicalId}`;
    }
  }

  ecs(resource: string): string {
    return `arn:aws:ecs:${REGION}:${ACCOUNT}:${resource}`;
  }

  /** All statements of the role whose logical id begins with `start`. */
  statements(start: string): PolicyStatement[] {
    // CDK puts what goes beyond 10 KB into a managed policy.
    return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
      .flatMap(type => resourcesOf(this.#pipeline, type))
      .filter(({ properties }) => {
        const roles = this.#evaluator.list(properties['Roles']).map(String);
        return roles.some(role => role.startsWith(start));
      })
      .flatMap(({ properties }) => parsePolicy(this.#evaluator.evaluate(properties['PolicyDocument'])));
  }

  may(start: string, question: PolicyQuestion): boolean {
    return isAllowed(this.statements(start), question);
  }

  /** Whether a policy document in the template, such as that of an endpoint, allows this by itself. */
  documentAllows(document: unknown, question: PolicyQuestion): boolean {
    return isAllowed(parsePolicy(this.#evaluator.evaluate(document)), question);
  }

  #typeOf(logicalId: string): string {
    const { Resources } = this.#pipeline.template.toJSON() as { Resources: Record<string, { Type: string }> };
    return Resources[logicalId]?.Type ?? 'unknown';
  }
}
