/** Version of the protocol that has fragmented MP4 in ordinary playlists. */
export const HLS_VERSION = 7;

export type Attribute = readonly [name: string, value: string];

/** The lines with which each playlist of one stream begins. @param target whole seconds that no segment exceeds, rounded */
export function mediaHeader(target: number): string[] {
  return [
    ...['#EXTM3U', `#EXT-X-VERSION:${HLS_VERSION}`, '#EXT-X-PLAYLIST-TYPE:VOD'],
    ...['#EXT-X-INDEPENDENT-SEGMENTS', `#EXT-X-TARGETDURATION:${target}`, '#EXT-X-MEDIA-SEQUENCE:0'],
  ];
}

export function segmentLines(seconds: number, fileName: string): string[] {
  return [`#EXTINF:${seconds.toFixed(6)},`, fileName];
}

export function tag(name: string, attributes: readonly Attribute[]): string {
  return `#${name}:${attributes.map(([key, value]) => `${key}=${value}`).join(',')}`;
}

/** Nothing that ends a quoted string may stand in one. */
export function quoted(text: string): string {
  return `"${text.replace(/["\r\n]/g, '')}"`;
}

export function joinLines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
