/**
 * Containers that are accepted. A playlist, whatever its name, makes the tools read any address or file it lists,
 * and only this list stops them.
 */
const ACCEPTED_FORMATS = [
  'mov,mp4,m4a,3gp,3g2,mj2',
  'matroska,webm',
  'avi,mpegts,mpeg,flv,asf,mxf,gxf,dv',
  'ogg,wav,w64,mp3,aac,ac3,eac3,flac,aiff,caf',
].join(',');

/** Largest picture, in pixels: 8K. Memory goes by it, and a file of some kilobytes can claim any size. */
const MAX_PIXELS = 8192 * 4320;
/** Largest single block of memory, in bytes. */
const MAX_ALLOC_BYTES = 512 * 1024 ** 2;
/** Seconds without a byte after which a read from the gate is given up and tried again. */
const READ_TIMEOUT_SECONDS = 90;

/** What stands on the command line of both tools before a source that comes through the gate. */
export const SOURCE_SAFETY_OPTIONS: readonly string[] = [
  ...['-format_whitelist', ACCEPTED_FORMATS, '-protocol_whitelist', 'http,tcp'],
  ...['-max_alloc', String(MAX_ALLOC_BYTES), '-max_pixels', String(MAX_PIXELS)],
  // The gate sees to interruptions; these are for one between it and the tool.
  ...['-reconnect', '1', '-reconnect_on_http_error', '5xx', '-reconnect_delay_max', '4'],
  ...['-rw_timeout', String(READ_TIMEOUT_SECONDS * 1_000_000)],
];

/** The same for a file that was made here. */
export const FILE_SAFETY_OPTIONS: readonly string[] = [
  ...[
    '-format_whitelist',
    `${ACCEPTED_FORMATS},gif,image2,jpeg_pipe,png_pipe,webp_pipe`,
    '-protocol_whitelist',
    'file',
  ],
  ...['-max_alloc', String(MAX_ALLOC_BYTES), '-max_pixels', String(MAX_PIXELS)],
];

/** The same for files that were made here for ffmpeg to read beside the source, or instead of it. */
export const MADE_INPUT_OPTIONS: readonly string[] = [
  ...[
    '-format_whitelist',
    `${ACCEPTED_FORMATS},concat,ffmetadata,webvtt,png_pipe,jpeg_pipe,webp_pipe`,
    '-protocol_whitelist',
    'file',
  ],
  ...['-max_alloc', String(MAX_ALLOC_BYTES)],
];
