import { presetSchema } from '../../core/preset';
import type { Problem } from '../../core/problem';
import { parseValue } from '../../core/problem';

function problems(output: object): readonly Problem[] {
  const parsed = parseValue({ outputs: [output] }, presetSchema);
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

const video = (container: string, codec: string, rest: object = {}): object => ({
  kind: 'video',
  name: 'v',
  container,
  video: { codec, ...rest },
});
const sound = (container: string, audio: object): object => ({ kind: 'audio', name: 'a', container, audio });

describe('fields of a preset that do not go together', () => {
  it.each<[string, object, string, string, string]>([
    ['VP9 in MOV', video('mov', 'vp9'), '/video/codec', 'vp9', 'prores, dnxhr, h264, hevc'],
    ['ProRes in MP4', video('mp4', 'prores'), '/video/codec', 'prores', 'h264, hevc, av1'],
    ['H.264 in WebM', video('webm', 'h264'), '/video/codec', 'h264', 'vp9, av1'],
    ['AAC in WebM', { ...video('webm', 'vp9'), audio: { codec: 'aac' } }, '/audio/codec', 'aac', 'opus'],
    ['MP3 in M4A', sound('m4a', { codec: 'mp3' }), '/audio/codec', 'mp3', 'aac'],
    ['5.1 in MP3', sound('mp3', { codec: 'mp3', channels: 6 }), '/audio/channels', '6', '1, 2'],
    [
      '512 kbit/s in MP3',
      sound('mp3', { codec: 'mp3', bitrateKbps: 512 }),
      '/audio/bitrateKbps',
      '512',
      '320',
    ],
    ['ten bits in H.264', video('mp4', 'h264', { bitDepth: 10 }), '/video/bitDepth', '10', 'hevc, av1, vp9'],
    ['HDR in eight bits', video('mp4', 'hevc', { hdr: 'keep' }), '/video/hdr', 'keep', 'bitDepth 10'],
    ['a profile of H.264', video('mp4', 'h264', { profile: 'high' }), '/video/profile', 'high', 'prores'],
    [
      'a target for ProRes',
      video('mov', 'prores', { quality: { target: { score: 0.95 } } }),
      '/video/quality/target',
      '{"score":0.95}',
      'Remove this',
    ],
    [
      'an SSIM on the scale of VMAF',
      video('mp4', 'h264', { quality: { target: { score: 93 } } }),
      '/video/quality/target/score',
      '93',
      '0.8 to 0.999',
    ],
    [
      'a floor above the target',
      video('mp4', 'h264', { quality: { target: { metric: 'psnr', score: 40, floor: 41 } } }),
      '/video/quality/target/floor',
      '41',
      '25 to 40',
    ],
    [
      'an end before the start',
      { ...video('mp4', 'h264'), trim: { startSeconds: 3, endSeconds: 2 } },
      '/trim/endSeconds',
      '2',
      'more than trim.startSeconds, 3',
    ],
    [
      'chapters of a part',
      { ...video('mp4', 'h264'), trim: { startSeconds: 3 }, metadata: { chapters: true } },
      '/metadata/chapters',
      'true',
      'Remove',
    ],
  ])('%s: pointer, value and what is allowed', (_title, ...[output, pointer, value, allowed]) => {
    expect(problems(output)).toEqual([
      { pointer: `/outputs/0${pointer}`, value, fix: expect.stringContaining(allowed) as string },
    ]);
  });

  it('includes a default that does not fit', () => {
    expect(problems({ kind: 'audio', name: 'a', container: 'mp3' })).toEqual([
      { pointer: '/outputs/0/audio/codec', fix: expect.stringContaining('Use one of: mp3') as string },
    ]);
  });

  it.each([
    ['mp4', 'hevc', 'aac'],
    ['mp4', 'av1', 'opus'],
    ['webm', 'av1', 'opus'],
    ['mov', 'dnxhr', 'pcm'],
  ])('%s takes %s and %s', (container, codec, audio) => {
    expect(problems({ ...video(container, codec), audio: { codec: audio } })).toEqual([]);
  });
});
