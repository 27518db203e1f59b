import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { LocalCloudError } from './local-cloud-error';

/** All that the template and its assets are made from; whatever changes in here makes another assembly. */
const SOURCES = [
  'cdk.context.json',
  'cdk.json',
  'container',
  'core',
  'handlers',
  'package-lock.json',
  'pipeline',
  'presets',
];
/** Made from the rest. */
const DERIVED = ['container/dist', 'node_modules'];
const APP_PREFIX = 'npx tsx ';
const STDERR_TAIL = 4000;
/** Days after which a synthesized stack is thrown away when another is made. */
const KEPT_DAYS = 2;

const contextSchema = z.record(z.string(), z.unknown());
const configSchema = z.object({ app: z.string().startsWith(APP_PREFIX), context: contextSchema.default({}) });

export interface SynthOptions {
  /** Root of the repository. */
  readonly rootDir: string;
  /** Context that comes on top of cdk.json's. */
  readonly context?: Readonly<Record<string, string>>;
  /** Takes a line that says that it will take a moment. Default: standard error. */
  readonly onProgress?: (line: string) => void;
}

/** The folder of the synthesized stack; it is made when the sources have changed since it was made last. */
export async function synthesize(options: SynthOptions): Promise<string> {
  const { rootDir, context = {} } = options;
  const assemblies = join(rootDir, '.spotreel', 'assemblies');
  const directory = join(assemblies, hashSources(rootDir, context));
  if (existsSync(directory)) return directory;
  const onProgress = options.onProgress ?? (line => process.stderr.write(`${line}\n`));
  onProgress('Synthesizing the stack (about ten seconds, once for each change of the sources) …');
  mkdirSync(assemblies, { recursive: true });
  const temporary = mkdtempSync(`${directory}.`);
  const removeTemporary = (): void => rmSync(temporary, { recursive: true, force: true });
  process.once('exit', removeTemporary);
  try {
    await runApp(rootDir, { context, outDir: temporary });
    renameSync(temporary, directory);
    removeOldAssemblies(assemblies, Date.now());
  } catch (error) {
    // Another process may have made the same one meanwhile.
    if (!existsSync(directory)) throw error;
  } finally {
    process.off('exit', removeTemporary);
    removeTemporary();
  }
  return directory;
}

/** Each change of the sources leaves a folder of some 20 MB. Young ones stay: a cloud that runs reads its code from there. */
function removeOldAssemblies(assemblies: string, nowMs: number): void {
  for (const name of readdirSync(assemblies)) {
    const path = join(assemblies, name);
    const ageMs = nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
    if (ageMs > KEPT_DAYS * 86_400_000) rmSync(path, { recursive: true, force: true });
  }
}

/** SHA-256 over names and contents of all sources, and the context. */
export function hashSources(rootDir: string, context: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(context).sort()));
  for (const path of SOURCES.flatMap(source => filesAt(rootDir, join(rootDir, source)))) {
    const content = readFileSync(path);
    hash.update(`\0${relative(rootDir, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

function filesAt(rootDir: string, path: string): string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status || DERIVED.includes(relative(rootDir, path))) return [];
  if (!status.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap(name => filesAt(rootDir, join(path, name)));
}

async function runApp(
  rootDir: string,
  { context, outDir }: { context: Readonly<Record<string, string>>; outDir: string },
): Promise<void> {
  const config = configSchema.parse(readJson(join(rootDir, 'cdk.json')));
  const lookups = contextSchema.parse(readJson(join(rootDir, 'cdk.context.json')) ?? {});
  const app = config.app.slice(APP_PREFIX.length).split(' ');
  const tsx = join(rootDir, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const child = spawn(process.execPath, [tsx, ...app], {
    cwd: rootDir,
    env: {
      ...process.env,
      CDK_OUTDIR: outDir,
      // CDK's own check of the template takes seconds, and is made when it is deployed.
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({ ...config.context, ...lookups, ...context }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): unknown => child.kill();
  process.once('exit', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-STDERR_TAIL)));
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  process.off('exit', stop);
  if (status !== 0) {
    throw new LocalCloudError(
      `The stack could not be synthesized: ${config.app} ended with ${status}.\n${output}`,
    );
  }
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
