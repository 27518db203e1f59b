import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainClip } from '../../container/support/clips';
import { spotreel } from '../run';

let folder: string;
let clip: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spotreel's cli-"));
  clip = join(folder, 'my clip.mp4');
  writeFileSync(clip, plainClip());
});
afterAll(() => rmSync(folder, { recursive: true }));

function presetFile(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const MINE = {
  outputs: [
    { kind: 'video', name: 'small', video: { speed: 'ultrafast', size: { shortSide: 90 } }, audio: {} },
    { kind: 'still', name: 'poster' },
  ],
};

describe('spotreel preset', () => {
  it('lists each preset that ships with what it makes', async () => {
    const { code, stdout } = await spotreel('preset', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^web-720p +web-720p\.mp4 +One MP4/m);
  });

  it('shows a preset with every default filled in', async () => {
    const { stdout } = await spotreel('preset', 'show', presetFile('mine.json', MINE));
    expect(JSON.parse(stdout)).toMatchObject({
      outputs: [
        { container: 'mp4', video: { codec: 'h264', quality: { crf: 23 } }, audio: { bitrateKbps: 128 } },
        { atPercent: 10 },
      ],
      task: { vcpu: 2, memoryGiB: 4 },
    });
  });

  it('finds a preset in order', async () => {
    const { code, stdout } = await spotreel('preset', 'validate', presetFile('mine.json', MINE));
    expect(code).toBe(0);
    expect(stdout).toContain('is in order. It makes: small.mp4, poster.jpg.');
  });

  it('names everything that is wrong with a preset by pointer, value and fix', async () => {
    const path = presetFile('bad.json', {
      outputs: [{ kind: 'video', name: 'Big', video: { speed: 'veryfst', crf: 20 } }],
      task: { vcpu: 3 },
    });
    const text = await spotreel('preset', 'validate', path);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain('/outputs/0/name = Big: Use 1 to 64 lower-case letters');
    expect(text.stdout).toContain('/outputs/0/video/speed = veryfst: Use one of: ultrafast');
    expect(text.stdout).toContain('Did you mean "veryfast"?');
    const json = await spotreel('preset', 'validate', path, '--json');
    expect(json.code).toBe(1);
    expect((JSON.parse(json.stdout) as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
      '/outputs/0/name',
      '/outputs/0/video/crf',
      '/outputs/0/video/speed',
      '/task/vcpu',
    ]);
  });

  it('builds a preset on one beside it, or on one that ships', async () => {
    presetFile('mine.json', MINE);
    const onMine = presetFile('on-mine.json', {
      extends: 'mine',
      outputs: [{ name: 'poster', atPercent: 90 }],
    });
    const onShipped = presetFile('on-shipped.json', { extends: 'web-720p', task: { vcpu: 1 } });
    expect(JSON.parse((await spotreel('preset', 'show', onMine)).stdout)).toMatchObject({
      outputs: [{ name: 'small' }, { name: 'poster', atPercent: 90 }],
    });
    expect(JSON.parse((await spotreel('preset', 'show', onShipped)).stdout)).toMatchObject({
      outputs: [{ name: 'web-720p' }],
      task: { vcpu: 1 },
    });
    const { code, stdout } = await spotreel(
      ...['preset', 'validate', presetFile('lost.json', { extends: 'on-mien' })],
    );
    expect(code).toBe(1);
    expect(stdout).toContain('/extends = on-mien: No preset has this name. Did you mean "on-mine"?');
  });

  it('refuses to work with a preset that is not in order', async () => {
    const { code, stderr } = await spotreel('preset', 'show', presetFile('worse.json', '{"outputs": [}'));
    expect(code).toBe(1);
    expect(stderr).toContain('Not valid JSON');
  });
});

describe('spotreel preset explain', () => {
  it('tells each file, the command, the time and the cost', async () => {
    const { code, stdout } = await spotreel(
      'preset',
      'explain',
      presetFile('mine.json', MINE),
      '--input',
      clip,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^my clip\.mp4: 320×180 h264, 25 fps; aac, 1 channel; 2/m);
    expect(stdout).toMatch(/^small\.mp4 +h264 \+ aac +160×90 +25 +2(\.\d+)? s +about /m);
    expect(stdout).toMatch(/^poster\.jpg +jpeg +320×180 +about /m);
    expect(stdout).toMatch(/^Encoding: about .* on 2 vCPU and 4 GiB\.$/m);
    expect(stdout).toMatch(/^Fargate Spot in us-east-1: about 0\.\d+ .*USD/m);
  });

  it('prints commands that run in a shell as they stand', async () => {
    const { stdout } = await spotreel(
      'preset',
      'explain',
      presetFile('mine.json', MINE),
      '--input',
      clip,
      '--json',
    );
    const { commands } = JSON.parse(stdout) as { commands: string[] };
    const out = mkdtempSync(join(folder, 'run-'));
    for (const command of commands) execFileSync('sh', ['-c', command], { cwd: out, stdio: 'ignore' });
    expect(readdirSync(out).sort()).toEqual(['poster.jpg', 'small.mp4']);
  });

  it('says why nothing can be made of a video, in the words of a job that fails', async () => {
    const text = await spotreel('preset', 'explain', 'web-720p', '--input', presetFile('text.mp4', 'hello'));
    expect(text.code).toBe(1);
    expect(text.stderr).toContain('The file is damaged or incomplete, or no media file.');
  });
});

describe('spotreel preset try', () => {
  it('makes the first seconds of each output here and measures them', async () => {
    const out = join(folder, 'tried');
    const { code, stdout, stderr } = await spotreel(
      ...['preset', 'try', presetFile('mine.json', MINE)],
      ...['--input', clip, '--seconds', '1', '--out', out],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^small\.mp4 +h264 \+ aac +160×90 +25 +1\.\d\d s +[\d.]+ KiB/m);
    expect(stdout).toMatch(/^poster\.jpg +mjpeg +320×180 /m);
    expect(stdout).toMatch(/^Encoded 1 s in .*\nAll of it, 2(\.\d+)? s: about /m);
    expect(stderr).toContain('100 %');
    expect(readdirSync(out).sort()).toEqual(['poster.jpg', 'small.mp4']);
  });

  it('takes captions and an image from where a manifest and their names say', async () => {
    const out = join(folder, 'captioned');
    const image = ['-v', 'error', '-f', 'lavfi', '-i', 'color=red:size=32x16', '-frames:v', '1'];
    execFileSync('ffmpeg', [...image, join(folder, 'logo.png')]);
    writeFileSync(`${clip}.fr.srt`, '1\n00:00:00,200 --> 00:00:00,800\nBonjour\n');
    writeFileSync(join(folder, 'de.vtt'), 'WEBVTT\n\n00:00.000 --> 00:00.500\nHallo\n');
    const preset = presetFile('captioned.json', {
      outputs: [
        {
          kind: 'video',
          name: 'small',
          video: { speed: 'ultrafast', size: { shortSide: 90 }, watermark: {} },
          captions: { burnIn: 'de' },
        },
        { kind: 'captions', name: 'text' },
      ],
    });
    const manifest = presetFile('manifest.json', {
      preset: 'captioned',
      captions: [{ file: 'de.vtt', language: 'de' }],
      watermark: 'logo.png',
    });
    const asked = ['--input', clip, '--manifest', manifest];
    const { code, stdout } = await spotreel(
      'preset',
      'try',
      preset,
      ...asked,
      '--seconds',
      '1',
      '--out',
      out,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^text\.de\.vtt +\d+ B/m);
    expect(readdirSync(out).sort()).toEqual(['small.mp4', 'text.de.vtt', 'text.fr.vtt']);
    const explained = await spotreel('preset', 'explain', preset, ...asked);
    expect(explained.stdout).toContain('ass=filename=_burn-in-small.ass');
    rmSync(`${clip}.fr.srt`);
  });

  it('makes clips and numbered pictures too, under the names that a job gives them', async () => {
    const out = join(folder, 'pictures');
    const preset = presetFile('pictures.json', {
      outputs: [
        { kind: 'clip', name: 'preview', seconds: 1, size: { shortSide: 64 } },
        { kind: 'thumbnails', name: 'thumb', everySeconds: 1 },
        { kind: 'storyboard', name: 'board', everySeconds: 1, tileSide: 64 },
      ],
    });
    mkdirSync(out);
    // Of an earlier try that had more of them.
    writeFileSync(join(out, 'thumb-003.jpg'), 'old');
    const { code, stdout } = await spotreel('preset', 'try', preset, '--input', clip, '--out', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^preview\.mp4 +h264 +114×64 +12 +1\.00 s /m);
    expect(stdout).toMatch(/^thumb-002\.jpg +mjpeg +320×180 +[\d.]+ KiB /m);
    expect(stdout).not.toContain('thumb-003');
    expect(stdout).toMatch(/^board\.vtt +\d+ B /m);
    expect(readdirSync(out).sort()).toEqual([
      ...['board-001.jpg', 'board.vtt', 'preview.mp4'],
      ...['thumb-001.jpg', 'thumb-002.jpg', 'thumb-003.jpg'],
    ]);
    const explained = await spotreel('preset', 'explain', preset, '--input', clip);
    expect(explained.stdout).toMatch(/ -f mp4 .*preview\.mp4$/m);
  });

  it('says how good it came out where the preset asks for a quality, and leaves no samples behind', async () => {
    const out = join(folder, 'scored');
    const video = { size: { shortSide: 90 }, speed: 'ultrafast', quality: { target: { score: 0.9 } } };
    const rungs = [{ shortSide: 96, quality: video.quality }];
    const outputs = [
      { kind: 'video', name: 'scored', video },
      { kind: 'adaptive', name: 'web', video: { speed: 'ultrafast', codec: 'hevc' }, rungs },
    ];
    const preset = presetFile('scored.json', { outputs });
    const args = [preset, '--input', clip];
    const { code, stdout } = await spotreel('preset', 'try', ...args, '--seconds', '1', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^scored\.mp4 .* ssim 0\.\d+ at crf \d\d /m);
    expect(stdout).toMatch(/^master\.m3u8 .* 96p ssim 0\.\d+ at crf \d\d /m);
    expect(readdirSync(out)).toEqual(['scored.mp4', 'web']);
    const explained = await spotreel('preset', 'explain', ...args);
    for (const name of ['scored', 'web@96p'])
      expect(explained.stdout).toContain(
        `  ${name}: ssim 0.9, no less than 0.88; crf 10 to 40, from 23 on; tried `,
      );
  });
});
