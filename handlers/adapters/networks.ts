import { createHash } from 'node:crypto';
import { NETWORKS_PREFIX, networkKey, networkRecordSchema } from '../../core/nat-network-record';
import type { NetworkRecord } from '../../core/nat-network-record';
import { networkReceiptKey } from '../../core/nat-network-stays';
import type { Networks, StoredNetwork } from '../cloud';
import { concurrently } from '../../core/concurrently';
import type { S3Objects } from './s3-objects';

/** Objects below this prefix name the networks that are not gone yet. */
const OPEN_PREFIX = `${NETWORKS_PREFIX}open/`;

/** A network may have served thousands of jobs. */
const RECEIPTS_AT_ONCE = 20;

/** There while no network is to be made, because the deployment is being removed. */
const CLOSED_KEY = `${NETWORKS_PREFIX}closed.json`;

/** Network records and their markers as small JSON objects of the state bucket. */
export function s3Networks(state: S3Objects, bucket: string): Networks {
  const write = async (
    record: NetworkRecord,
    condition: { ifMatch: string } | { ifNoneMatch: '*' },
  ): Promise<StoredNetwork | undefined> => {
    const etag = await state.putJson(networkKey(record.networkId), record, condition);
    return etag === undefined ? undefined : { record, etag };
  };
  const read = async (key: string): Promise<StoredNetwork | undefined> => {
    const found = await state.text(key);
    return found && { record: networkRecordSchema.parse(JSON.parse(found.body)), etag: found.etag };
  };
  return {
    // The bucket's name is made up anew by each deployment.
    mark: createHash('sha256').update(bucket).digest('hex').slice(0, 4),
    read: networkId => read(networkKey(networkId)),
    async newest() {
      let last: string | undefined;
      for await (const key of state.keys({ prefix: `${NETWORKS_PREFIX}net-` })) last = key;
      return last === undefined ? undefined : read(last);
    },
    create: record => write(record, { ifNoneMatch: '*' }),
    replace: (record, etag) => write(record, { ifMatch: etag }),
    async markOpen(networkId) {
      await state.putJson(`${OPEN_PREFIX}${networkId}`, { networkId });
    },
    clearOpen: networkId => state.remove(`${OPEN_PREFIX}${networkId}`),
    async *open() {
      for await (const key of state.keys({ prefix: OPEN_PREFIX })) yield key.slice(OPEN_PREFIX.length);
    },
    async close() {
      await state.putJson(CLOSED_KEY, { closed: true });
    },
    reopen: () => state.remove(CLOSED_KEY),
    isClosed: async () => (await state.facts(CLOSED_KEY)) !== undefined,
    async addReceipts(receipts) {
      await concurrently(receipts, { atOnce: RECEIPTS_AT_ONCE }, async receipt => {
        await state.putJson(networkReceiptKey(receipt), receipt);
      });
    },
  };
}
