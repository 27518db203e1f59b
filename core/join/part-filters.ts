import type { Dimensions, PictureLayout } from '../picture-size';
import type { ColorTags } from '../picture-filters';
import { deinterlacing, isHdr, outputColors, scaleFilters, toneMapping } from '../picture-filters';
import type { VideoStream } from '../probe';
import type { JoinedPicture } from './join';
import type { JoinedSound } from './joined-sound';

/** Before all others, while the times of the frames are those of the file. */
export function timingFilters(video: VideoStream, framesPerSecond: string): string[] {
  return [...deinterlacing(video), `fps=fps=${framesPerSecond}:start_time=0`];
}

/** Brings the picture of a part to the form of the join: into its box, and to its colors. */
export function formFilters(video: VideoStream, picture: JoinedPicture, isMain: boolean): string[] {
  const { colors, keepHdr } = picture;
  const final = { width: picture.width, height: picture.height };
  // The box has the shape of the main picture, but for a pixel where a side is odd.
  const layout = isMain ? { scaled: final, final } : fitBox(video, final);
  const form = { layout, pixelFormat: picture.pixelFormat };
  if (keepHdr) {
    const own = outputColors(video, true);
    const scaled = scaleFilters(video, { ...form, keepHdr: true });
    const formed = own.transfer === colors.transfer ? [...scaled] : [...scaled, ...toHdr(picture)];
    // Newer encoders take what the first frame says of its mastering display for all; that is for the main source to tell.
    return isMain ? formed : [...formed, 'sidedata=mode=delete'];
  }
  const mapped = isHdr(video) ? toneMapping(layout.scaled) : [];
  return [...mapped, ...scaleFilters(video, { ...form, keepHdr: false, colors })];
}

/** As large as it can be within the box, on black. */
export function fitBox(source: Dimensions, box: Dimensions): PictureLayout {
  const factor = Math.min(box.width / source.width, box.height / source.height);
  const side = (pixels: number, most: number): number =>
    Math.min(most, Math.max(2, Math.round((pixels * factor) / 2) * 2));
  return {
    scaled: { width: side(source.width, box.width), height: side(source.height, box.height) },
    final: box,
  };
}

/** Light of white in a picture without HDR when it is shown among others that have it, in cd/m²: as subtitles have. */
const WHITE_CD = 203;

/** From whatever the frames are tagged with to the HDR of the join, by way of light itself. */
function toHdr({ colors, pixelFormat }: JoinedPicture): string[] {
  return [
    `zscale=t=linear:npl=${WHITE_CD}`,
    'format=gbrpf32le',
    `zscale=p=bt2020:t=${colors.transfer}:m=bt2020nc:r=limited:npl=${WHITE_CD}`,
    `format=${pixelFormat}`,
    tagged(colors),
  ];
}

function tagged({ matrix, primaries, transfer }: ColorTags): string {
  return `setparams=range=limited:colorspace=${matrix}:color_primaries=${primaries}:color_trc=${transfer}`;
}

/** Gaps become silence, and the form is that of the join. */
export function soundFormFilters({ sampleRateHz, layout }: JoinedSound): string[] {
  return [
    'aresample=async=1:first_pts=0',
    `aformat=sample_fmts=fltp:sample_rates=${sampleRateHz}:channel_layouts=${layout}`,
  ];
}

/** Exactly so many samples, with silence where the file has fewer. */
export function soundLengthFilters(samples: number): string[] {
  return ['apad', `atrim=end_sample=${samples}`, 'asetpts=N/SR/TB'];
}

export function silence({ sampleRateHz, layout }: JoinedSound, samples: number): string {
  return `anullsrc=channel_layout=${layout}:sample_rate=${sampleRateHz},atrim=end_sample=${samples}`;
}
