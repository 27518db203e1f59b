/** Names of codecs with profile and level, as RFC 6381 and the codecs' own standards write them. */

/** @param avcC content of the box */
export function avcCodec(avcC: Buffer): string {
  return `avc1.${avcC.toString('hex', 1, 4)}`;
}

const HEVC_SPACES: readonly string[] = ['', 'A', 'B', 'C'];
const HEVC_CONSTRAINT_BYTES = 6;

/** @param hvcC content of the box */
export function hevcCodec(hvcC: Buffer): string {
  const profile = hvcC.readUInt8(1);
  const space = HEVC_SPACES[profile >> 6] ?? '';
  const tier = (profile >> 5) & 1 ? 'H' : 'L';
  const constraints = [...hvcC.subarray(6, 6 + HEVC_CONSTRAINT_BYTES)];
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    'hvc1',
    `${space}${profile & 0x1f}`,
    reversedBits(hvcC.readUInt32BE(2)).toString(16).toUpperCase(),
    `${tier}${hvcC.readUInt8(12)}`,
    ...constraints.map(byte => byte.toString(16).toUpperCase()),
  ].join('.');
}

/** @param av1C content of the box */
export function av1Codec(av1C: Buffer): string {
  const [, levels = 0, depths = 0] = av1C;
  const profile = levels >> 5;
  const level = String(levels & 0x1f).padStart(2, '0');
  const tier = depths >> 7 ? 'H' : 'M';
  const isDeep = (depths >> 6) & 1;
  const isTwelve = (depths >> 5) & 1;
  return `av01.${profile}.${level}${tier}.${isDeep === 0 ? '08' : isTwelve === 0 ? '10' : '12'}`;
}

const DECODER_CONFIG_TAG = 4;
const DECODER_SPECIFIC_TAG = 5;

const EXPLICIT_RATE = 15;
/** By the channel configuration of AAC; 0 says that it is told elsewhere. */
const AAC_CHANNELS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 8];

/** Channels of an AAC stream, of which the sample entry always says two. @param esds content of the box */
export function aacChannels(esds: Buffer): number | undefined {
  const specific = descriptor(esds, DECODER_SPECIFIC_TAG);
  const bits = esds.readUInt16BE(specific);
  if (((bits >> 7) & 0xf) === EXPLICIT_RATE) return undefined;
  const channels = AAC_CHANNELS[(bits >> 3) & 0xf] ?? 0;
  return channels === 0 ? undefined : channels;
}

/** @param esds content of the box */
export function mpeg4AudioCodec(esds: Buffer): string {
  const config = descriptor(esds, DECODER_CONFIG_TAG);
  const specific = descriptor(esds, DECODER_SPECIFIC_TAG);
  const objectType = esds.readUInt8(specific) >> 3;
  return `mp4a.${esds.toString('hex', config, config + 1)}.${objectType}`;
}

/** Where the content of a descriptor begins. Those of an ES descriptor stand inside each other, after fixed fields. */
function descriptor(esds: Buffer, wanted: number): number {
  const FIXED_BYTES: Readonly<Record<number, number>> = { 3: 3, 4: 13 };
  for (let at = 4; at < esds.length;) {
    const tag = esds.readUInt8(at);
    at += 1;
    // The length goes on for as long as the highest bit is set.
    while (esds.readUInt8(at) >> 7) at += 1;
    at += 1;
    if (tag === wanted) return at;
    at += FIXED_BYTES[tag] ?? esds.length;
  }
  throw new Error(`The sound's description lacks part ${wanted}`);
}

function reversedBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = (reversed * 2 + ((value >>> bit) & 1)) >>> 0;
  return reversed;
}
