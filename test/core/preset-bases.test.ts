import type { Preset } from '../../core/preset';
import { findBases, resolvePreset } from '../../core/preset-bases';
import type { Parsed } from '../../core/problem';

type Files = Readonly<Record<string, unknown>>;

const BASE = {
  description: 'the base',
  outputs: [
    {
      kind: 'video',
      name: 'web',
      video: { size: { shortSide: 720 }, quality: { crf: 20, maxBitrateKbps: 900 } },
      audio: {},
    },
    { kind: 'still', name: 'poster', atPercent: 50 },
  ],
};

async function resolve(files: Files): Promise<Parsed<Preset>> {
  const text = (name: string): string | undefined => {
    const content = files[name];
    return content === undefined || typeof content === 'string' ? content : JSON.stringify(content);
  };
  const own = { name: 'mine', text: text('mine') ?? '' };
  const bases = await findBases(own, async name => text(name));
  return resolvePreset({ ...own, bases }, Object.keys(files));
}

async function problems(files: Files): Promise<string[]> {
  const parsed = await resolve(files);
  return parsed.kind === 'ok' ? [] : parsed.problems.map(({ pointer, fix }) => `${pointer}: ${fix}`);
}

async function preset(files: Files): Promise<Preset> {
  const parsed = await resolve(files);
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

describe('a preset that builds on another', () => {
  it('changes what it names, deeply, keeps the rest and no longer says on what it builds', async () => {
    const mine = {
      extends: 'base',
      description: 'mine',
      outputs: [{ name: 'web', video: { quality: { crf: 30 } } }],
      task: { vcpu: 4, memoryGiB: 8 },
    };
    const resolved = await preset({ base: BASE, mine });
    expect(resolved).toMatchObject({
      description: 'mine',
      outputs: [
        {
          kind: 'video',
          name: 'web',
          video: { size: { shortSide: 720 }, quality: { crf: 30, maxBitrateKbps: 900 } },
          audio: { bitrateKbps: 128 },
        },
        { kind: 'still', name: 'poster', atPercent: 50 },
      ],
      task: { vcpu: 4, memoryGiB: 8 },
    });
    expect(resolved).not.toHaveProperty('extends');
  });

  it('adds outputs of new names after those of its base', async () => {
    const mine = { extends: 'base', outputs: [{ kind: 'audio', name: 'sound' }] };
    const { outputs } = await preset({ base: BASE, mine });
    expect(outputs.map(({ name }) => name)).toEqual(['web', 'poster', 'sound']);
  });

  it('takes one form of a size instead of the other, not both', async () => {
    const size = { boxWidth: 640, boxHeight: 640 };
    const { outputs } = await preset({
      base: BASE,
      mine: { extends: 'base', outputs: [{ name: 'web', video: { size } }] },
    });
    expect(outputs[0]).toMatchObject({ video: { size } });
    expect(JSON.stringify(outputs[0])).not.toContain('shortSide');
  });

  it('replaces an output of another kind whole', async () => {
    const mine = { extends: 'base', outputs: [{ kind: 'still', name: 'web' }] };
    const { outputs } = await preset({ base: BASE, mine });
    expect(outputs[0]).toMatchObject({ kind: 'still', name: 'web', atPercent: 10 });
    expect(outputs[0]).not.toHaveProperty('video');
  });

  it('may stand on one that builds on another itself', async () => {
    const middle = { extends: 'base', outputs: [{ name: 'web', video: { speed: 'slow' } }] };
    const mine = { extends: 'middle', outputs: [{ name: 'web', video: { maxFrameRate: 30 } }] };
    const { outputs } = await preset({ base: BASE, middle, mine });
    expect(outputs[0]).toMatchObject({
      video: { speed: 'slow', maxFrameRate: 30, size: { shortSide: 720 } },
    });
  });

  it('may add nothing at all', async () => {
    expect(await preset({ base: BASE, mine: { extends: 'base' } })).toEqual(await preset({ mine: BASE }));
  });
});

describe('a preset that builds on nothing sound', () => {
  it.each<[string, Files, string]>([
    [
      'a base that is not there',
      { mine: { extends: 'bse' }, base: BASE },
      '/extends: No preset has this name. Did you mean "base"? There are: mine, base.',
    ],
    ['a base that is no name', { mine: { extends: '../base' } }, '/extends: Use the name of a preset'],
    [
      'itself',
      { mine: { extends: 'mine' } },
      '/extends: The presets build on each other in a circle: mine → mine.',
    ],
    [
      'one that builds on it',
      { mine: { extends: 'a' }, a: { extends: 'b' }, b: { extends: 'a' } },
      'presets/b.json#/extends: The presets build on each other in a circle: mine → a → b → a.',
    ],
    [
      'a base that is no JSON',
      { mine: { extends: 'base' }, base: '{' },
      'presets/base.json#: Not valid JSON',
    ],
    [
      'a base that is itself wrong',
      { mine: { extends: 'base' }, base: { outputs: [{ kind: 'still', name: 'A' }] } },
      'presets/base.json#/outputs/0/name: Use 1 to 64',
    ],
    [
      'a sound base with a wrong change, named where it was written',
      { base: BASE, mine: { extends: 'base', outputs: [{ name: 'poster', atPercent: 101 }] } },
      '/outputs/0/atPercent: Use at most 100.',
    ],
    [
      'a base that its change does not go with',
      { base: BASE, mine: { extends: 'base', task: { vcpu: 4 } } },
      '/task/memoryGiB: Fargate offers 8 to 30 GiB',
    ],
    [
      'nothing and misspells it',
      { base: BASE, mine: { extnds: 'base' } },
      '/extnds: Unknown field. Did you mean "extends"?',
    ],
  ])('names %s', async (_, files, expected) => {
    expect(await problems(files)).toContainEqual(expect.stringContaining(expected));
  });

  it('is given up when too many stand behind one another', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
    const files = Object.fromEntries(names.map((name, index) => [name, { extends: `p${index + 1}` }]));
    expect(await problems({ ...files, mine: { extends: 'p0' } })).toEqual([
      expect.stringContaining('presets/p7.json#/extends: More than 8 presets stand behind one another.'),
    ]);
  });
});
