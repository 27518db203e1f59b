import { ratedPackets } from '../../bench/picture-measures';
import { leastBuffered } from '../../core/rate-cap';
import { makeClip } from './support/clips';
import { DirectCut } from './support/cut-directly';

const KBPS = 300;
/** As long as the cap is told to hold. */
const CAP = { bitsPerSecond: KBPS * 1000, bufferBits: KBPS * 1000 * 2 };

describe('the cap of the bit rate of a source that is cut', () => {
  // A picture that no encoder brings below the cap.
  const noise = makeClip('noise.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=18,noise=alls=60:allf=t'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'],
  ]);

  it.each([
    // x264 itself misses the cap by a hundredth now and then, also from beginning to end.
    ['h264', 'veryfast', -0.05],
    // Where it does not look ahead, what is left of the buffer is little, and with less a seam would be seen.
    ['h264', 'ultrafast', -0.2],
    ['hevc', 'ultrafast', -0.05],
  ])('holds across the seams as within a chunk: %s, %s', async (codec, speed, least) => {
    const quality = { crf: 20, maxBitrateKbps: KBPS };
    const video = new DirectCut('noise.mp4', noise, { video: { codec, speed, quality } });
    try {
      const plan = video.plan(6);
      expect(plan.chunks).toHaveLength(3);
      const packets = await ratedPackets(video.join(plan));
      expect(packets).toHaveLength(450);
      expect(leastBuffered(packets, CAP)).toBeGreaterThan(least);
      // It is the cap that holds, not a picture that needs less.
      const bits = packets.reduce((sum, { bytes }) => sum + bytes * 8, 0);
      expect(bits / 18).toBeGreaterThan(KBPS * 1000 * 0.8);
    } finally {
      video.close();
    }
  });
});
