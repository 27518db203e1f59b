import { numberedFileName } from './output-files';
import type { Dimensions } from './picture-size';
import type { StoryboardOutput } from './preset';
import { spacingOf } from './tile-plan';

/** The WebVTT file that tells players where on which sheet the picture of each moment is. */
export function storyboardMap(
  output: StoryboardOutput,
  { tile, durationSeconds }: { tile: Dimensions; durationSeconds: number },
): string {
  const { everySeconds, count } = spacingOf(output, durationSeconds);
  const perSheet = output.columns * output.rows;
  const cues = Array.from({ length: count }, (_, index) => {
    const start = index * everySeconds;
    const end = index + 1 === count ? Math.max(durationSeconds, start + 0.001) : start + everySeconds;
    const place = index % perSheet;
    const x = (place % output.columns) * tile.width;
    const y = Math.floor(place / output.columns) * tile.height;
    const sheet = numberedFileName(output, Math.floor(index / perSheet) + 1);
    return `${clock(start)} --> ${clock(end)}\n${sheet}#xywh=${x},${y},${tile.width},${tile.height}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

/** `HH:MM:SS.mmm` */
function clock(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const part = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, '0');
  const wholeSeconds = Math.floor(milliseconds / 1000);
  return `${part(wholeSeconds / 3600)}:${part((wholeSeconds / 60) % 60)}:${part(wholeSeconds % 60)}.${part(milliseconds % 1000, 3)}`;
}
