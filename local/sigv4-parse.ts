import type { IncomingMessage } from 'node:http';

/** A signature that does not hold, with the error code that AWS answers. */
export interface Refused {
  kind: 'refused';
  code: string;
  message: string;
}

/** `20261124/eu-west-1/s3/aws4_request` and the key that it belongs to. */
export interface CredentialScope {
  accessKeyId: string;
  /** Midnight UTC of the day that the signing key is derived for. */
  date: Date;
  region: string;
  service: string;
  /** The scope as it appears in strings to sign. */
  text: string;
}

/** A request as its signature describes it. */
export interface SignedRequest {
  kind: 'signed';
  presigned: boolean;
  method: string;
  /** Path in AWS's own encoding, whatever the client escaped. */
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  signedHeaders: Set<string>;
  scope: CredentialScope;
  signature: string;
  token: string | undefined;
  signedAt: Date;
  /** `x-amz-date` as sent. */
  dateTime: string;
  /** Seconds that a presigned URL is good for; 0 for a signed header. */
  expiresSeconds: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES_SECONDS = 7 * 24 * 3600;
/** Reads the signature of a request, in the header or in the query, without judging it. */
export function parseSignedRequest(request: IncomingMessage): SignedRequest | { kind: 'unsigned' } | Refused {
  const url = request.url ?? '/';
  const cut = url.indexOf('?');
  const target: Target = {
    method: request.method ?? 'GET',
    path: canonicalPath(cut < 0 ? url : url.slice(0, cut)),
    query: parseQuery(cut < 0 ? '' : url.slice(cut + 1)),
    headers: flatHeaders(request),
  };
  const authorization = target.headers['authorization'];
  const presigned = target.query['X-Amz-Signature'] ?? target.query['X-Amz-Algorithm'];
  if (target.query['AWSAccessKeyId'] !== undefined) return wrongMechanism();
  if (authorization === undefined) return presigned === undefined ? { kind: 'unsigned' } : fromQuery(target);
  if (presigned === undefined) return fromHeader(target, authorization);
  return refuse(
    'InvalidArgument',
    'Only one auth mechanism allowed: send either the X-Amz-Algorithm query parameter or the Authorization header.',
  );
}

/** Parses `AKID/20261124/region/service/aws4_request`; undefined where it is anything else. */
export function parseCredentialScope(credential: string): CredentialScope | undefined {
  const match = /^([^/]+)\/((\d{4})(\d{2})(\d{2})\/([^/]+)\/([^/]+)\/aws4_request)$/.exec(credential);
  if (!match) return undefined;
  const [, accessKeyId = '', text = '', year, month, day, region = '', service = ''] = match;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : { accessKeyId, date, region, service, text };
}

/** Parameters of a query string, decoded; a name that occurs twice keeps all its values. */
export function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name];
    query[name] = before === undefined ? value : [before, value].flat();
  }
  return query;
}

interface Target {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
}

function fromHeader(target: Target, authorization: string): SignedRequest | { kind: 'unsigned' } | Refused {
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    return wrongMechanism();
  }
  const scope = parseCredentialScope(/Credential=([^,\s]+)/.exec(authorization)?.[1] ?? '');
  const signedHeaders = /SignedHeaders=([^,\s]+)/.exec(authorization)?.[1];
  const signature = /Signature=([^,\s]+)/.exec(authorization)?.[1];
  if (!scope || !signedHeaders || !signature) {
    return refuse('AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  }
  const dateTime = target.headers['x-amz-date'] ?? '';
  const signedAt = parseDateTime(dateTime);
  if (!signedAt) return refuse('AccessDenied', 'AWS authentication requires a valid x-amz-date header.');
  if (!dateTime.startsWith(scope.text.slice(0, 8))) return wrongDay('AuthorizationHeaderMalformed');
  return {
    kind: 'signed',
    presigned: false,
    ...target,
    scope,
    signature,
    signedHeaders: new Set(signedHeaders.toLowerCase().split(';')),
    token: target.headers['x-amz-security-token'],
    signedAt,
    dateTime,
    expiresSeconds: 0,
  };
}

function fromQuery(target: Target): SignedRequest | Refused {
  const field = (name: string): string => {
    const value = target.query[name];
    return typeof value === 'string' ? value : '';
  };
  const code = 'AuthorizationQueryParametersError';
  const scope = parseCredentialScope(field('X-Amz-Credential'));
  const [dateTime, signature, signedHeaders] = [
    field('X-Amz-Date'),
    field('X-Amz-Signature'),
    field('X-Amz-SignedHeaders'),
  ];
  const signedAt = parseDateTime(dateTime);
  if (field('X-Amz-Algorithm') !== ALGORITHM) {
    return refuse(code, `X-Amz-Algorithm only supports "${ALGORITHM}"`);
  }
  if (!scope) {
    return refuse(code, 'X-Amz-Credential must be of the form AKID/YYYYMMDD/REGION/SERVICE/aws4_request');
  }
  if (!signedAt || !signature || !signedHeaders) {
    return refuse(
      code,
      'X-Amz-Date, X-Amz-SignedHeaders and X-Amz-Signature are required in a presigned URL',
    );
  }
  if (!dateTime.startsWith(scope.text.slice(0, 8))) return wrongDay(code);
  const expires = field('X-Amz-Expires');
  const expiresSeconds = Number(expires);
  if (!/^\d{1,7}$/.test(expires) || expiresSeconds > MAX_EXPIRES_SECONDS) {
    return refuse(code, `X-Amz-Expires must be a number of seconds from 0 to ${MAX_EXPIRES_SECONDS}`);
  }
  return {
    kind: 'signed',
    presigned: true,
    ...target,
    scope,
    signature,
    signedHeaders: new Set(signedHeaders.toLowerCase().split(';')),
    token: field('X-Amz-Security-Token') || undefined,
    signedAt,
    dateTime,
    expiresSeconds,
  };
}

function parseDateTime(text: string): Date | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value]],
  );
  return Object.fromEntries(entries);
}

function canonicalPath(path: string): string {
  return path
    .split('/')
    .map(part => encodeRfc3986(decodeLeniently(part)))
    .join('/');
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-encodes all but the unreserved characters, as AWS does. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Signature version 2, say, with which older clients presign unless told `s3.signature_version = s3v4`. */
function wrongMechanism(): Refused {
  return refuse(
    'InvalidRequest',
    `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
  );
}

function wrongDay(code: string): Refused {
  return refuse(code, 'The day of the credential scope is not the day of X-Amz-Date.');
}

function refuse(code: string, message: string): Refused {
  return { kind: 'refused', code, message };
}
