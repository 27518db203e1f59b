import type { NetworkRecord } from '../../core/nat-network-record';
import { networkRecordSchema } from '../../core/nat-network-record';
import type { Networks, StoredNetwork } from '../../handlers/cloud';

export interface MemoryNetworks extends Networks {
  readonly records: Map<string, { record: NetworkRecord; version: number }>;
  readonly openIds: Set<string>;
  readonly receipts: Map<string, number>;
}

/** Network records in memory. @param alive throws when the process that asks is dead */
export function memoryNetworks(alive: () => void = () => undefined): MemoryNetworks {
  const records: MemoryNetworks['records'] = new Map();
  const openIds = new Set<string>();
  const receipts = new Map<string, number>();
  let closed = false;
  const store = (record: NetworkRecord, version: number): StoredNetwork => {
    records.set(record.networkId, { record: networkRecordSchema.parse(structuredClone(record)), version });
    return { record: structuredClone(record), etag: String(version) };
  };
  const read = (networkId: string | undefined): StoredNetwork | undefined => {
    const found = networkId === undefined ? undefined : records.get(networkId);
    return found && { record: structuredClone(found.record), etag: String(found.version) };
  };
  return {
    ...{ records, openIds, receipts },
    mark: 'abcd',
    async read(networkId) {
      alive();
      return read(networkId);
    },
    async newest() {
      alive();
      return read([...records.keys()].sort().at(-1));
    },
    async create(record) {
      alive();
      return records.has(record.networkId) ? undefined : store(record, 1);
    },
    async replace(record, etag) {
      alive();
      const version = records.get(record.networkId)?.version;
      return String(version) === etag ? store(record, Number(etag) + 1) : undefined;
    },
    async markOpen(networkId) {
      alive();
      openIds.add(networkId);
    },
    async clearOpen(networkId) {
      alive();
      openIds.delete(networkId);
    },
    async *open() {
      alive();
      yield* [...openIds];
    },
    async close() {
      alive();
      closed = true;
    },
    async reopen() {
      alive();
      closed = false;
    },
    async isClosed() {
      alive();
      return closed;
    },
    async addReceipts(added) {
      alive();
      for (const { jobId, networkId, usd } of added) receipts.set(`${jobId}/${networkId}`, usd);
    },
  };
}
