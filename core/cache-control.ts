/** Seconds for which a player may go by a playlist: as long as a replaced video may be mixed up with the one before. */
const PLAYLIST_SECONDS = 60;
const SEGMENT_SECONDS = 86_400;

/** How long a published file may be kept by browsers and networks; undefined leaves it to them. */
export function cacheControl(fileName: string): string | undefined {
  // Captions of a ladder change when a corrected file comes; those beside a video file have no folder.
  if (/\.(m3u8|mpd)$|\/captions-[^/]*\/[^/]+\.vtt$/.test(fileName))
    return `public, max-age=${PLAYLIST_SECONDS}`;
  // The initialization segment goes with its segments.
  return /\.m4s$|\/init\.mp4$/.test(fileName) ? `public, max-age=${SEGMENT_SECONDS}` : undefined;
}
