import { classifyUpload, decodeEventKey } from '../../core/upload-key';

describe('keys of uploads', () => {
  it.each([
    ['my+clip.mp4', 'my clip.mp4'],
    ['a%2Bb.mp4', 'a+b.mp4'],
    ['100%25.mov', '100%.mov'],
    ['caf%C3%A9/%F0%9F%8E%AC.mp4', 'café/🎬.mp4'],
  ])('%s in an event is %s', (encoded, key) => {
    expect(decodeEventKey(encoded)).toBe(key);
  });

  it.each([
    ['clip.mp4', { kind: 'video', videoKey: 'clip.mp4' }],
    ['dir/CLIP.MOV', { kind: 'video', videoKey: 'dir/CLIP.MOV' }],
    ['dir/CLIP.MOV.json', { kind: 'manifest', videoKey: 'dir/CLIP.MOV' }],
    ['clip.mp4.JSON', { kind: 'manifest', videoKey: 'clip.mp4' }],
    ['dir/', { kind: 'ignored', reason: 'a folder marker' }],
    ['dir/.json', { kind: 'ignored', reason: 'a manifest without the name of a video' }],
  ])('%s is told apart', (key, expected) => {
    expect(classifyUpload(key)).toEqual(expected);
  });
});
