import {
  combineCrcs,
  compositeChecksum,
  createDigest,
  defaultChecksumType,
  parseChecksumAlgorithm,
  type ChecksumAlgorithm,
} from '../../../local/s3/checksums';

async function base64Of(algorithm: ChecksumAlgorithm, ...chunks: string[]): Promise<string> {
  const digest = createDigest(algorithm);
  for (const chunk of chunks) digest.update(Buffer.from(chunk));
  return (await digest.digest()).toString('base64');
}

describe('a checksum', () => {
  // The check values of the CRC catalogue, and those of the SHA standards for "abc".
  it.each([
    ['CRC32', '123456789', 'cbf43926'],
    ['CRC32C', '123456789', 'e3069283'],
    ['CRC64NVME', '123456789', 'ae8b14860a799888'],
    ['SHA1', 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['SHA256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ] as const)('%s of %s is %s', async (algorithm, text, hex) => {
    expect(Buffer.from(await base64Of(algorithm, text), 'base64').toString('hex')).toBe(hex);
    expect(await base64Of(algorithm, text.slice(0, 1), text.slice(1))).toBe(await base64Of(algorithm, text));
  });

  it('of parts is that of their checksums, with their number', async () => {
    const parts = [await base64Of('SHA256', 'a'), await base64Of('SHA256', 'b')];

    expect(await compositeChecksum('SHA256', parts)).toMatch(/^[\w+/]{43}=-2$/);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    '%s of the whole follows from its parts',
    async algorithm => {
      const texts = ['', 'first part', 'x', 'a third part of another length'.repeat(99)];
      const parts = await Promise.all(
        texts.map(async text => ({ value: await base64Of(algorithm, text), sizeBytes: text.length })),
      );

      expect(combineCrcs(algorithm, parts)).toBe(await base64Of(algorithm, texts.join('')));
    },
  );

  it('of the SHA family does not follow from the parts', () => {
    expect(() => combineCrcs('SHA256', [])).toThrow('SHA256');
  });

  it('is named by headers in lower case, and by nothing unknown', () => {
    expect(parseChecksumAlgorithm('crc64nvme')).toBe('CRC64NVME');
    expect(parseChecksumAlgorithm('md4')).toBeUndefined();
    expect(defaultChecksumType('CRC64NVME')).toBe('FULL_OBJECT');
    expect(defaultChecksumType('CRC32')).toBe('COMPOSITE');
  });
});
