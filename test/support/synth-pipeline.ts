import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackProps } from 'aws-cdk-lib';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { PipelineConfigInput } from '../../pipeline/config';
import type { ExistingVpc } from '../../pipeline/network/existing-vpc';
import { SpotreelStack } from '../../pipeline/spotreel-stack';

export interface SynthesizedPipeline {
  readonly app: App;
  readonly stack: SpotreelStack;
  readonly template: Template;
}

export interface SynthOptions {
  /** Of the app, beside what is set here. */
  readonly context?: Record<string, unknown>;
  readonly stackProps?: StackProps;
  /** Makes a VPC in the app for the pipeline to run in. */
  readonly existingVpc?: (app: App) => ExistingVpc;
}

/** The stack as users deploy it, but with stand-ins for what takes time to build: the bundles and the image. */
export function synthPipeline(
  config: PipelineConfigInput = {},
  options: SynthOptions = {},
): SynthesizedPipeline {
  const outdir = mkdtempSync(join(tmpdir(), 'spotreel-synth-'));
  const { existingVpc, stackProps } = options;
  const app = new App({ outdir, context: { ...options.context, [DISABLE_ASSET_STAGING_CONTEXT]: true } });
  const stack = new SpotreelStack(app, 'Spotreel', {
    config,
    ...(stackProps === undefined ? {} : { stackProps }),
    ...(existingVpc === undefined ? {} : { existingVpc: existingVpc(app) }),
    workerImage: ContainerImage.fromAsset(join(__dirname, 'worker-image')),
    code: () => Code.fromInline('exports.handler = () => {};'),
  });
  const template = Template.fromStack(stack);
  rmSync(outdir, { recursive: true });
  return { app, stack, template };
}

export interface Resource {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Resources of a type, by the logical id that CDK gave them. */
export function resourcesOf({ template }: SynthesizedPipeline, type: string): Resource[] {
  return Object.entries(template.findResources(type)).map(([logicalId, resource]) => ({
    logicalId,
    properties: (resource['Properties'] ?? {}) as Record<string, unknown>,
  }));
}

/** The one resource of a type whose logical id begins with `start`. */
export function resourceNamed(pipeline: SynthesizedPipeline, type: string, start: string): Resource {
  const [found, ...more] = resourcesOf(pipeline, type).filter(({ logicalId }) => logicalId.startsWith(start));
  if (found === undefined || more.length > 0) throw new Error(`Not exactly one ${type} begins with ${start}`);
  return found;
}

/** What is said aloud when the stack is synthesized. */
export function warningsOf({ stack }: SynthesizedPipeline): string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning'))
    .map(({ data }) => String(data));
}

/** What the stages are told of where tasks start; all of them the same. */
export function networkVariables(pipeline: SynthesizedPipeline): Record<string, unknown> {
  const names = ['SUBNET_IDS', 'SECURITY_GROUP_ID', 'ASSIGN_PUBLIC_IP'];
  const environments = resourcesOf(pipeline, 'AWS::Lambda::Function')
    .map(({ properties }) => properties['Environment'] as { Variables?: Record<string, unknown> } | undefined)
    .map(environment => environment?.Variables ?? {})
    .filter(variables => variables['TASK_FAMILY'] !== undefined)
    .map(variables => Object.fromEntries(names.map(name => [name, variables[name]])));
  const [first, ...others] = environments;
  if (first === undefined || others.some(other => JSON.stringify(other) !== JSON.stringify(first)))
    throw new Error('The stages are told different places, or none');
  return first;
}
