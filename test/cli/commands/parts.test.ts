import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colorClip, toneClip } from '../../container/support/joined-clips';
import { spotreel } from '../run';

let folder: string;
const path = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spotreel-parts-'));
  writeFileSync(
    path('clip.mp4'),
    colorClip({ color: 'red', size: '64x36', rate: '10', seconds: 2, tone: 2 }),
  );
  writeFileSync(path('intro.mp4'), colorClip({ color: 'blue', size: '48x64', rate: '25', seconds: 1 }));
  writeFileSync(path('jingle.mp3'), toneClip('mp3', 0.5));
  writeFileSync(path('clip.mp4.json'), '{"preset":"web-720p","intro":"intro.mp4"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('spotreel with an intro', () => {
  it('encodes it, named by a manifest or by a flag', async () => {
    const asked = ['--input', path('clip.mp4'), '--json', '--out', path('out'), '--seconds', '2.5'];
    const named = ['--manifest', path('clip.mp4.json'), '--outro', path('intro.mp4')];
    const { stdout } = await spotreel('preset', 'try', 'web-720p', ...asked, ...named);
    expect(JSON.parse(stdout)).toMatchObject({
      mediaSeconds: 2.5,
      outputs: [{ probe: { video: { width: 64, height: 36, endSeconds: 2.5 } } }],
    });
  });

  it('counts it in what a job costs, and shows it in the command', async () => {
    const asked = ['--input', path('clip.mp4'), '--intro', path('intro.mp4')];
    const quoted = await spotreel('cost', '--preset', 'web-720p', ...asked);
    expect(quoted.stdout).toContain('1 channel; 3 s');
    const explained = await spotreel('preset', 'explain', 'web-720p', ...asked);
    expect(explained.stdout).toContain(`-i ${path('intro.mp4')}`);
    expect(explained.stdout).toContain('trim=end_frame=10,');
  });

  it.each([
    ['jingle.mp3', 1, 'jingle.mp3: The file has no picture'],
    ['none.mp4', 2, 'there is no such file'],
  ])('says of %s why it can not be shown', async (name, code, message) => {
    const ran = await spotreel(
      'preset',
      'explain',
      'web-720p',
      '--input',
      path('clip.mp4'),
      '--intro',
      path(name),
    );
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(message);
  });
});
