import type { IncomingMessage } from 'node:http';
import { verifyPolicySignature } from '../../sigv4';
import type { AccessKey, Keyring } from '../../types';
import { checkKey } from '../address';
import type { Bucket } from '../bucket';
import { objectArn, versionHeader, type Reply } from '../call';
import { checksumHeaders } from './put-object';
import { parseDescription } from '../description';
import { accessDenied, invalidArgument, S3Error } from '../errors';
import { readForm, type Form } from '../form';
import { checkPolicy } from '../post-policy';
import { receive, type Expectations } from '../received';
import { checksumsIn, requireAlgorithm } from '../request-body';
import type { Store } from '../store';
import type { StoredVersion } from '../stored-version';
import { renderXml } from '../xml';

/** A form that a browser, or a worker, posts to a bucket; the signature is among its fields. */
export interface PostCall {
  request: IncomingMessage;
  requestId: string;
  store: Store;
  bucket: Bucket;
  keyring: Keyring;
  now: Date;
  allows(key: AccessKey, action: string, resource: string): boolean;
}

/** POST Object: stores a form's file under the form's key if the signed policy allows all of it. */
export async function postObject(call: PostCall): Promise<Reply> {
  return readForm(call.request, async form => {
    const signed = await verifyPolicySignature({ fields: form.fields, keyring: call.keyring, now: call.now });
    if (signed.kind === 'unsigned') throw accessDenied();
    if (signed.kind === 'refused') throw new S3Error(signed.code, signed.message);
    const key = keyOf(form);
    // What is stored is what is checked: the policy sees the key with the file's name in it.
    const fields = new Map(form.fields).set('key', key);
    const policy = fields.get('policy') ?? '';
    const limits = checkPolicy({ policy, fields, bucket: call.bucket.name, now: call.now });
    if (!call.allows(signed.key, 's3:PutObject', objectArn(call.bucket.name, key))) throw accessDenied();
    const version = await store(call, { form, key, limits, principalArn: signed.key.principal.arn });
    return reply(call, fields, version);
  });
}

async function store(
  call: PostCall,
  input: { form: Form; key: string; limits: Expectations; principalArn: string },
): Promise<StoredVersion> {
  const { form, key } = input;
  const fields = Object.fromEntries(form.fields);
  const received = await receive({
    source: form.file,
    content: call.store.content,
    expected: { ...input.limits, md5: fields['content-md5'], checksum: expectedChecksum(fields) },
  });
  try {
    return call.bucket.commit({
      object: {
        key,
        ...parseDescription(fields),
        sizeBytes: received.segment.sizeBytes,
        etag: received.md5,
        segments: [received.segment],
        checksum: received.checksum && { ...received.checksum, type: 'FULL_OBJECT' },
      },
      conditions: {},
      creation: {
        eventName: 'ObjectCreated:Post',
        principalArn: input.principalArn,
        sourceIp: call.request.socket.remoteAddress ?? '127.0.0.1',
        requestId: call.requestId,
      },
    });
  } finally {
    call.store.content.release([received.segment]);
  }
}

function keyOf(form: Form): string {
  const template = form.fields.get('key');
  if (template === undefined || template === '') {
    throw invalidArgument("Bucket POST must contain a field named 'key'.");
  }
  // A function, as the file's name may hold the patterns that a replacement text would expand.
  const key = template.replaceAll('${filename}', () => form.filename);
  checkKey(key);
  return key;
}

function expectedChecksum(fields: Record<string, string>): Expectations['checksum'] {
  const given = checksumsIn(fields);
  if (given.length > 1) throw new S3Error('InvalidRequest', 'Expecting a single x-amz-checksum- field.');
  if (given[0]) return { algorithm: given[0].algorithm, value: () => given[0]?.value };
  const named = fields['x-amz-checksum-algorithm'];
  return named === undefined ? undefined : { algorithm: requireAlgorithm(named), value: () => undefined };
}

function reply(call: PostCall, fields: Map<string, string>, version: StoredVersion): Reply {
  const bucket = call.bucket.name;
  const location = `http://${call.request.headers.host ?? 'localhost'}/${bucket}/${encodeURI(version.key)}`;
  const etag = `"${version.etag}"`;
  const headers = { ETag: etag, ...versionHeader(version), ...checksumHeaders(version.checksum) };
  const redirect = redirectTarget(fields);
  if (redirect) {
    for (const [name, value] of Object.entries({ bucket, key: version.key, etag })) {
      redirect.searchParams.set(name, value);
    }
    return { status: 303, headers: { ...headers, location: redirect.href } };
  }
  const status = fields.get('success_action_status');
  if (status === '201') {
    const body = renderXml('PostResponse', {
      Location: location,
      Bucket: bucket,
      Key: version.key,
      ETag: etag,
    });
    return { status: 201, headers: { ...headers, location }, body };
  }
  return { status: status === '200' ? 200 : 204, headers: { ...headers, location } };
}

/** An address that can't be parsed is ignored, as S3 does. */
function redirectTarget(fields: Map<string, string>): URL | undefined {
  const target = fields.get('success_action_redirect') ?? fields.get('redirect');
  return target !== undefined && URL.canParse(target) ? new URL(target) : undefined;
}
