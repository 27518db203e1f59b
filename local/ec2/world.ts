import { randomBytes } from 'node:crypto';
import type { TaskNetworkInterface } from '../ecs/types';
import { Ec2Error } from './errors';
import { KINDS, type Kind, type Stored, type Tag } from './resources';

/** A network interface that something else has put into a subnet, and that lingers when that has ended. */
export type ForeignInterface = Omit<TaskNetworkInterface, 'attachmentId' | 'status'>;

export interface WorldOptions {
  readonly now: () => Date;
  readonly region: string;
  /** Network interfaces of tasks. Default none. */
  readonly interfaces?: () => readonly ForeignInterface[];
  /** Seconds until a NAT gateway is available, and until it is gone. Default 2 and 1; AWS takes about a hundred and sixty. */
  readonly natSeconds?: { readonly toMake: number; readonly toDelete: number };
  /** Seconds until a change shows; asked anew for each. Default 0. */
  readonly lagSeconds?: () => number;
  /** How many there may be. Default: what an account has to begin with. */
  readonly limits?: Readonly<Partial<Record<Kind, number>>>;
  /** Why the next NAT gateways fail. Default: they do not. */
  readonly natFailure?: () => { readonly code: string; readonly message: string } | undefined;
  /** What there was when the last process ended. */
  readonly stored?: readonly Stored[];
  readonly onChange?: (all: readonly Stored[]) => void;
}

const DEFAULT_LIMITS: Partial<Record<Kind, number>> = { vpc: 5, 'elastic-ip': 5, 'internet-gateway': 5 };
const LIMIT_ERRORS: Partial<Record<Kind, string>> = {
  vpc: 'VpcLimitExceeded',
  'elastic-ip': 'AddressLimitExceeded',
  'internet-gateway': 'InternetGatewayLimitExceeded',
  natgateway: 'NatGatewayLimitExceeded',
  subnet: 'SubnetLimitExceeded',
  'route-table': 'RouteTableLimitExceeded',
  'security-group': 'SecurityGroupLimitExceeded',
  'vpc-endpoint': 'VpcEndpointLimitExceeded',
};
/** Descriptions show a deleted NAT gateway for about an hour. */
const DELETED_NAT_SHOWN_MS = 3_600_000;

/** All resources of one region, with the time that changes take to show everywhere. */
export class World {
  readonly options: WorldOptions;
  readonly #resources = new Map<string, Stored>();

  constructor(options: WorldOptions) {
    this.options = options;
    for (const resource of options.stored ?? []) this.#resources.set(resource.id, resource);
  }

  get now(): number {
    return this.options.now().getTime();
  }

  /** Everything that exists, shown or not. A NAT gateway exists until its deletion has come to its end. */
  existing<K extends Kind>(kind: K): Stored<K>[] {
    return this.#ofKind(kind).filter(resource => !this.#isGone(resource));
  }

  /** What a description shows, which may be too old. */
  shown<K extends Kind>(kind: K): Stored<K>[] {
    return this.#ofKind(kind).filter(
      ({ shownAt, deletedAt, shownUntil }) =>
        this.now >= shownAt && (deletedAt === undefined || this.now < (shownUntil ?? deletedAt)),
    );
  }

  /** Throws EC2's error when there is none, or it has been made so short ago that it is not known everywhere. */
  require<K extends Kind>(kind: K, id: unknown, notFound: string = KINDS[kind].notFound): Stored<K> {
    const found = this.existing(kind).find(resource => resource.id === id);
    if (found !== undefined && this.now >= found.usableAt) return found;
    throw new Ec2Error(notFound, `The ${kind} ID '${String(id)}' does not exist`);
  }

  /** By its client token, whatever has become of it. */
  findByToken<K extends Kind>(kind: K, token: unknown): Stored<K> | undefined {
    return token === undefined
      ? undefined
      : this.#ofKind(kind).find(({ clientToken }) => clientToken === token);
  }

  add<K extends Kind>(
    kind: K,
    {
      details,
      tags,
      clientToken,
    }: { details: Stored<K>['details']; tags: readonly Tag[]; clientToken?: string },
  ): Stored<K> {
    const limit = { ...DEFAULT_LIMITS, ...this.options.limits }[kind];
    if (limit !== undefined && this.existing(kind).length >= limit) {
      throw new Ec2Error(
        LIMIT_ERRORS[kind] ?? 'ResourceLimitExceeded',
        `The maximum number of ${kind} resources has been reached.`,
      );
    }
    const now = this.now;
    const resource: Stored<K> = {
      kind,
      id: `${KINDS[kind].prefix}-0${randomBytes(8).toString('hex')}`,
      tags,
      details,
      ...(clientToken === undefined ? {} : { clientToken }),
      createdAt: now,
      usableAt: now + this.#lagMs() / 2,
      shownAt: now + this.#lagMs(),
    };
    this.#put(resource);
    return resource;
  }

  change<K extends Kind>(resource: Stored<K>, details: Stored<K>['details']): void {
    this.#put({ ...resource, details });
  }

  remove(resource: Stored): void {
    const lag = resource.kind === 'natgateway' ? DELETED_NAT_SHOWN_MS : this.#lagMs();
    this.#put({ ...resource, deletedAt: this.now, shownUntil: this.now + lag });
  }

  /** Milliseconds that a NAT gateway is pending, or deleting. */
  natMs(what: 'toMake' | 'toDelete'): number {
    return (this.options.natSeconds ?? { toMake: 2, toDelete: 1 })[what] * 1000;
  }

  interfaces(): readonly ForeignInterface[] {
    return this.options.interfaces?.() ?? [];
  }

  #isGone({ kind, deletedAt }: Stored): boolean {
    if (deletedAt === undefined) return false;
    return kind !== 'natgateway' || this.now >= deletedAt + this.natMs('toDelete');
  }

  #ofKind<K extends Kind>(kind: K): Stored<K>[] {
    return [...this.#resources.values()].filter((resource): resource is Stored<K> => resource.kind === kind);
  }

  #put(resource: Stored): void {
    this.#resources.set(resource.id, resource);
    this.options.onChange?.([...this.#resources.values()].filter(one => !this.#isForgotten(one)));
  }

  #isForgotten({ deletedAt, shownUntil }: Stored): boolean {
    return deletedAt !== undefined && this.now >= (shownUntil ?? deletedAt);
  }

  #lagMs(): number {
    return (this.options.lagSeconds?.() ?? 0) * 1000;
  }
}
