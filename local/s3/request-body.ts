import { createChunkVerifier } from '../sigv4';
import { decodeAwsChunked } from './aws-chunked';
import type { Call } from './call';
import {
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  parseChecksumAlgorithm,
  type ChecksumAlgorithm,
} from './checksums';
import { invalidArgument, S3Error } from './errors';
import { entityTooLarge, MAX_UPLOAD_BYTES, receive, type Expectations, type Received } from './received';

const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** Stores the body of an upload, after every check that its headers and trailers ask for. */
export async function receiveBody(call: Call, fallback?: ChecksumAlgorithm): Promise<Received> {
  const { source, expected } = prepareBody(call, fallback);
  return receive({ source, content: call.store.content, expected });
}

/** Reads the XML document of a request into memory, after the same checks. */
export async function readDocument(call: Call): Promise<string> {
  const { source, expected } = prepareBody(call);
  // Through a file, for the sake of one path for all checks.
  const limited = { ...expected, maxBytes: MAX_DOCUMENT_BYTES };
  const { segment } = await receive({ source, content: call.store.content, expected: limited });
  try {
    const chunks: Buffer[] = [];
    const whole = { first: 0, last: segment.sizeBytes - 1 };
    for await (const chunk of call.store.content.read([segment], whole)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    call.store.content.release([segment]);
  }
}

function prepareBody(
  call: Call,
  fallback?: ChecksumAlgorithm,
): { source: AsyncIterable<Buffer>; expected: Expectations } {
  const { payloadHash } = call.signed;
  const trailers = new Map<string, string>();
  const chunked = payloadHash.startsWith('STREAMING-');
  const raw = requestBytes(call);
  const signedChunks = payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
  if (chunked && !signedChunks && payloadHash !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') {
    throw new S3Error('NotImplemented', `x-amz-content-sha256 of ${payloadHash} is not supported.`);
  }
  const verifier = signedChunks ? createChunkVerifier(call.request, call.signed.key) : undefined;
  return {
    source: chunked ? decodeAwsChunked(raw, { trailers, verifier }) : raw,
    expected: {
      exactBytes: announcedBytes(call, chunked),
      md5: call.headers['content-md5'],
      payloadSha256: /^[0-9a-f]{64}$/.test(payloadHash) ? payloadHash : undefined,
      checksum: expectedChecksum(call, { trailers, fallback }),
    },
  };
}

/** The body as it arrives. It stays open when reading stops early, so that an error can be answered. */
function requestBytes(call: Pick<Call, 'request'>): AsyncIterable<Buffer> {
  return call.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

function announcedBytes(call: Call, chunked: boolean): number {
  const name = chunked ? 'x-amz-decoded-content-length' : 'content-length';
  const text = call.headers[name];
  if (text === undefined || !/^\d+$/.test(text)) {
    throw new S3Error('MissingContentLength', `You must provide the ${name} HTTP header.`);
  }
  const sizeBytes = Number(text);
  if (sizeBytes > MAX_UPLOAD_BYTES) throw entityTooLarge(MAX_UPLOAD_BYTES);
  return sizeBytes;
}

function expectedChecksum(
  call: Call,
  options: { trailers: Map<string, string>; fallback?: ChecksumAlgorithm },
): Expectations['checksum'] {
  const given = checksumsIn(call.headers);
  if (given.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum types are not allowed.',
    );
  }
  if (given[0]) return { algorithm: given[0].algorithm, value: () => given[0]?.value };
  const trailer = call.headers['x-amz-trailer']?.trim().toLowerCase();
  if (trailer?.startsWith('x-amz-checksum-')) {
    const algorithm = requireAlgorithm(trailer.slice('x-amz-checksum-'.length));
    return { algorithm, value: () => requiredTrailer(options.trailers, trailer) };
  }
  const named = call.headers['x-amz-sdk-checksum-algorithm'];
  const algorithm = named === undefined ? options.fallback : requireAlgorithm(named);
  return algorithm && { algorithm, value: () => undefined };
}

/** The checksums that headers, or fields of a form, carry. */
export function checksumsIn(
  headers: Readonly<Record<string, string>>,
): { algorithm: ChecksumAlgorithm; value: string }[] {
  return CHECKSUM_ALGORITHMS.flatMap(algorithm => {
    const value = headers[checksumHeader(algorithm)];
    return value === undefined ? [] : [{ algorithm, value }];
  });
}

export function requireAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = parseChecksumAlgorithm(name);
  if (!algorithm) {
    throw invalidArgument(`Checksum algorithm ${name} is not one of ${CHECKSUM_ALGORITHMS.join(', ')}.`);
  }
  return algorithm;
}

function requiredTrailer(trailers: Map<string, string>, name: string): string {
  const value = trailers.get(name);
  if (value === undefined) {
    throw new S3Error('MalformedTrailerError', `The trailer ${name} was announced and is missing.`);
  }
  return value;
}
