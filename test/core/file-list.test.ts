import { checkFileList } from '../../core/file-list';
import type { TreeFacts } from '../../core/report';

const SHA256 = 'a'.repeat(64);
const file = (fileName: string): object => ({ fileName, sizeBytes: 1, sha256: SHA256, contentType: 'x' });
const NAMES = ['web/360p/init.mp4', 'web/360p/index.m3u8', 'web/360p/segment-00001.m4s'];

function tree(files: number): TreeFacts {
  const rung = { width: 640, height: 360, frameRate: 25, averageBps: 1, peakBps: 1 };
  return {
    list: { fileName: 'web/files.json', key: 'k', sizeBytes: 1, sha256: SHA256 },
    files,
    sizeBytes: 3,
    rungs: [{ name: '360p', codecs: 'avc1.64001e', ...rung }],
    sounds: [],
  };
}

function check(names: readonly string[], files = names.length): string {
  const text = JSON.stringify({ schema: 'spotreel.files/1', files: names.map(file) });
  const checked = checkFileList(text, { outputName: 'web', tree: tree(files) });
  return checked.kind === 'wrong' ? checked.reason : `${checked.files.length} files`;
}

describe('checkFileList', () => {
  it.each<[string, string, string]>([
    ['a whole list', check(NAMES), '3 files'],
    ['one with fewer files than reported', check(NAMES, 4), 'its list has 3 files, not 4'],
    ['one with a file twice', check([...NAMES, 'web/360p/init.mp4']), 'its list has 3 files, not 4'],
    ['a file of another output', check([...NAMES, 'other/x.mp4']), 'which lies elsewhere'],
    ['a way out of the folder', check([...NAMES, 'web/../../x.mp4']), 'its list of files is none'],
    ['a size without its playlist', check([NAMES[0] ?? '', NAMES[2] ?? '']), 'lacks web/360p/index.m3u8'],
  ])('tells of %s', (_title, told, expected) => {
    expect(told).toContain(expected);
  });
});
