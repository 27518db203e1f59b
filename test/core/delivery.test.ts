import type { TicketAnswer } from '../../core/delivery';
import { decideDelivery, fitsTask, renewAtMs } from '../../core/delivery';
import type { OrderAccess } from '../../core/order';

const ISSUED_AT = '2030-01-01T12:00:00.000Z';

const at = (minutes: number): Date => new Date(Date.parse(ISSUED_AT) + minutes * 60_000);

function access(endsAfterMinutes: number): OrderAccess {
  return {
    expiresAt: at(endsAfterMinutes).toISOString(),
    sourceUrl: 'https://s3/source',
    ticketUrl: 'https://s3/ticket',
    post: { url: 'https://s3/', fields: {} },
    keyPrefix: 'work/j/o/',
    postMaxBytes: 1,
    multipart: {},
  };
}

const order = (endsAfterMinutes: number): Parameters<typeof decideDelivery>[0] => ({
  generation: 2,
  issuedAt: ISSUED_AT,
  access: access(endsAfterMinutes),
});

function ticket(generation: number, fresh?: OrderAccess): TicketAnswer {
  const base = { schema: 'spotreel.ticket/1', generation, inputUrls: {} } as const;
  return { kind: 'ticket', ticket: fresh === undefined ? base : { ...base, access: fresh } };
}

describe('decideDelivery', () => {
  it.each<[string, number, number, TicketAnswer, string]>([
    ['runs a fresh order', 55, 0, ticket(2), 'run'],
    ['runs with exactly ten minutes left', 55, 45, ticket(2), 'run'],
    ['lets an order with less than ten minutes left expire', 55, 45.1, ticket(2), 'expired'],
    ['runs a short-lived order with a third of its time left', 3, 2, ticket(2), 'run'],
    ['lets a short-lived order with less than a third left expire', 3, 2.1, ticket(2), 'expired'],
    ['runs an old order with fresh URLs in its ticket', 55, 60, ticket(2, access(110)), 'run'],
    ['drops an order of which a later generation is out', 55, 0, ticket(3), 'stale'],
    ['drops an order without a ticket', 55, 0, { kind: 'absent' }, 'stale'],
    ['lets an order expire whose ticket may not be read', 55, 0, { kind: 'refused' }, 'expired'],
  ])('%s', (_title, ...[endsAfterMinutes, nowMinutes, answer, kind]) => {
    expect(decideDelivery(order(endsAfterMinutes), answer, at(nowMinutes)).kind).toBe(kind);
  });

  it('hands on the access that lasts longer', () => {
    const fresh = access(110);
    expect(decideDelivery(order(55), ticket(2, fresh), at(0))).toMatchObject({ kind: 'run', access: fresh });
    expect(decideDelivery(order(120), ticket(2, fresh), at(0))).toMatchObject({
      kind: 'run',
      access: access(120),
    });
  });
});

describe('renewAtMs', () => {
  it('is when a third of the time is left, counted from the URLs in use', () => {
    expect(renewAtMs(order(60), access(60))).toBe(at(40).getTime());
    expect(renewAtMs(order(60), access(100))).toBe(at(80).getTime());
  });
});

describe('fitsTask', () => {
  const needs = { vcpu: 2, memoryGiB: 4, ephemeralStorageGiB: 21 } as const;
  it.each([
    ['the same size', { vcpu: 2, memoryMiB: 4096 }, true],
    ['a larger task', { vcpu: 4, memoryMiB: 16_384 }, true],
    ['fewer vCPUs', { vcpu: 1, memoryMiB: 8192 }, false],
    ['less memory', { vcpu: 2, memoryMiB: 2048 }, false],
    ['a task of unknown size', { vcpu: undefined, memoryMiB: undefined }, true],
  ])('answers for %s', (_title, limits, fits) => expect(fitsTask({ needs }, limits)).toBe(fits));
});
