import { fileNames, outputFileName } from '../../core/output-files';
import type { PresetOutput } from '../../core/preset';
import { presetSchema } from '../../core/preset';
import { parseValue } from '../../core/problem';

function output(kind: string, rest: object = {}): PresetOutput {
  const [parsed] = presetSchema.parse({ outputs: [{ kind, name: 'o', ...rest }] }).outputs;
  if (parsed === undefined) throw new Error('no output');
  return parsed;
}

describe('the files of an output', () => {
  it.each([
    [output('video'), 'o.mp4'],
    [output('audio'), 'o.m4a'],
    [output('still'), 'o.jpg'],
    [output('still', { format: 'png' }), 'o.png'],
    [output('clip', { format: 'gif' }), 'o.gif'],
    [output('thumbnails', { format: 'webp' }), 'o-%03d.webp'],
  ])('of %p is %s', (made, name) => {
    expect(outputFileName(made)).toBe(name);
  });

  it('are numbered, with the map last', () => {
    expect(fileNames(output('thumbnails'), 2)).toEqual(['o-001.jpg', 'o-002.jpg']);
    expect(fileNames(output('storyboard'), 1)).toEqual(['o-001.jpg', 'o.vtt']);
    expect(fileNames(output('still'), 7)).toEqual(['o.jpg']);
  });

  it.each([
    ['two stills', { kind: 'still', name: 'o' }, { kind: 'still', name: 'o' }],
    [
      'thumbnails and a still of such a name',
      { kind: 'thumbnails', name: 'o' },
      { kind: 'still', name: 'o-007' },
    ],
    ['thumbnails and a storyboard', { kind: 'thumbnails', name: 'o' }, { kind: 'storyboard', name: 'o' }],
  ])('must not be written twice, as by %s', (_title, ...outputs) => {
    const parsed = parseValue({ outputs }, presetSchema);
    expect(parsed).toMatchObject({ kind: 'invalid', problems: [{ pointer: '/outputs/1/name' }] });
  });

  it('may have one name where their extensions differ', () => {
    const outputs = ['mp4', 'gif', 'webp'].map(format => ({ kind: 'clip', name: 'o', format }));
    expect(parseValue({ outputs }, presetSchema).kind).toBe('ok');
  });

  it('are bounded: at most four outputs have several', () => {
    const outputs = [1, 2, 3, 4, 5].map(index => ({ kind: 'thumbnails', name: `t${index}` }));
    expect(parseValue({ outputs }, presetSchema)).toMatchObject({
      kind: 'invalid',
      problems: [{ pointer: '/outputs/4/kind', value: 'thumbnails' }],
    });
  });
});
