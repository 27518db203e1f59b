import { readWebpAnimation } from '../../core/webp-animation';

function chunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type), size, data, Buffer.alloc(data.length % 2)]);
}

function animation(durations: readonly number[]): Buffer {
  const canvas = Buffer.alloc(10);
  canvas.writeUIntLE(319, 4, 3);
  canvas.writeUIntLE(179, 7, 3);
  const frames = durations.map(milliseconds => {
    const data = Buffer.alloc(17);
    data.writeUIntLE(milliseconds, 12, 3);
    return chunk('ANMF', data);
  });
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', canvas), ...frames]));
}

describe('readWebpAnimation', () => {
  it('adds up the frames', () => {
    expect(readWebpAnimation(animation([100, 100, 50]))).toEqual({
      width: 320,
      height: 180,
      frames: 3,
      durationSeconds: 0.25,
    });
  });

  it.each([
    ['a still', animation([])],
    ['one that is broken off', animation([100, 100]).subarray(0, -20)],
    ['another format', Buffer.from('GIF89a, not a WebP at all')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_title, file) => {
    expect(readWebpAnimation(file)).toBeUndefined();
  });
});
