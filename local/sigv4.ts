import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { ALGORITHM_IDENTIFIER, getCanonicalHeaders, SignatureV4 } from '@smithy/signature-v4';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  parseCredentialScope,
  parseSignedRequest,
  type CredentialScope,
  type Refused,
  type SignedRequest,
} from './sigv4-parse';
import type { AccessKey, Keyring } from './types';

/** What became of the signature of a request. */
export type Signed =
  | {
      kind: 'signed';
      key: AccessKey;
      service: string;
      region: string;
      /**
       * What was signed as the payload: a hexadecimal SHA-256, `UNSIGNED-PAYLOAD` or one of the
       * `STREAMING-…` names of aws-chunked bodies.
       */
      payloadHash: string;
      presigned: boolean;
    }
  | { kind: 'unsigned' }
  | Refused;

const MAX_CLOCK_SKEW_SECONDS = 15 * 60;
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const CONTENT_SHA256 = 'x-amz-content-sha256';

/**
 * Verifies the SigV4 signature in the `Authorization` header or in the query (a presigned URL).
 * Give `body` for services other than S3: the payload hash is then computed from it, so that a
 * changed body breaks the signature. For S3 the caller compares the body with `payloadHash` while
 * it streams.
 */
export async function verifySignature(options: {
  request: IncomingMessage;
  keyring: Keyring;
  now: Date;
  body?: Buffer;
}): Promise<Signed> {
  const parsed = parseSignedRequest(options.request);
  if (parsed.kind !== 'signed') return parsed;
  const key = checkKey({
    scope: parsed.scope,
    token: parsed.token,
    keyring: options.keyring,
    now: options.now,
  });
  if (key.kind === 'refused') return key;
  const refusal = checkTime(parsed, options.now) ?? checkUnsignedHeaders(parsed);
  if (refusal) return refusal;
  const payloadHash = payloadHashOf(parsed, options.body);
  if (payloadHash === undefined) {
    return refuse('InvalidRequest', `Missing required header for this request: ${CONTENT_SHA256}`);
  }
  const expected = await signerOf(parsed.scope, key.key).signatureOf(parsed, payloadHash);
  if (!sameText(expected, parsed.signature)) return signatureDoesNotMatch();
  const { service, region } = parsed.scope;
  return { kind: 'signed', key: key.key, service, region, payloadHash, presigned: parsed.presigned };
}

/** Verifies the form fields of a browser upload: the signature over the base64 text of the policy. */
export async function verifyPolicySignature(options: {
  fields: ReadonlyMap<string, string>;
  keyring: Keyring;
  now: Date;
}): Promise<Signed> {
  const { fields } = options;
  const policy = fields.get('policy');
  const signature = fields.get('x-amz-signature');
  if (policy === undefined && signature === undefined) return { kind: 'unsigned' };
  const scope = parseCredentialScope(fields.get('x-amz-credential') ?? '');
  if (policy === undefined || signature === undefined || !scope || !fields.has('x-amz-date')) {
    return refuse(
      'InvalidArgument',
      'Bucket POST must contain the fields policy, x-amz-credential, x-amz-date and x-amz-signature.',
    );
  }
  const key = checkKey({
    scope,
    token: fields.get('x-amz-security-token'),
    keyring: options.keyring,
    now: options.now,
  });
  if (key.kind === 'refused') return key;
  const expected = await signerOf(scope, key.key).sign(policy, { signingDate: scope.date });
  if (!sameText(expected, signature)) return signatureDoesNotMatch();
  const { service, region } = scope;
  return { kind: 'signed', key: key.key, service, region, payloadHash: UNSIGNED_PAYLOAD, presigned: true };
}

/** Checks the signatures inside an aws-chunked body, each of which covers the one before it. */
export interface ChunkVerifier {
  /** True where the signature is right for a chunk with this SHA-256 (hexadecimal). */
  chunk(signature: string, sha256: string): Promise<boolean>;
  /** The same for the trailing headers. */
  trailer(signature: string, sha256: string): Promise<boolean>;
}

/** The verifier of a request's chunks; the request's own signature, verified before, is the seed. */
export function createChunkVerifier(request: IncomingMessage, key: AccessKey): ChunkVerifier {
  const parsed = parseSignedRequest(request);
  if (parsed.kind !== 'signed') throw new Error('Chunk signatures exist only in signed requests');
  const { scope, dateTime } = parsed;
  const signer = signerOf(scope, key);
  let previous = parsed.signature;
  const check = async (lines: string[], signature: string): Promise<boolean> => {
    const expected = await signer.sign(lines.join('\n'), { signingDate: scope.date });
    previous = expected;
    return sameText(expected, signature);
  };
  return {
    chunk: (signature, sha256) =>
      check(
        ['AWS4-HMAC-SHA256-PAYLOAD', dateTime, scope.text, previous, sha256Hex(Buffer.alloc(0)), sha256],
        signature,
      ),
    trailer: (signature, sha256) =>
      check(['AWS4-HMAC-SHA256-TRAILER', dateTime, scope.text, previous, sha256], signature),
  };
}

function checkKey(input: {
  scope: CredentialScope;
  token: string | undefined;
  keyring: Keyring;
  now: Date;
}): { kind: 'key'; key: AccessKey } | Refused {
  const key = input.keyring.find(input.scope.accessKeyId);
  if (!key) {
    return refuse('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  }
  if (key.sessionToken !== input.token) {
    return refuse('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  // Equal counts as expired: the last moment is not included.
  if (key.expiresAt && input.now >= key.expiresAt) {
    return refuse('ExpiredToken', 'The provided token has expired.');
  }
  return { kind: 'key', key };
}

function checkTime(parsed: SignedRequest, now: Date): Refused | undefined {
  const ageSeconds = (now.getTime() - parsed.signedAt.getTime()) / 1000;
  if (!parsed.presigned) {
    if (Math.abs(ageSeconds) <= MAX_CLOCK_SKEW_SECONDS) return undefined;
    return refuse(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  if (ageSeconds >= parsed.expiresSeconds) return refuse('AccessDenied', 'Request has expired');
  if (ageSeconds < -MAX_CLOCK_SKEW_SECONDS) return refuse('AccessDenied', 'Request is not yet valid');
  return undefined;
}

/** A header that changes what S3 does must be signed, or whoever holds a URL could add one. */
function checkUnsignedHeaders(parsed: SignedRequest): Refused | undefined {
  const unsigned = Object.keys(parsed.headers).filter(
    name => name.startsWith('x-amz-') && name !== CONTENT_SHA256 && !parsed.signedHeaders.has(name),
  );
  if (unsigned.length === 0 && parsed.signedHeaders.has('host')) return undefined;
  return refuse(
    'AccessDenied',
    `There were headers present in the request which were not signed: ${unsigned.join(', ') || 'host'}`,
  );
}

function payloadHashOf(parsed: SignedRequest, body: Buffer | undefined): string | undefined {
  if (body) return sha256Hex(body);
  const declared = parsed.headers[CONTENT_SHA256];
  if (!parsed.presigned) return declared;
  const hoisted = parsed.query[CONTENT_SHA256] ?? parsed.query['X-Amz-Content-Sha256'];
  if (typeof hoisted === 'string') return hoisted;
  return parsed.signedHeaders.has(CONTENT_SHA256) ? declared : UNSIGNED_PAYLOAD;
}

/** Recomputes the signature over exactly what a request says that it signed. */
class Recomputer extends SignatureV4 {
  async signatureOf(parsed: SignedRequest, payloadHash: string): Promise<string> {
    const { method, path, query, signedHeaders } = parsed;
    const headers = Object.fromEntries([...signedHeaders].map(name => [name, parsed.headers[name] ?? '']));
    const request = new HttpRequest({ method, path, query, headers });
    // Named as signable, headers count that this library itself would never sign.
    const canonical = this.createCanonicalRequest(
      request,
      getCanonicalHeaders(request, undefined, signedHeaders),
      payloadHash,
    );
    const text = await this.createStringToSign(
      parsed.dateTime,
      parsed.scope.text,
      canonical,
      ALGORITHM_IDENTIFIER,
    );
    return this.sign(text, { signingDate: parsed.scope.date });
  }
}

function signerOf(scope: CredentialScope, key: AccessKey): Recomputer {
  return new Recomputer({
    service: scope.service,
    region: scope.region,
    credentials: key,
    sha256: Sha256,
    // S3 alone signs the path as it is sent; all other services encode it once more.
    uriEscapePath: scope.service !== 's3',
  });
}

function sha256Hex(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function signatureDoesNotMatch(): Refused {
  return refuse(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

function refuse(code: string, message: string): Refused {
  return { kind: 'refused', code, message };
}
