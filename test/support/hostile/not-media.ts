import type { BaseClips } from './base-clips';
import type { HostileSource } from './hostile-source';
import { noise } from './hostile-source';

const NO_MEDIA = 'No media file';
const PLAYLIST = 'A playlist';

/**
 * Files that are no media at all, and lists of others.
 * @param url address that must never be asked for
 */
export function notMedia({ png, gif }: BaseClips, url: string): HostileSource[] {
  const hls = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}/a.ts\n#EXTINF:2,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n`;
  const dash = `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT4S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}/v.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>`;
  const sdp = `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="${url}/x.png"/></svg>`;
  const unreadable = (what: string, bytes: Buffer): HostileSource => ({
    ...{ row: NO_MEDIA, what, bytes, rejected: true },
    ends: { failure: 'SOURCE_UNREADABLE' },
  });
  const refused = (row: string, what: string, bytes: Buffer): HostileSource => ({
    ...{ row, what, bytes, rejected: true },
    ends: { failure: 'SOURCE_FORMAT_NOT_ACCEPTED' },
  });
  const { rejected, ...behindTag } = refused(
    PLAYLIST,
    'HLS behind the tag of an MP3',
    Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x0a', 'latin1'), Buffer.alloc(10), Buffer.from(hls)]),
  );
  return [
    unreadable('random bytes', noise(20_000)),
    unreadable('text', Buffer.from('Dear diary, this is no video.\n'.repeat(100))),
    { ...unreadable('SVG', Buffer.from(svg)), orFailure: 'SOURCE_FORMAT_NOT_ACCEPTED' },
    unreadable('ZIP', Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1'), noise(2000)])),
    refused(NO_MEDIA, 'PNG', png),
    refused(NO_MEDIA, 'GIF', gif),
    refused(PLAYLIST, 'HLS', Buffer.from(hls)),
    refused(
      PLAYLIST,
      'HLS of several',
      Buffer.from(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${url}/a.m3u8\n`),
    ),
    behindTag,
    refused(PLAYLIST, 'ffconcat', Buffer.from(`ffconcat version 1.0\nfile '${url}/v.mp4'\n`)),
    refused(PLAYLIST, 'SDP', Buffer.from(sdp)),
    { ...unreadable('DASH', Buffer.from(dash)), row: PLAYLIST },
  ];
}
