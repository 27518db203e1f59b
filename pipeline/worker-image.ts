import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { buildWorker } from '../container/build';
import { buildFolder } from './build-folder';
import type { PipelineConfigInput } from './config';
import { resolveConfig } from './config';

/** The worker's image, built from container/ when it is deployed; synthesizing bundles the worker but needs no Docker. */
export function workerImage(config: PipelineConfigInput): ContainerImage {
  const folder = buildFolder('worker');
  buildWorker(folder);
  return ContainerImage.fromAsset(folder, {
    platform:
      resolveConfig(config).settings.architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
  });
}
