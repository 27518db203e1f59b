import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Of the whole object, or of the checksums of its parts. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** Base64; of a composite with `-` and the number of parts behind. */
  value: string;
  type: ChecksumType;
}

/** Takes bytes, gives their checksum once. */
export interface Digest {
  update(chunk: Buffer): void;
  digest(): Promise<Buffer>;
}

const CRC_POLYNOMIALS: Partial<Record<ChecksumAlgorithm, { bits: bigint; polynomial: bigint }>> = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
};

/** `CRC32` for `crc32`, `x-amz-checksum-crc32` and the like; undefined for anything unknown. */
export function parseChecksumAlgorithm(text: string): ChecksumAlgorithm | undefined {
  const name = text.toUpperCase();
  return CHECKSUM_ALGORITHMS.find(algorithm => algorithm === name);
}

/** Name of the header (in lower case) and of the form field that carry the checksum. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Name of the XML element that carries the checksum. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/** True for algorithms whose parts' values combine into the value of the whole. */
export function isCrc(algorithm: ChecksumAlgorithm): boolean {
  return CRC_POLYNOMIALS[algorithm] !== undefined;
}

/** What an upload in parts gets where the client asks for no type. */
export function defaultChecksumType(algorithm: ChecksumAlgorithm): ChecksumType {
  return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
}

export function createDigest(algorithm: ChecksumAlgorithm | 'MD5'): Digest {
  switch (algorithm) {
    case 'CRC32':
      return crc32Digest();
    case 'CRC32C':
      return wrapped(new Crc32c());
    case 'CRC64NVME':
      return wrapped(new Crc64Nvme());
    case 'MD5':
    case 'SHA1':
    case 'SHA256':
      return nodeDigest(algorithm.toLowerCase());
  }
}

/** The checksum of the parts' checksums, as S3 reports it for uploads in parts. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, parts: string[]): Promise<string> {
  const digest = createDigest(algorithm);
  for (const part of parts) digest.update(Buffer.from(part, 'base64'));
  return `${(await digest.digest()).toString('base64')}-${parts.length}`;
}

/** The CRC of the whole, from the CRCs (base64) and the sizes of its parts, without reading a byte. */
export function combineCrcs(
  algorithm: ChecksumAlgorithm,
  parts: readonly { value: string; sizeBytes: number }[],
): string {
  const field = CRC_POLYNOMIALS[algorithm];
  if (!field) throw new TypeError(`${algorithm} of a whole does not follow from its parts`);
  const crc = parts.reduce((sum, part) => {
    const shifted = multiply(sum, powerOfX(BigInt(part.sizeBytes) * 8n, field), field);
    return shifted ^ BigInt(`0x${Buffer.from(part.value, 'base64').toString('hex')}`);
  }, 0n);
  return Buffer.from(crc.toString(16).padStart(Number(field.bits) / 4, '0'), 'hex').toString('base64');
}

interface CrcField {
  bits: bigint;
  polynomial: bigint;
}

/** x to the power of `exponent`, modulo the polynomial, with the highest bit as the coefficient of 1. */
function powerOfX(exponent: bigint, field: CrcField): bigint {
  let result = 1n << (field.bits - 1n);
  let square = result >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(result, square, field);
    square = multiply(square, square, field);
  }
  return result;
}

function multiply(left: bigint, right: bigint, field: CrcField): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = 1n << (field.bits - 1n); bit > 0n; bit >>= 1n) {
    if (left & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ field.polynomial : shifted >> 1n;
  }
  return product;
}

function crc32Digest(): Digest {
  let crc = 0;
  return {
    update: chunk => {
      crc = crc32(chunk, crc);
    },
    digest: async () => {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(crc);
      return value;
    },
  };
}

function wrapped(checksum: { update(chunk: Uint8Array): void; digest(): Promise<Uint8Array> }): Digest {
  return {
    update: chunk => checksum.update(chunk),
    digest: async () => Buffer.from(await checksum.digest()),
  };
}

function nodeDigest(name: string): Digest {
  const hash = createHash(name);
  return { update: chunk => void hash.update(chunk), digest: async () => hash.digest() };
}
