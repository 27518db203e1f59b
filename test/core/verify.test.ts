import { checkResult } from '../../core/verify';
import type { OutputFacts } from '../../core/report';
import { acceptedJob, makeOutput, SOURCE_FACTS } from '../support/builders';

/** What is wrong with these files as the outputs of a ten-second source. */
function check(outputs: readonly object[], made: readonly OutputFacts[]): string | undefined {
  const job = acceptedJob({ presetText: JSON.stringify({ outputs }) });
  const [order] = job.orders;
  if (order === undefined) throw new Error('no order');
  return checkResult(job, order, { deliveryId: '1-1', source: SOURCE_FACTS, outputs: made });
}

function file(fileName: string, changes: Partial<OutputFacts> = {}): OutputFacts {
  const { durationSeconds, video, ...rest } = makeOutput('1-1');
  return {
    ...rest,
    name: 'o',
    fileName,
    key: rest.key.replace('web.mp4', fileName),
    video: { codec: 'mjpeg', width: 320, height: 180 },
    ...changes,
  };
}

describe('checkResult', () => {
  const THUMBNAILS = { kind: 'thumbnails', name: 'o', everySeconds: 4 };
  const thumbs = [file('o-001.jpg'), file('o-002.jpg'), file('o-003.jpg')] as const;
  const STORYBOARD = { kind: 'storyboard', name: 'o' };
  const { video: _picture, ...map } = file('o.vtt');

  it('is content with all files of an output', () => {
    expect(check([THUMBNAILS], thumbs)).toBeUndefined();
    expect(check([STORYBOARD], [file('o-001.jpg'), map])).toBeUndefined();
  });

  it.each<[string, object, readonly OutputFacts[], string]>([
    ['no picture at all', THUMBNAILS, [], 'is missing'],
    ['a gap', THUMBNAILS, [thumbs[0], thumbs[2], file('o-004.jpg')], 'lacks o-002.jpg'],
    ['half of the pictures', { ...THUMBNAILS, everySeconds: 1 }, thumbs, 'has 3 pictures, not 10'],
    ['a picture twice', THUMBNAILS, [...thumbs, file('o-003.jpg')], 'lacks o-004.jpg'],
    ['a storyboard without its map', STORYBOARD, [file('o-001.jpg')], 'lacks o.vtt'],
    ['a map without pictures', STORYBOARD, [map], 'has 0 pictures'],
    [
      'a picture in another place',
      THUMBNAILS,
      [file('o-001.jpg', { key: 'x' }), ...thumbs.slice(1)],
      'lies outside',
    ],
    ['a picture in another format', { ...THUMBNAILS, format: 'png' }, thumbs, 'is missing'],
    ['a JPEG called PNG', { kind: 'still', name: 'o', format: 'png' }, [file('o.png')], 'in mjpeg, not png'],
    ['a file that nobody asked for', THUMBNAILS, [...thumbs, file('o.exe')], 'there are 4 outputs'],
    [
      'another codec',
      { kind: 'video', name: 'o', video: { codec: 'hevc' } },
      [file('o.mp4', { durationSeconds: 10, video: { codec: 'h264', width: 2, height: 2 } })],
      'in h264, not hevc',
    ],
    [
      'all of the source where a part was asked for',
      { kind: 'video', name: 'o', trim: { startSeconds: 2, endSeconds: 5 } },
      [file('o.mp4', { durationSeconds: 10, video: { codec: 'h264', width: 2, height: 2 } })],
      'lasts 10.00 s, the source 3.00 s',
    ],
    [
      'a clip that is too short',
      { kind: 'clip', name: 'o' },
      [file('o.mp4', { durationSeconds: 2, video: { codec: 'h264', width: 2, height: 2 } })],
      'lasts 2.00 s, the source 4.00 s',
    ],
  ])('notices %s', (_title, ...[output, made, problem]) => {
    expect(check([output], made)).toContain(problem);
  });
});
