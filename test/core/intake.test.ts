import type { IntakeFacts } from '../../core/intake';
import { decideIntake, readManifest, rejectUnpaired, requestByMetadata } from '../../core/intake';
import { jobRecordSchema } from '../../core/job';
import { MP4_HEAD, PRESET_TEXT, START, acceptedJob, at, makeSettings } from '../support/builders';

const video = { versionId: 'v1', etag: '"e"', sizeBytes: 10, uploadedAt: START, metadata: {} };
const manifest = { versionId: 'm1', sizeBytes: 20, uploadedAt: at(5) };
const settings = makeSettings({ pairingMinutes: 60 });

const facts = (changes: Partial<IntakeFacts> = {}): IntakeFacts => ({
  jobId: 'job',
  pair: { bucket: 'inbox', videoKey: 'a.mp4', video, manifest },
  request: readManifest('{"preset":"web","user":"ada","outputPrefix":"out/"}', manifest),
  head: MP4_HEAD,
  presetText: PRESET_TEXT,
  presetBases: new Map(),
  presetNames: [],
  further: [],
  uploadedBy: 'AIDA',
  now: at(10),
  settings,
  ...changes,
});

describe('accepting an upload', () => {
  it('pins the source and the preset and promises one order and one Spot task', () => {
    const job = decideIntake(facts());
    expect(job).toMatchObject({
      status: 'accepted',
      requestedBy: 'ada',
      outputPrefix: 'out',
      source: { versionId: 'v1', etag: '"e"' },
      preset: {
        name: 'web',
        content: { outputs: [{ name: 'web', video: { codec: 'h264', quality: { crf: 23 } } }] },
      },
      pending: [
        { kind: 'issueOrder', generation: 1 },
        { kind: 'launchTask', launch: 1 },
      ],
      launches: [{ launch: 1, capacityProvider: 'FARGATE_SPOT' }],
    });
    expect(jobRecordSchema.parse(job)).toEqual(job);
  });

  it('starts an urgent one on on-demand capacity, unless the deployment is Spot only', () => {
    const request = readManifest('{"preset":"web","priority":"urgent"}', manifest);
    expect(decideIntake(facts({ request })).launches[0]?.capacityProvider).toBe('FARGATE');
    expect(
      decideIntake(facts({ request, settings: makeSettings({ capacity: 'spotOnly' }) })).launches[0]
        ?.capacityProvider,
    ).toBe('FARGATE_SPOT');
  });

  it('is asked by the identity of the upload where the manifest names no user', () => {
    expect(acceptedJob().requestedBy).toBe('AIDAEXAMPLE');
  });
});

describe('rejecting an upload', () => {
  it.each<[string, Partial<IntakeFacts>, string]>([
    [
      'an unknown preset, suggesting the nearest',
      { presetText: undefined, presetNames: ['web-720p', 'wob'] },
      'Did you mean "wob"?',
    ],
    ['a preset that is itself wrong', { presetText: '{"outputs":[]}' }, 'count of at least 1'],
    ['a manifest that is no JSON', { request: readManifest('{', manifest) }, 'Not valid JSON'],
    ['a manifest larger than any', { request: readManifest(undefined, manifest) }, '65536 bytes'],
    ['a text named .mp4', { head: Buffer.from('just some words, no video') }, 'is not a video or sound file'],
    [
      'an empty file',
      {
        pair: { bucket: 'inbox', videoKey: 'a.mp4', manifest, video: { ...video, sizeBytes: 0 } },
        head: Buffer.alloc(0),
      },
      'is empty',
    ],
    ['a file over the limit', { settings: makeSettings({ maxSourceGiB: 0.000000001 }) }, 'over the limit'],
    ['metadata that is no name', { request: requestByMetadata('../x') }, 'name of a preset'],
  ])('for %s', (_what, changes, fix) => {
    const job = decideIntake(facts(changes));
    expect(job).toMatchObject({ status: 'rejected', pending: [], launches: [], orders: [] });
    expect(job.problems?.map(problem => problem.fix).join(' ')).toContain(fix);
    expect(jobRecordSchema.parse(job)).toEqual(job);
  });

  it('tells everything that is wrong at once', () => {
    const job = decideIntake(
      facts({ head: Buffer.from('words'), request: readManifest('{"preset":"Web","user":""}', manifest) }),
    );
    expect(job.problems?.map(({ pointer }) => pointer)).toEqual(['', '/preset', '/user', '/user']);
  });

  it('tells an unpaired video the manifest that it lacks', () => {
    const job = rejectUnpaired({
      jobId: 'job',
      videoKey: 'a.mp4',
      missing: 'manifest',
      now: at(0),
      settings,
    });
    expect(job).toMatchObject({
      status: 'rejected',
      problems: [{ fix: expect.stringContaining('a.mp4.json') as string }],
    });
    expect(jobRecordSchema.parse(job)).toEqual(job);
  });
});
