import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LocalCloudError, messageOf } from '../local-cloud-error';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const templateSchema = z.object({
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() }))
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Condition: z.string().optional() }))
    .default({}),
});

const assetsSchema = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string().optional() }) })).default({}),
  dockerImages: z
    .record(z.string(), z.object({ source: z.object({ directory: z.string().optional() }) }))
    .default({}),
});

/** A CloudFormation template, as far as it is read. */
export type Template = z.infer<typeof templateSchema>;
export type TemplateResource = z.infer<typeof resourceSchema>;

/** What `cdk synth` wrote: a stack's template and the assets that it refers to. */
export interface Assembly {
  readonly directory: string;
  readonly stackName: string;
  readonly template: Template;
  /** Folder or file of a file asset, by its hash. */
  readonly files: ReadonlyMap<string, string>;
  /** Build folder of a container image, by its hash. */
  readonly images: ReadonlyMap<string, string>;
}

const TEMPLATE_ENDING = '.template.json';

/** Reads a cloud assembly of exactly one stack. */
export function readAssembly(directory: string): Assembly {
  const templates = existsSync(directory)
    ? readdirSync(directory).filter(name => name.endsWith(TEMPLATE_ENDING))
    : [];
  const [templateName] = templates;
  if (templateName === undefined || templates.length > 1) {
    throw new LocalCloudError(
      `${directory} holds ${templates.length} files named *${TEMPLATE_ENDING} and must hold one; ` +
        'give the folder that `cdk synth` wrote for one stack.',
    );
  }
  const stackName = templateName.slice(0, -TEMPLATE_ENDING.length);
  const assetsPath = join(directory, `${stackName}.assets.json`);
  const assets = existsSync(assetsPath) ? readJson(assetsPath, assetsSchema) : assetsSchema.parse({});
  return {
    directory,
    stackName,
    template: readJson(join(directory, templateName), templateSchema),
    files: pathsOf(directory, assets.files, ({ source }) => source.path),
    images: pathsOf(directory, assets.dockerImages, ({ source }) => source.directory),
  };
}

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new LocalCloudError(`${path} cannot be used: ${messageOf(error)}`);
  }
}

function pathsOf<Asset>(
  directory: string,
  assets: Record<string, Asset>,
  pathOf: (asset: Asset) => string | undefined,
): Map<string, string> {
  return new Map(
    Object.entries(assets).flatMap(([hash, asset]) => {
      const path = pathOf(asset);
      return path === undefined ? [] : [[hash, resolve(directory, path)] as const];
    }),
  );
}
