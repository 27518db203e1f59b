import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorker } from '../../container/build';

describe('buildWorker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  beforeAll(() => buildWorker(folder));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('puts everything that the Dockerfile copies into the folder, and nothing else', () => {
    const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (?:--chmod=\S+ )?([^-\s]\S*)/gm)].map(([, source]) =>
      source?.replace(/\/$/, ''),
    );
    expect([...copied, 'Dockerfile'].sort()).toEqual(readdirSync(folder).sort());
  });

  it('keeps the scripts executable', () => {
    const scripts = readdirSync(join(folder, 'clean'));
    expect(scripts.sort()).toEqual(['as-media', 'ffmpeg', 'ffprobe', 'send-signal']);
    for (const script of scripts) accessSync(join(folder, 'clean', script), constants.X_OK);
  });
});
