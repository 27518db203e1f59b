import type { z } from 'zod';
import { LocalCloudError } from '../local-cloud-error';
import type { Assembly, TemplateResource } from './assembly';
import { Evaluator, type References } from './evaluate';
import { identify, passiveAttribute, type Identity, type Naming } from './identities';
import { Namer } from './names';
import { text } from './scalars';

/** Where and as whom the template is deployed. */
export interface Deployment {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
}

/** One resource of the template with its properties evaluated. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
  attribute(name: string): string;
  /** Reads the properties; throws an error that names the resource and the property at fault. */
  properties<Schema extends z.ZodType>(schema: Schema): z.infer<Schema>;
}

/** The template's resources, found by type and by what `Ref` or their ARN says. */
export class Resources implements References {
  readonly evaluator: Evaluator;
  readonly assembly: Assembly;
  readonly deployment: Deployment;
  readonly #namer: Namer;
  readonly #identities = new Map<string, Identity>();

  constructor(assembly: Assembly, deployment: Deployment) {
    const { stackName, template } = assembly;
    this.assembly = assembly;
    this.deployment = deployment;
    this.#namer = new Namer(stackName, template.Resources);
    this.evaluator = new Evaluator({
      template,
      references: this,
      pseudo: {
        'AWS::AccountId': deployment.accountId,
        'AWS::Region': deployment.region,
        'AWS::Partition': 'aws',
        'AWS::URLSuffix': 'amazonaws.com',
        'AWS::StackName': stackName,
        'AWS::StackId': `arn:aws:cloudformation:${deployment.region}:${deployment.accountId}:stack/${stackName}/local`,
      },
    });
  }

  /** All resources of a type whose condition holds. */
  ofType(type: string): DeployedResource[] {
    return Object.entries(this.assembly.template.Resources)
      .filter(([, resource]) => resource.Type === type && this.#isDeployed(resource))
      .map(([logicalId, resource]) => this.#deployed(logicalId, resource));
  }

  ref(logicalId: string): string {
    return this.#identity(logicalId).ref;
  }

  attribute(logicalId: string, name: string): string {
    const { ref, attributes } = this.#identity(logicalId);
    return attributes[name] ?? passiveAttribute(this.#naming(logicalId), ref, name);
  }

  #isDeployed({ Condition }: TemplateResource): boolean {
    return Condition === undefined || this.evaluator.condition(Condition);
  }

  #deployed(logicalId: string, resource: TemplateResource): DeployedResource {
    return {
      logicalId,
      type: resource.Type,
      ref: this.ref(logicalId),
      attribute: name => this.attribute(logicalId, name),
      properties: schema => {
        const parsed = schema.safeParse(this.evaluator.evaluate(resource.Properties));
        if (parsed.success) return parsed.data;
        throw new LocalCloudError(
          `Resource ${logicalId} (${resource.Type}) of the template is not as the local cloud needs it: ` +
            parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
        );
      },
    };
  }

  #identity(logicalId: string): Identity {
    const known = this.#identities.get(logicalId);
    if (known) return known;
    const naming = this.#naming(logicalId);
    const identity = identify(naming);
    if (!identity) {
      throw new LocalCloudError(
        `Resource ${logicalId} has the type ${naming.type}, which the local cloud does not know, and others depend on it.`,
      );
    }
    this.#identities.set(logicalId, identity);
    return identity;
  }

  #naming(logicalId: string): Naming {
    const resource = this.assembly.template.Resources[logicalId];
    if (!resource) throw new LocalCloudError(`The template refers to ${logicalId}, which it does not have.`);
    return {
      ...this.deployment,
      logicalId,
      type: resource.Type,
      stackName: this.assembly.stackName,
      namer: this.#namer,
      property: name => {
        const value = this.evaluator.evaluate(resource.Properties[name]);
        return text.safeParse(value).data;
      },
    };
  }
}
