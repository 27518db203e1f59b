import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { verifySignature } from '../sigv4';
import type { Authorize, Keyring, LocalService } from '../types';
import { parseAddress } from './address';
import type { BucketOptions } from './bucket';
import { effectiveHeaders, type Call, type Reply } from './call';
import { accessDenied, S3Error } from './errors';
import type { S3EventRecord } from './events';
import { postObject } from './operations/post-object';
import { receive } from './received';
import { sendError, sendPreflight, sendReply } from './reply';
import { route } from './router';
import { Store } from './store';

export type { BucketOptions } from './bucket';
export type { S3EventRecord } from './events';

export interface S3Options {
  /** Where all state lies; made if absent. One process at a time may use it. */
  dataDir: string;
  /** Region of all buckets, such as `us-east-1`. */
  region: string;
  /** Twelve digits; the owner of all buckets. */
  accountId: string;
  keyring: Keyring;
  authorize: Authorize;
  /** Default: the clock of the machine. */
  now?: () => Date;
  /**
   * Gets each `ObjectCreated` event of buckets that notify, once its object is durable. Until the
   * promise resolves, the event is tried again: with growing pauses, and after a restart. So an
   * event may come twice, and later than one that came after it. Default: nobody is told.
   */
  onEvent?: (event: S3EventRecord) => Promise<void>;
}

export interface S3Service extends LocalService {
  /** Makes a bucket, or changes the options of the one that is there. */
  ensureBucket(bucket: BucketOptions): Promise<void>;
  /** Stores an object without a signature, as the account itself; sends its event. */
  putObject(input: { bucket: string; key: string; body: Buffer; contentType?: string }): Promise<void>;
  /** Waits for deliveries and removals under way. Events that were not taken come again at the next start. */
  close(): Promise<void>;
}

/** Opens the object store in a directory; events that an earlier process owed are delivered at once. */
export async function createS3(options: S3Options): Promise<S3Service> {
  const now = options.now ?? (() => new Date());
  const store = await Store.open({ ...options, directory: options.dataDir, now });
  const context: Context = { ...options, now, store };
  return {
    handle: (request, response) => handle(context, request, response),
    ensureBucket: async bucket => store.ensureBucket(bucket),
    putObject: input => putInternally(context, input),
    close: () => store.close(),
  };
}

type Context = S3Options & { now: () => Date; store: Store };

async function handle(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const resource = (request.url ?? '/').replace(/\?.*$/s, '');
  try {
    if (request.method === 'OPTIONS') {
      sendPreflight(request, response);
      return;
    }
    const reply = await answer(context, request, requestId);
    await sendReply({ request, response, requestId, reply });
  } catch (error) {
    sendError({ request, response, requestId, resource, error });
  }
}

async function answer(context: Context, request: IncomingMessage, requestId: string): Promise<Reply> {
  const address = parseAddress(request);
  const { store, keyring, now } = context;
  if (isForm(request) && address.bucket !== undefined && address.key === undefined) {
    return postObject({
      request,
      requestId,
      store,
      bucket: store.bucket(address.bucket),
      keyring,
      now: now(),
      allows: (key, action, resource) => context.authorize({ principal: key.principal, action, resource }),
    });
  }
  const signed = await verifySignature({ request, keyring, now: now() });
  if (signed.kind === 'refused') throw new S3Error(signed.code, signed.message);
  if (signed.kind === 'unsigned') throw accessDenied();
  const headers = effectiveHeaders(request, signed, address);
  const owner = headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== context.accountId) throw accessDenied();
  const call: Call = {
    store,
    request,
    requestId,
    region: context.region,
    accountId: context.accountId,
    signed,
    query: address.query,
    headers,
    allows: (action, resource, conditions) =>
      context.authorize({ principal: signed.key.principal, action, resource, context: conditions }),
    now,
  };
  return route(call, address);
}

function isForm(request: IncomingMessage): boolean {
  const type = request.headers['content-type'] ?? '';
  return request.method === 'POST' && type.toLowerCase().startsWith('multipart/form-data');
}

async function putInternally(
  context: Context,
  input: { bucket: string; key: string; body: Buffer; contentType?: string },
): Promise<void> {
  const { store } = context;
  const bucket = store.bucket(input.bucket);
  const received = await receive({
    source: Readable.from([input.body]),
    content: store.content,
    expected: {},
  });
  try {
    bucket.commit({
      object: {
        key: input.key,
        headers: { 'content-type': input.contentType ?? 'binary/octet-stream' },
        metadata: {},
        sizeBytes: input.body.length,
        etag: received.md5,
        segments: [received.segment],
      },
      conditions: {},
      creation: {
        eventName: 'ObjectCreated:Put',
        principalArn: `arn:aws:iam::${context.accountId}:root`,
        sourceIp: '127.0.0.1',
        requestId: randomBytes(8).toString('hex').toUpperCase(),
      },
    });
  } finally {
    store.content.release([received.segment]);
  }
}
