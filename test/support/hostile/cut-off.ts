import type { BaseClips } from './base-clips';
import type { HostileSource } from './hostile-source';
import { failing, half, noise, withHole } from './hostile-source';
import { box, uint32 } from './mp4-boxes';

const CUT_OFF = 'Cut off';
const NO_INDEX = 'Without its index';
const DAMAGED = 'Damaged inside';
/** Element that holds the media of a Matroska file. */
const CLUSTER = Buffer.from('1f43b675', 'hex');

/** Files of which a part is missing. */
export function cutOff(base: BaseClips): HostileSource[] {
  const truncated = failing(CUT_OFF, 'SOURCE_TRUNCATED');
  const unreadable = failing(NO_INDEX, 'SOURCE_UNREADABLE');
  const start = base.mp4.subarray(0, base.mp4.indexOf('mdat') - 4);
  return [
    { ...truncated('MP4, the index in front', half(base.indexInFront)), rejected: true },
    truncated('MP4 in fragments', half(base.fragmented)),
    { ...truncated('Matroska', half(base.mkv)), rejected: true },
    truncated('Matroska as browsers record it', half(base.liveMkv)),
    truncated('FLV', half(base.flv)),
    { ...truncated('MP3', half(base.mp3)), forSound: true },
    truncated('MPEG program stream', half(base.mpegPs)),
    { ...truncated('Ogg', half(base.ogg)), forSound: true },
    { ...truncated('bare AAC', half(base.aac)), forSound: true },
    // All of its frames are of one length: half of the file may end between two of them.
    { ...truncated('bare AC-3', base.ac3.subarray(0, base.ac3.length / 2 - 99)), forSound: true },
    { ...unreadable('MP4 cut off halfway', half(base.mp4)), rejected: true },
    unreadable('the media alone', base.mp4.subarray(0, base.mp4.indexOf('moov') - 4)),
    unreadable('nothing but the first box', start),
    unreadable('garbage for an index', Buffer.concat([start, box('moov', noise(3000))])),
    {
      ...unreadable(
        'an index of four gigabytes',
        Buffer.concat([start, box('moov', noise(99), 0xffff_fff0)]),
      ),
      rejected: true,
    },
    {
      ...unreadable(
        'an index beyond any disk',
        Buffer.concat([start, uint32(1), Buffer.from('moov'), uint32(0x7fff_ffff, 0xffff_ffff)]),
      ),
      rejected: true,
    },
    {
      ...unreadable('the head of a Matroska file', base.mkv.subarray(0, base.mkv.indexOf(CLUSTER))),
      rejected: true,
    },
    ...(['mpegTs', 'avi', 'wav'] as const).map((name): HostileSource => ({
      ...failing(CUT_OFF, 'UPLOAD_REJECTED')(name, half(base[name])),
      rejected: true,
    })),
    failing(DAMAGED, 'SOURCE_DAMAGED')('zeros to the end', withHole(base.indexInFront, 0.5, 1)),
    failing(DAMAGED, 'SOURCE_DAMAGED')('zeros in the middle', withHole(base.indexInFront, 0.3, 0.7)),
    ...(['mkv', 'mpegTs', 'mpegPs'] as const).map(name =>
      failing(DAMAGED, 'SOURCE_DAMAGED')(`zeros in the middle, ${name}`, withHole(base[name], 0.3, 0.7)),
    ),
    ...(['aac', 'ac3'] as const).map((name): HostileSource => ({
      ...failing(DAMAGED, 'SOURCE_DAMAGED')(`zeros in the middle, ${name}`, withHole(base[name], 0.3, 0.7)),
      forSound: true,
    })),
    // What a decoder takes noise for may be sound of seven channels.
    {
      ...failing(DAMAGED, 'SOURCE_DAMAGED')('encrypted', base.encrypted),
      orFailure: 'SOURCE_SOUND_NOT_ACCEPTED',
    },
    {
      ...{ row: 'Begins without a key frame', what: 'MP4', bytes: withHole(base.indexInFront, 0.035, 0.06) },
      ends: { seconds: 4, size: '160x90' },
    },
  ];
}
