import type { UploadPair } from '../../core/pairing';
import { pairUploads } from '../../core/pairing';
import { START, at, makeSettings } from '../support/builders';

const video = { versionId: 'v1', etag: '"e"', sizeBytes: 10, uploadedAt: START, metadata: {} };
const manifest = { versionId: 'm1', sizeBytes: 20, uploadedAt: at(5) };
const pair = (halves: Partial<UploadPair>): UploadPair => ({
  bucket: 'inbox',
  videoKey: 'a.mp4',
  video: undefined,
  manifest: undefined,
  ...halves,
});
const settings = makeSettings({ pairingMinutes: 60 });
const idOf = (uploads: UploadPair, seconds = 10): string => {
  const pairing = pairUploads(uploads, at(seconds), settings);
  return 'jobId' in pairing ? pairing.jobId : pairing.kind;
};

describe('pairing a video and its manifest', () => {
  it('names the job by both versions and the time of the later one', () => {
    expect(idOf(pair({ video, manifest }))).toMatch(/^20260102T030410Z-[0-9a-f]{16}$/);
  });

  it('gives another version of either half another job', () => {
    const first = idOf(pair({ video, manifest }));
    expect(idOf(pair({ video: { ...video, versionId: 'v2' }, manifest }))).not.toBe(first);
    expect(idOf(pair({ video, manifest: { ...manifest, versionId: 'm2' } }))).not.toBe(first);
    expect(idOf({ ...pair({ video, manifest }), videoKey: 'b.mp4' })).not.toBe(first);
  });

  it('needs no manifest where the video names its preset in its metadata', () => {
    expect(
      pairUploads(pair({ video: { ...video, metadata: { preset: 'web' } } }), at(0), settings),
    ).toMatchObject({ kind: 'byMetadata', presetName: 'web' });
  });

  it('makes the same job of a video with metadata whether or not a manifest is there', () => {
    const tagged = { ...video, metadata: { preset: 'web' } };
    expect(idOf(pair({ video: tagged, manifest }))).toBe(idOf(pair({ video: tagged })));
  });

  it.each<[string, UploadPair, number, object]>([
    ['a lone video before the deadline', pair({ video }), 3599, { kind: 'wait', missing: 'manifest' }],
    [
      'a lone video exactly at the deadline',
      pair({ video }),
      3600,
      { kind: 'unpaired', missing: 'manifest' },
    ],
    ['a lone manifest before the deadline', pair({ manifest }), 3604, { kind: 'wait', missing: 'video' }],
    ['a lone manifest after the deadline', pair({ manifest }), 3606, { kind: 'unpaired', missing: 'video' }],
    ['neither', pair({}), 0, { kind: 'gone' }],
    ['both after the deadline', pair({ video, manifest }), 9999, { kind: 'byManifest' }],
  ])('%s', (...[, uploads, seconds, expected]) => {
    expect(pairUploads(uploads, at(seconds), settings)).toMatchObject(expected);
  });
});
