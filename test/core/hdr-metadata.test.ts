import {
  asksFirstFrame,
  outputHdrMetadata,
  readHdrMetadata,
  svtHdrParameters,
  withFrameMetadata,
  x265HdrParameters,
} from '../../core/hdr-metadata';
import type { VideoStream } from '../../core/probe';
import { HD_VIDEO, hdProbe } from '../support/probes';

const DISPLAY = {
  side_data_type: 'Mastering display metadata',
  ...{ red_x: '34000/50000', red_y: '16000/50000', green_x: '13250/50000', green_y: '34500/50000' },
  ...{ blue_x: '7500/50000', blue_y: '3000/50000' },
  ...{ white_point_x: '15635/50000', white_point_y: '16450/50000' },
  ...{ min_luminance: '1/10000', max_luminance: '10000000/10000' },
};
const LIGHT = { side_data_type: 'Content light level metadata', max_content: 1000, max_average: 400 };
const KNOWN = readHdrMetadata([{ rotation: 0 }, DISPLAY, LIGHT]);
const pq = (changes: Partial<VideoStream> = {}): VideoStream => ({
  ...HD_VIDEO,
  transfer: 'smpte2084',
  ...changes,
});

describe('the static metadata of HDR10', () => {
  it('goes to x265 in its units', () => {
    expect(x265HdrParameters(KNOWN)).toEqual([
      'master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)',
      'max-cll=1000,400',
    ]);
  });

  it('goes to SVT-AV1 in plain numbers', () => {
    expect(svtHdrParameters(KNOWN)).toEqual([
      'mastering-display=G(0.26500,0.69000)B(0.15000,0.06000)R(0.68000,0.32000)WP(0.31270,0.32900)L(1000.0000,0.0001)',
      'content-light=1000,400',
    ]);
  });

  it('comes out of the units of AV1 as it went in', () => {
    const ofAv1 = {
      ...{ red_x: '44564/65536', red_y: '20972/65536', green_x: '17367/65536', green_y: '45220/65536' },
      ...{ blue_x: '9830/65536', blue_y: '3932/65536' },
      ...{ white_point_x: '20493/65536', white_point_y: '21561/65536' },
      ...{ min_luminance: '2/16384', max_luminance: '256000/256' },
    };
    expect(readHdrMetadata([ofAv1])).toEqual({ mastering: KNOWN.mastering });
  });

  it.each([
    ['nothing at all', {}],
    ['no luminance', { ...DISPLAY, max_luminance: undefined }],
    ['a denominator of zero', { ...DISPLAY, red_x: '34000/0' }],
    ['a negative number', { ...DISPLAY, blue_y: '-3000/50000' }],
    ['options of an encoder', { ...DISPLAY, white_point_x: '1/1:stats=/tmp/x' }],
    ['a color that there is not', { ...DISPLAY, green_y: '50000/50000' }],
    ['a color that was never set', { ...DISPLAY, green_x: '0/50000' }],
    ['a display brighter than PQ can tell', { ...DISPLAY, max_luminance: '4294967295/10000' }],
    ['black brighter than white', { ...DISPLAY, min_luminance: '50000/10000', max_luminance: '50000/10000' }],
    ['numbers in place of fractions', { ...DISPLAY, red_x: 0.68 }],
  ])('is left out where a display has %s', (_title, display) => {
    expect(readHdrMetadata([display, LIGHT])).toEqual({ light: KNOWN.light });
  });

  it.each([
    [0, 0],
    [-1, 400],
    [65_536, 400],
    [1000.5, 400],
    ['1000', 400],
    [1000, undefined],
  ])('is left out where the light is %p and %p', (max_content, max_average) => {
    expect(readHdrMetadata([DISPLAY, { max_content, max_average }])).toEqual({ mastering: KNOWN.mastering });
  });

  it('takes a display that shows black, and a light of which one half is known', () => {
    const found = readHdrMetadata([
      { ...DISPLAY, min_luminance: '0/10000' },
      { ...LIGHT, max_average: 0 },
    ]);
    expect(x265HdrParameters(found).join()).toMatch(/L\(10000000,0\),max-cll=1000,0$/);
  });

  it('is no parameter where nothing is known', () => {
    expect([...x265HdrParameters({}), ...svtHdrParameters({})]).toEqual([]);
  });

  it('is looked for in the first frame of PQ only, and where the container does not tell all', () => {
    expect(asksFirstFrame(pq())).toBe(true);
    expect(asksFirstFrame(pq({ hdrMetadata: { light: { maxContent: 1, maxAverage: 1 } } }))).toBe(true);
    expect(asksFirstFrame(pq({ hdrMetadata: KNOWN }))).toBe(false);
    expect(asksFirstFrame(pq({ transfer: 'arib-std-b67' }))).toBe(false);
    expect(asksFirstFrame(HD_VIDEO)).toBe(false);
  });

  it('is that of the container before that of the first frame', () => {
    const light = { maxContent: 5, maxAverage: 4 };
    const source = hdProbe(10, pq({ hdrMetadata: { light } }));
    const frame = JSON.stringify({ frames: [{ side_data_list: [LIGHT, DISPLAY] }] });
    expect(withFrameMetadata(source, frame).video?.hdrMetadata).toEqual({
      light,
      mastering: KNOWN.mastering,
    });
    expect(withFrameMetadata(source, '{}').video?.hdrMetadata).toEqual({ light });
  });

  it('goes with an output that stays PQ alone', () => {
    const source = pq({ hdrMetadata: KNOWN });
    expect(outputHdrMetadata(source, { hdr: 'keep' })).toEqual(KNOWN);
    expect(outputHdrMetadata(source, { hdr: 'toSdr' })).toBeUndefined();
    expect(outputHdrMetadata({ ...source, transfer: 'bt709' }, { hdr: 'keep' })).toBeUndefined();
  });
});
