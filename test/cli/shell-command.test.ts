import { shellCommand } from '../../cli/shell-command';

describe('a command line for a shell', () => {
  it('quotes what a shell would take apart', () => {
    expect(shellCommand('ffmpeg', ['-i', "it's here.mp4", '-map', '[v0]', 'a-b_c.mp4'])).toBe(
      `ffmpeg -i 'it'\\''s here.mp4' -map '[v0]' a-b_c.mp4`,
    );
  });

  it('breaks long lines before an option, never between it and a value that looks like one', () => {
    const args = Array.from({ length: 12 }, (_, index) => [`-option${index}`, '-1']).flat();
    const lines = shellCommand('ffmpeg', args).split(' \\\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(102);
      expect(line).toMatch(/^(ffmpeg| {2}-option\d+ -1)/);
    }
  });
});
