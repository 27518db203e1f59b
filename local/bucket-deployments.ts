import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { S3Service } from './s3/service';
import type { BucketDeploymentModel } from './template';
import { writeFileAtomically } from './write-file';

const CONTENT_TYPES = new Map([
  ['.json', 'application/json'],
  ['.txt', 'text/plain'],
  ['.html', 'text/html'],
  ['.css', 'text/css'],
  ['.js', 'text/javascript'],
  ['.svg', 'image/svg+xml'],
]);

const deployedSchema = z.record(z.string(), z.string());

/**
 * Copies the files that come with the stack into their buckets, once for each content: what a person changed in
 * the bucket since then is left alone until the stack brings something new. Nothing is ever deleted.
 */
export async function deployFiles(options: {
  deployments: readonly BucketDeploymentModel[];
  s3: Pick<S3Service, 'putObject'>;
  /** Remembers what was deployed. */
  statePath: string;
}): Promise<void> {
  const { deployments, s3, statePath } = options;
  const deployed = existsSync(statePath)
    ? deployedSchema.parse(JSON.parse(readFileSync(statePath, 'utf8')))
    : {};
  for (const { logicalId, bucket, keyPrefix, contentHash, directories } of deployments) {
    if (deployed[logicalId] === contentHash) continue;
    for (const { key, path } of directories.flatMap(filesIn)) {
      const contentType = CONTENT_TYPES.get(extname(path).toLowerCase()) ?? 'application/octet-stream';
      await s3.putObject({ bucket, key: `${keyPrefix}${key}`, body: readFileSync(path), contentType });
    }
    deployed[logicalId] = contentHash;
    writeFileAtomically(statePath, JSON.stringify(deployed, null, 2));
  }
}

function filesIn(directory: string): Array<{ key: string; path: string }> {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({ path, key: relative(directory, path).split(sep).join('/') }));
}
