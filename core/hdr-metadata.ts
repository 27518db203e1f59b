import { z } from 'zod';
import type { VideoSettings } from './preset';
import type { Probe, VideoStream } from './probe';

/** A color as CIE 1931 has it, each coordinate in units of 1/50000. */
type Chromaticity = readonly [x: number, y: number];

/** The display that a picture was finished on: SMPTE ST 2086. Screens that show less go by it. */
export interface MasteringDisplay {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly whitePoint: Chromaticity;
  /** In units of 1/10000 cd/m², as is the other. */
  readonly maxLuminance: number;
  readonly minLuminance: number;
}

/** Brightest pixel, and brightest frame on average, in cd/m²; 0 stands for unknown. CTA-861.3 calls them MaxCLL and MaxFALL. */
export interface LightLevel {
  readonly maxContent: number;
  readonly maxAverage: number;
}

/** What HDR10 tells of a whole video, as far as it is known and can be true. */
export interface HdrMetadata {
  readonly mastering?: MasteringDisplay;
  readonly light?: LightLevel;
}

/** Fields of ffprobe's side data that `readHdrMetadata` reads. */
export const HDR_SIDE_DATA_FIELDS = [
  'red_x,red_y,green_x,green_y,blue_x,blue_y,white_point_x,white_point_y',
  'min_luminance,max_luminance,max_content,max_average',
].join(',');

/** What ffprobe is asked of the first frame: `-show_entries`. `withFrameMetadata` reads its JSON. */
export const FIRST_FRAME_ENTRIES = `frame_side_data=${HDR_SIDE_DATA_FIELDS}`;

const COLOR_UNITS = 50_000;
const LIGHT_UNITS = 10_000;

/** A fraction in whole units; another is not taken. */
function units(inOne: number, { least, most }: { least: number; most: number }): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,10}\/[1-9]\d{0,9}$/)
    .transform(text => {
      const [numerator, denominator] = text.split('/').map(Number);
      return Math.round(((numerator ?? 0) / (denominator ?? 1)) * inOne);
    })
    .pipe(z.int().min(least).max(most));
}

// Outside of these H.265 takes a value for unknown.
const across = units(COLOR_UNITS, { least: 5, most: 37_000 });
const up = units(COLOR_UNITS, { least: 5, most: 42_000 });

const masteringSchema = z
  .object({
    ...{ red_x: across, red_y: up, green_x: across, green_y: up },
    ...{ blue_x: across, blue_y: up, white_point_x: across, white_point_y: up },
    max_luminance: units(LIGHT_UNITS, { least: 50_000, most: 100_000_000 }),
    // Many say 0 of a display that shows black.
    min_luminance: units(LIGHT_UNITS, { least: 0, most: 50_000 }),
  })
  .refine(({ min_luminance: min, max_luminance: max }) => min < max)
  .transform((found): MasteringDisplay => ({
    red: [found.red_x, found.red_y],
    green: [found.green_x, found.green_y],
    blue: [found.blue_x, found.blue_y],
    whitePoint: [found.white_point_x, found.white_point_y],
    maxLuminance: found.max_luminance,
    minLuminance: found.min_luminance,
  }));

const candelas = z.int().min(0).max(65_535);
const lightSchema = z
  .object({ max_content: candelas, max_average: candelas })
  .refine(found => found.max_content > 0 || found.max_average > 0)
  .transform((found): LightLevel => ({ maxContent: found.max_content, maxAverage: found.max_average }));

/** Reads it from the side data of a stream or of a frame; what can't be true is left out. */
export function readHdrMetadata(sideData: readonly unknown[]): HdrMetadata {
  const mastering = firstOf(masteringSchema, sideData);
  const light = firstOf(lightSchema, sideData);
  return { ...(mastering === undefined ? {} : { mastering }), ...(light === undefined ? {} : { light }) };
}

function firstOf<T>(schema: z.ZodType<T>, sideData: readonly unknown[]): T | undefined {
  return sideData.map(data => schema.safeParse(data).data).find(found => found !== undefined);
}

function isPq({ transfer }: VideoStream): boolean {
  return transfer === 'smpte2084';
}

/** Whether the first frame may tell what the container left out. */
export function asksFirstFrame(video: VideoStream): boolean {
  const { mastering, light } = video.hdrMetadata ?? {};
  return isPq(video) && (mastering === undefined || light === undefined);
}

const frameSchema = z.object({
  frames: z.array(z.object({ side_data_list: z.array(z.unknown()).default([]) })).default([]),
});

/**
 * The probe with what the first frame tells; the container goes before.
 * @param json what ffprobe prints for `FIRST_FRAME_ENTRIES`
 */
export function withFrameMetadata(probe: Probe, json: string): Probe {
  const { video } = probe;
  if (video === undefined) return probe;
  const sideData = frameSchema.parse(JSON.parse(json)).frames.flatMap(frame => frame.side_data_list);
  return {
    ...probe,
    video: { ...video, hdrMetadata: { ...readHdrMetadata(sideData), ...video.hdrMetadata } },
  };
}

/** What an output of the source goes with: nothing where it is no HDR10 any more, or never was. */
export function outputHdrMetadata(
  video: VideoStream,
  { hdr }: Pick<VideoSettings, 'hdr'>,
): HdrMetadata | undefined {
  return hdr === 'keep' && isPq(video) ? video.hdrMetadata : undefined;
}

/** Parameters that make x265 write it into the stream. */
export function x265HdrParameters({ mastering, light }: HdrMetadata): string[] {
  return [
    ...(mastering === undefined ? [] : [`master-display=${displayText(mastering, String, String)}`]),
    ...(light === undefined ? [] : [`max-cll=${light.maxContent},${light.maxAverage}`]),
  ];
}

/** The same for SVT-AV1, which takes no units but the numbers themselves. */
export function svtHdrParameters({ mastering, light }: HdrMetadata): string[] {
  const color = (value: number): string => (value / COLOR_UNITS).toFixed(5);
  const luminance = (value: number): string => (value / LIGHT_UNITS).toFixed(4);
  return [
    ...(mastering === undefined ? [] : [`mastering-display=${displayText(mastering, color, luminance)}`]),
    ...(light === undefined ? [] : [`content-light=${light.maxContent},${light.maxAverage}`]),
  ];
}

type Spelling = (value: number) => string;

function displayText(display: MasteringDisplay, color: Spelling, luminance: Spelling): string {
  const { red, green, blue, whitePoint, maxLuminance, minLuminance } = display;
  const point = (name: string, [x, y]: Chromaticity): string => `${name}(${color(x)},${color(y)})`;
  return [
    ...[point('G', green), point('B', blue), point('R', red), point('WP', whitePoint)],
    `L(${luminance(maxLuminance)},${luminance(minLuminance)})`,
  ].join('');
}
