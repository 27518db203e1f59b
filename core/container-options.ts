import type { AudioOutput, VideoOutput } from './preset';
import type { SourceTags } from './source-tags';

type Container = (VideoOutput | AudioOutput)['container'];

/** How each container is written; with the index in front where it has one. */
const MUXERS: Readonly<Record<Container, readonly string[]>> = {
  mp4: ['-f', 'mp4', '-movflags', '+faststart'],
  m4a: ['-f', 'mp4', '-movflags', '+faststart'],
  mov: ['-f', 'mov', '-movflags', '+faststart'],
  webm: ['-f', 'webm', '-cues_to_front', '1'],
  ogg: ['-f', 'ogg'],
  mp3: ['-f', 'mp3'],
  flac: ['-f', 'flac'],
  // Beyond 4 GB a WAV is written as RF64.
  wav: ['-f', 'wav', '-rf64', 'auto'],
};

/** The muxer, and what is told of the source. Phones note in the metadata where their owner lives: it is left behind. */
export function containerOptions(
  { container, metadata }: Pick<VideoOutput | AudioOutput, 'container' | 'metadata'>,
  tags: SourceTags,
): string[] {
  return [
    // Without `:g` the titles of the chapters would be left behind as well.
    ...[metadata.chapters ? '-map_metadata:g' : '-map_metadata', '-1', '-map_metadata:s', '-1'],
    ...['-map_chapters', metadata.chapters ? '0' : '-1'],
    ...(metadata.title && tags.title !== undefined ? ['-metadata', `title=${tags.title}`] : []),
    ...(metadata.creationTime && tags.creationTime !== undefined
      ? ['-metadata', `creation_time=${tags.creationTime}`]
      : []),
    // Streams of which one begins late are held back until it does.
    ...['-max_muxing_queue_size', '4096'],
    ...MUXERS[container],
  ];
}
