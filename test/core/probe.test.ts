import { lastingSeconds } from '../../core/probe';
import { parseProbe } from '../../core/read-probe';
import { toSourceFacts } from '../../core/source-facts';

const VIDEO = {
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  width: 1920,
  height: 1080,
  r_frame_rate: '25/1',
  avg_frame_rate: '25/1',
  time_base: '1/12800',
  start_time: '0.000000',
  duration: '10.000000',
};
const AUDIO = {
  index: 1,
  codec_type: 'audio',
  codec_name: 'aac',
  channels: 6,
  sample_rate: '48000',
  duration: '9.9',
};

const probe = (
  streams: readonly object[],
  format: object = { format_name: 'mov', duration: '10' },
): ReturnType<typeof parseProbe> => parseProbe(JSON.stringify({ format, streams }));

describe('parseProbe', () => {
  it('reads picture and sound', () => {
    expect(toSourceFacts(probe([VIDEO, AUDIO]))).toEqual({
      format: 'mov',
      durationSeconds: 10,
      video: {
        codec: 'h264',
        width: 1920,
        height: 1080,
        frameRate: 25,
        rotationDegrees: 0,
        durationSeconds: 10,
      },
      audio: { codec: 'aac', channels: 6, sampleRateHz: 48000, durationSeconds: 9.9 },
    });
  });

  it.each([
    [-90, 90, 1080, 1920],
    [90, 270, 1080, 1920],
    [180, 180, 1920, 1080],
    [-180, 180, 1920, 1080],
    [0, 0, 1920, 1080],
  ])('turns a display matrix of %p by %p degrees', (rotation, ...[rotationDegrees, width, height]) => {
    const { video } = probe([{ ...VIDEO, side_data_list: [{}, { rotation }] }]);
    expect(video).toMatchObject({ rotationDegrees, width, height });
  });

  it.each([
    ['2:1', 3840],
    ['0:1', 1920],
    ['N/A', 1920],
    [undefined, 1920],
    ['4:3', 2560],
  ])('shows pixels of aspect %p as a width of %p', (sample_aspect_ratio, width) => {
    expect(probe([{ ...VIDEO, sample_aspect_ratio }]).video?.width).toBe(width);
  });

  it.each([
    ['30000/1001', '30000/1001', 30000 / 1001],
    ['3628800/502589', '57600/1', 7.2202],
    ['1000/1', '60/1', 60],
    ['0/0', '90000/1', 30],
    ['1/5', '1/5', 1],
  ])('believes of the rates %s and %s that it is %p', (avg_frame_rate, r_frame_rate, frameRate) => {
    expect(probe([{ ...VIDEO, avg_frame_rate, r_frame_rate }]).video?.frameRate).toBeCloseTo(frameRate, 3);
  });

  it('reads the brightness of an HDR picture from its container, beside a rotation', () => {
    const sideData = [{ rotation: 180 }, { max_content: 1000, max_average: 400 }];
    const { video } = probe([{ ...VIDEO, side_data_list: sideData }]);
    expect(video).toMatchObject({
      rotationDegrees: 180,
      hdrMetadata: { light: { maxContent: 1000, maxAverage: 400 } },
    });
  });

  it('does not take cover art for a picture', () => {
    const cover = { ...VIDEO, index: 1, codec_name: 'mjpeg', disposition: { attached_pic: 1 } };
    const found = probe([AUDIO, cover]);
    expect(found.video).toBeUndefined();
    expect(found.found).toBe('audio (aac), cover art (mjpeg)');
  });

  it('prefers the default streams', () => {
    const second = { ...AUDIO, index: 2, channels: 2, disposition: { default: 1 } };
    expect(probe([AUDIO, second]).audio?.index).toBe(2);
  });

  it('counts where streams end from the beginning of the file', () => {
    const late = { ...VIDEO, start_time: '5.5', duration: '4' };
    expect(probe([late], { format_name: 'mov', duration: '4.5', start_time: '5.0' }).video?.endSeconds).toBe(
      4.5,
    );
  });

  it("takes Matroska's tag for the end of a stream", () => {
    const tagged = { ...VIDEO, duration: undefined, tags: { DURATION: '00:01:02.500000000' } };
    expect(probe([tagged]).video?.endSeconds).toBe(62.5);
  });

  it('takes a language only when it is three letters', () => {
    expect(probe([{ ...AUDIO, tags: { language: 'deu' } }]).audio?.language).toBe('deu');
    expect(probe([{ ...AUDIO, tags: { language: 'x=y' } }]).audio?.language).toBeUndefined();
  });

  it('finds nothing in a file without streams', () => {
    expect(probe([]).found).toBe('no stream at all');
  });

  it('throws on what ffprobe does not print', () => {
    expect(() => parseProbe('oops')).toThrow();
  });
});

describe('lastingSeconds', () => {
  it('is the end of the stream that lasts longest, or what the file says', () => {
    expect(lastingSeconds(probe([VIDEO, AUDIO]))).toBe(10);
    expect(lastingSeconds(probe([{ ...VIDEO, duration: undefined }]))).toBe(10);
  });
});
