import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { CloudState } from '../../local/cloud';
import { messageOf } from '../thrown';
import { UsageError } from '../usage-error';

/** Where `npm run local` keeps its state if nothing else is said. */
const DEFAULT_DATA_DIR = join(__dirname, '..', '..', '.spotreel', 'data');

const keysSchema = z.object({ root: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }) });

/** Flags by which a local cloud is found. */
export const CLOUD_FLAGS = { endpoint: { type: 'string' }, data: { type: 'string' } } as const;

export const CLOUD_FLAGS_USAGE = `  --endpoint URL   where it is (default: AWS_ENDPOINT_URL, else the one that runs on --data)
  --data DIR       its data directory (default .spotreel/data of the clone)
`;

export interface CloudPlace {
  readonly endpoint?: string | undefined;
  readonly data?: string | undefined;
}

/** A local cloud that runs. */
export interface FoundCloud {
  readonly endpoint: string;
  /** Of the person; undefined when it was found by its address and the data directory is not known. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  state(): Promise<CloudState>;
  control(action: 'reclaim' | 'kill' | 'schedule', body?: object): Promise<unknown>;
}

/** @throws UsageError when none answers there */
export async function findCloud(place: CloudPlace): Promise<FoundCloud> {
  const dataDir = resolve(place.data ?? DEFAULT_DATA_DIR);
  const ofDataDir = await endpointOf(dataDir);
  const named = place.endpoint ?? (place.data === undefined ? process.env['AWS_ENDPOINT_URL'] : undefined);
  const endpoint = (named ?? ofDataDir)?.replace(/\/+$/, '');
  if (endpoint === undefined || !(await answers(endpoint))) {
    const where = endpoint === undefined ? `with its data in ${dataDir}` : `on ${endpoint}`;
    throw new UsageError(
      `No local cloud runs ${where}. Start one with "npm run local", or say where it is with --endpoint URL or --data DIR.`,
    );
  }
  const credentials = endpoint === ofDataDir ? await keysOf(dataDir) : undefined;
  return {
    endpoint,
    ...(credentials === undefined ? {} : { credentials }),
    state: async () => (await call(endpoint, 'state')) as CloudState,
    control: (action, body = {}) => call(endpoint, action, body),
  };
}

async function endpointOf(dataDir: string): Promise<string | undefined> {
  const port = await readFile(join(dataDir, 'port'), 'utf8').catch(() => undefined);
  return port === undefined ? undefined : `http://127.0.0.1:${port.trim()}`;
}

async function keysOf(dataDir: string): Promise<FoundCloud['credentials']> {
  return keysSchema.parse(JSON.parse(await readFile(join(dataDir, 'keys.json'), 'utf8'))).root;
}

async function answers(endpoint: string): Promise<boolean> {
  return call(endpoint, 'state').then(
    () => true,
    () => false,
  );
}

async function call(endpoint: string, action: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${endpoint}/_spotreel/${action}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-spotreel-control': '1', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const content: unknown = await answer.json();
  if (!answer.ok) throw new Error(errorOf(content));
  return content;
}

function errorOf(content: unknown): string {
  const parsed = z.object({ error: z.string() }).safeParse(content);
  return parsed.success ? parsed.data.error : messageOf(content);
}
