import { execFileSync } from 'node:child_process';

/** Bits of the frame's number, each a block of its own. */
const BITS = 8;
const BLOCK = 16;

/** A lavfi source whose frames carry their number in black and white, above a moving picture: 128x72. */
export function codedPicture(options: { rate: string; seconds: number }): string[] {
  const code = `geq=lum='if(mod(floor(N/pow(2\\,floor(X/${BLOCK})))\\,2)\\,235\\,16)':cb=128:cr=128`;
  return [
    '-f',
    'lavfi',
    '-i',
    [
      `testsrc2=size=${BITS * BLOCK}x56:rate=${options.rate}:duration=${options.seconds},format=yuv420p[low]`,
      `color=size=${BITS * BLOCK}x16:rate=${options.rate}:duration=${options.seconds},format=yuv420p,${code}[high]`,
      '[high][low]vstack,setsar=1',
    ].join(';'),
  ];
}

/** The numbers that the frames of a file carry, in the order in which they are shown. */
export function frameNumbers(path: string): number[] {
  const bytes = execFileSync('ffmpeg', [
    ...['-v', 'error', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough'],
    ...['-vf', `crop=iw:ih/9:0:ih/18,scale=${BITS}:1:flags=area,format=gray`],
    ...['-f', 'rawvideo', '-'],
  ]);
  const numbers: number[] = [];
  for (let at = 0; at + BITS <= bytes.length; at += BITS) {
    numbers.push(
      [...bytes.subarray(at, at + BITS)].reduce((sum, grey, bit) => sum + (grey > 128 ? 2 ** bit : 0), 0),
    );
  }
  return numbers;
}
