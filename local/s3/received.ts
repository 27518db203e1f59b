import { checksumHeader, createDigest, type ChecksumAlgorithm, type Digest } from './checksums';
import type { ContentStore, Segment } from './content-store';
import { S3Error } from './errors';

/** 5 GB, which is 5 GiB to S3: the most that one PUT, POST or part can carry. */
export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;

/** What the bytes of an upload are held against. Nothing is stored where one of these does not hold. */
export interface Expectations {
  /** Bytes announced; absent for a form's file, whose length is known only at its end. */
  exactBytes?: number;
  minBytes?: number;
  /** Default `MAX_UPLOAD_BYTES`. */
  maxBytes?: number;
  /** Base64, as in `Content-MD5`. */
  md5?: string;
  /** Hexadecimal, as in `x-amz-content-sha256`. */
  payloadSha256?: string;
  /** Computed always, compared where `value` gives one once all bytes have come (it may be a trailer). */
  checksum?: { algorithm: ChecksumAlgorithm; value: () => string | undefined };
}

/** Bytes that are stored, and held by whoever received them. */
export interface Received {
  segment: Segment;
  /** Hexadecimal. */
  md5: string;
  /** Base64 value of the algorithm that was asked for. */
  checksum?: { algorithm: ChecksumAlgorithm; value: string };
}

/** Stores `source` as a new segment; throws, and leaves nothing, where the expectations do not hold. */
export async function receive(input: {
  source: AsyncIterable<Buffer>;
  content: ContentStore;
  expected: Expectations;
}): Promise<Received> {
  const { content, expected } = input;
  const digests = {
    md5: createDigest('MD5'),
    sha256: expected.payloadSha256 === undefined ? undefined : createDigest('SHA256'),
    checksum: expected.checksum && createDigest(expected.checksum.algorithm),
  };
  const segment = await content.write(checked(input.source, expected, Object.values(digests)));
  try {
    const md5 = await digests.md5.digest();
    if (expected.md5 !== undefined && expected.md5 !== md5.toString('base64')) throw badDigest('Content-MD5');
    const sha256 = (await digests.sha256?.digest())?.toString('hex');
    if (sha256 !== expected.payloadSha256) {
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    const checksum = await checkedChecksum(expected.checksum, digests.checksum);
    return { segment, md5: md5.toString('hex'), checksum };
  } catch (error) {
    content.release([segment]);
    throw error;
  }
}

async function checkedChecksum(
  expected: Expectations['checksum'],
  digest: Digest | undefined,
): Promise<Received['checksum']> {
  if (!expected || !digest) return undefined;
  const { algorithm } = expected;
  const value = (await digest.digest()).toString('base64');
  const wanted = expected.value();
  if (wanted !== undefined && wanted !== value) throw badDigest(checksumHeader(algorithm));
  return { algorithm, value };
}

async function* checked(
  source: AsyncIterable<Buffer>,
  expected: Expectations,
  digests: (Digest | undefined)[],
): AsyncGenerator<Buffer> {
  const maxBytes = Math.min(expected.maxBytes ?? MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES);
  let sizeBytes = 0;
  for await (const chunk of source) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw entityTooLarge(maxBytes);
    for (const digest of digests) digest?.update(chunk);
    yield chunk;
  }
  if (expected.exactBytes !== undefined && sizeBytes !== expected.exactBytes) {
    throw new S3Error(
      'IncompleteBody',
      `You did not provide the number of bytes that was announced: ${sizeBytes} of ${expected.exactBytes}`,
    );
  }
  if (sizeBytes < (expected.minBytes ?? 0)) {
    throw new S3Error(
      'EntityTooSmall',
      `Your proposed upload is smaller than the minimum allowed size of ${expected.minBytes} bytes`,
    );
  }
}

export function entityTooLarge(maxBytes: number): S3Error {
  return new S3Error(
    'EntityTooLarge',
    `Your proposed upload exceeds the maximum allowed size of ${maxBytes} bytes`,
  );
}

function badDigest(name: string): S3Error {
  return new S3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}
