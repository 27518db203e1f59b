import { manifestSchema } from '../../core/manifest';
import { presetSchema } from '../../core/preset';
import { nearest, parseJson } from '../../core/problem';
import { taskSizeSchema } from '../../core/task-size';

function problemsOf(
  parsed: ReturnType<typeof parseJson>,
): readonly { pointer: string; value?: string; fix: string }[] {
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

describe('problems with what a user wrote', () => {
  it('are all reported at once, each with pointer, value and fix', () => {
    const text = JSON.stringify({
      preset: 'Web 720p',
      prioritty: 'urgent',
      priority: 'urgnt',
      costLimitUsd: -1,
    });
    const problems = problemsOf(parseJson(text, manifestSchema));
    expect(problems.map(({ pointer }) => pointer).sort()).toEqual([
      '/costLimitUsd',
      '/preset',
      '/prioritty',
      '/priority',
    ]);
    expect(problems.find(({ pointer }) => pointer === '/priority')).toEqual({
      pointer: '/priority',
      value: 'urgnt',
      fix: 'Use one of: standard, urgent. Did you mean "urgent"?',
    });
    for (const { value, fix } of problems) {
      expect(value).toBeDefined();
      expect(fix.length).toBeGreaterThan(5);
    }
  });

  it('name a missing field as missing', () => {
    expect(problemsOf(parseJson('{}', manifestSchema))).toEqual([
      { pointer: '/preset', fix: expect.stringContaining('Required field is missing') as string },
    ]);
  });

  it('show the text of what is no JSON at all', () => {
    expect(problemsOf(parseJson('{preset: web}', manifestSchema))).toEqual([
      { pointer: '', value: '{preset: web}', fix: expect.stringContaining('Not valid JSON') as string },
    ]);
  });

  it('accept the byte order mark that Windows editors write', () => {
    expect(parseJson('\uFEFF{"preset":"web-720p"}', manifestSchema).kind).toBe('ok');
  });

  it('point into arrays and escape slashes and tildes', () => {
    const text = JSON.stringify({
      outputs: [
        { kind: 'still', name: 'a' },
        { kind: 'still', name: 'b', 'x/y~z': 1 },
      ],
    });
    expect(problemsOf(parseJson(text, presetSchema)).map(({ pointer }) => pointer)).toEqual([
      '/outputs/1/x~1y~0z',
    ]);
  });

  it.each([
    [
      'two outputs of one name',
      {
        outputs: [
          { kind: 'still', name: 'a' },
          { kind: 'still', name: 'a' },
        ],
      },
      '/outputs/1/name',
    ],
    ['an output of no known kind', { outputs: [{ kind: 'film', name: 'a' }] }, '/outputs/0/kind'],
    ['a name that would need encoding', { outputs: [{ kind: 'still', name: 'Größe' }] }, '/outputs/0/name'],
    [
      'memory that Fargate does not offer',
      { outputs: [{ kind: 'still', name: 'a' }], task: { vcpu: 4, memoryGiB: 4 } },
      '/task/memoryGiB',
    ],
    [
      'a size by side and box at once',
      { outputs: [{ kind: 'still', name: 'a', size: { shortSide: 720, boxWidth: 1, boxHeight: 1 } }] },
      '/outputs/0/size',
    ],
  ])('find %s', (_what, preset, pointer) => {
    const pointers = problemsOf(parseJson(JSON.stringify(preset), presetSchema)).map(
      problem => problem.pointer,
    );
    expect(pointers.length).toBeGreaterThan(0);
    expect(pointers.every(found => found.startsWith(pointer))).toBe(true);
  });

  it.each([
    [{ output: [] }, '/output: Unknown field. Did you mean "outputs"?'],
    [
      { outputs: [{ kind: 'video', name: 'a', video: { sped: 'fast' } }] },
      '/outputs/0/video/sped: Unknown field. Did you mean "speed"?',
    ],
    [
      { outputs: [{ kind: 'still', name: 'a', size: { shortSide: 100, height: 3 } }] },
      '/outputs/0/size/height: Unknown field. Remove it, or use one of: shortSide, boxWidth, boxHeight, fit.',
    ],
    [
      { outputs: [{ kind: 'vido', name: 'a' }] },
      '/outputs/0/kind: Use one of: video, audio, adaptive, still, thumbnails, storyboard, clip, captions. Did you mean "video"?',
    ],
    [
      { outputs: [{ kind: 'still', name: 'a' }], task: { vcpu: 3 } },
      '/task/vcpu: Use one of: 1, 2, 4, 8, 16.',
    ],
  ])('in %j say what was meant or may stand there', (preset, expected) => {
    const problems = problemsOf(parseJson(JSON.stringify(preset), presetSchema));
    expect(problems.map(({ pointer, fix }) => `${pointer}: ${fix}`)).toContain(expected);
  });

  it.each([
    ['web-720', 'web-720p'],
    ['WEB-720P', 'web-720p'],
    ['poster', 'poster'],
    ['something-else', undefined],
  ])('take %s for %s', (written, meant) => {
    expect(nearest(written, ['web-1080p', 'web-720p', 'poster', 'audio-m4a'])).toBe(meant);
  });
});

describe('task sizes', () => {
  it.each([
    [{ vcpu: 1, memoryGiB: 2 }, true],
    [{ vcpu: 1, memoryGiB: 9 }, false],
    [{ vcpu: 2, memoryGiB: 16 }, true],
    [{ vcpu: 8, memoryGiB: 18 }, false],
    [{ vcpu: 16, memoryGiB: 120 }, true],
    [{ vcpu: 3, memoryGiB: 8 }, false],
    [{ ephemeralStorageGiB: 20 }, false],
    [{}, true],
  ])('%j is what Fargate offers: %s', (size, valid) => {
    expect(taskSizeSchema.safeParse(size).success).toBe(valid);
  });
});
