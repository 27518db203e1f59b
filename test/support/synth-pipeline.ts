import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { PipelineConfigInput } from '../../pipeline/config';
import { SpotreelStack } from '../../pipeline/spotreel-stack';

export interface SynthesizedPipeline {
  readonly app: App;
  readonly stack: SpotreelStack;
  readonly template: Template;
}

/** The stack as users deploy it, but with stand-ins for what takes time to build: the bundles and the image. */
export function synthPipeline(config: PipelineConfigInput = {}): SynthesizedPipeline {
  const outdir = mkdtempSync(join(tmpdir(), 'spotreel-synth-'));
  const app = new App({ outdir, context: { [DISABLE_ASSET_STAGING_CONTEXT]: true } });
  const stack = new SpotreelStack(app, 'Spotreel', {
    config,
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
