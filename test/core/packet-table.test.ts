import { PacketTableReader } from '../../core/packet-table';

function read(...lines: string[]): ReturnType<PacketTableReader['table']> {
  const reader = new PacketTableReader();
  lines.forEach(line => reader.add(line));
  return reader.table();
}

describe('PacketTableReader', () => {
  it('puts frames into the order in which they are shown', () => {
    const { pts, keys, endPts, missing, inOrder } = read(
      '0,-1024,512,48,K_',
      '1024,-512,512,900,__',
      '512,0,512,1300,__',
    );
    expect([...pts]).toEqual([0, 512, 1024]);
    expect(keys).toEqual([{ pts: 0, dts: -1024, position: 48 }]);
    expect({ endPts, missing, inOrder }).toEqual({ endPts: 1536, missing: 0, inOrder: true });
  });

  it('counts on key frames that are not shown, but not on what is shown of them', () => {
    const { pts, keys } = read('-512,-1024,512,N/A,KD', '0,0,512,N/A,__');
    expect([...pts]).toEqual([0]);
    expect(keys).toEqual([{ pts: -512, dts: -1024 }]);
  });

  it('takes the last frame to be as long as the one before it, where the file does not tell', () => {
    expect(read('0,0,N/A,1,K_', '40,40,N/A,2,__', '90,90,N/A,3,__').endPts).toBe(140);
  });

  it('notices what makes time stamps unreliable', () => {
    expect(read('0,0,40,1,K_', 'N/A,40,40,2,__').missing).toBe(1);
    expect(read('0,80,40,1,K_', '40,40,40,2,__').inOrder).toBe(false);
  });

  it('reads lines with a further comma, as of transport streams, and skips others', () => {
    expect([...read('133200,126000,3600,564,K__,', '', 'program').pts]).toEqual([133_200]);
  });

  it('grows with a long source', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `${index * 40},${index * 40},40,${index},K_`);
    const { pts, endPts } = read(...lines);
    expect(pts).toHaveLength(10_000);
    expect(endPts).toBe(400_000);
  });
});
