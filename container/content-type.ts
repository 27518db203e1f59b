const CONTENT_TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  wav: 'audio/wav',
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  vtt: 'text/vtt',
  m4s: 'video/iso.segment',
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
  json: 'application/json',
};

/** MIME type with which a file is stored. */
export function contentType(fileName: string): string {
  const type = CONTENT_TYPES[fileName.slice(fileName.lastIndexOf('.') + 1)];
  if (type === undefined) throw new Error(`Files like ${fileName} have no content type yet`);
  return type;
}
