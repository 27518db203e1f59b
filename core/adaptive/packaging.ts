/** Where the segments of one picture or sound stream are written, before they are stored below their own names. */
export interface SegmentFiles {
  /** The muxer's own manifest, of no use: ours tell what was measured. */
  readonly manifest: string;
  readonly init: string;
  /** Name of the n-th segment, the first is 1. */
  readonly segment: (number: number) => string;
}

const NUMBER_DIGITS = 5;

/** @param id of the rendition */
export function segmentFiles(id: string): SegmentFiles {
  return {
    manifest: `${id}.mpd`,
    init: `${id}-init.mp4`,
    segment: number => `${id}-${numbered(number)}.m4s`,
  };
}

/** Folder of a rendition within its output's: what its id says beside the name of the output. */
export function renditionFolder(id: string): string {
  return id.slice(id.indexOf('@') + 1);
}

/** Name of the n-th segment in the folder of its rendition. */
export function publishedSegment(number: number): string {
  return `segment-${numbered(number)}.m4s`;
}

/** Name of the n-th segment of captions in their folder. */
export function publishedCaptions(number: number): string {
  return `segment-${numbered(number)}.vtt`;
}

/** All captions of a language in one file. */
export const CAPTION_FILE = 'captions.vtt';
export const PUBLISHED_INIT = 'init.mp4';
export const MEDIA_PLAYLIST = 'index.m3u8';
export const I_FRAME_PLAYLIST = 'iframes.m3u8';
export const HLS_MASTER = 'master.m3u8';
export const DASH_MANIFEST = 'manifest.mpd';
/** The list of all files of the output. */
export const FILE_LIST = 'files.json';

/**
 * Cuts one stream, encoded or copied, into CMAF segments. Each begins at the first key frame at or after a multiple of
 * its length, so that those of all renditions of a picture begin at the same frames.
 */
export function segmentOptions(id: string, segmentSeconds: number): string[] {
  const files = segmentFiles(id);
  return [
    ...['-map_metadata', '-1', '-map_metadata:s', '-1', '-map_chapters', '-1'],
    ...['-max_muxing_queue_size', '4096'],
    ...['-f', 'dash', '-seg_duration', String(segmentSeconds)],
    // With a time line each segment would be measured from the one before, and now and then be a group too long.
    ...['-use_template', '1', '-use_timeline', '0'],
    ...['-init_seg_name', files.init],
    ...['-media_seg_name', `${id}-$Number%0${NUMBER_DIGITS}d$.m4s`],
    // A fragment for each group of pictures, whose first frame fast-forwarding players can take by itself.
    ...['-format_options', 'movflags=+default_base_moof+frag_keyframe+skip_sidx'],
  ];
}

const numbered = (number: number): string => String(number).padStart(NUMBER_DIGITS, '0');
