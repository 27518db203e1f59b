import type { CloudState } from '../local/cloud';

type Spoilt = NonNullable<CloudState['spoilt']>;

/** What has gone wrong so far. */
export class Tally {
  kills = 0;
  reclaims = 0;
  restarts = 0;
  readonly #network = new Map<string, { refused: number; slow: number; cut: number }>();

  /** Counts what a cloud did to the requests until it was ended. */
  addNetwork(spoilt: Spoilt): void {
    for (const [service, { refused, slow, cut }] of Object.entries(spoilt)) {
      const sum = this.#network.get(service) ?? { refused: 0, slow: 0, cut: 0 };
      this.#network.set(service, {
        refused: sum.refused + refused,
        slow: sum.slow + slow,
        cut: sum.cut + cut,
      });
    }
  }

  /** Kinds of faults that were not met with: a run without them proves less than it says. */
  missing(): string[] {
    const { kills, reclaims, restarts } = this;
    const counts = new Map([
      ['workers killed', kills],
      ['workers reclaimed', reclaims],
      ['restarts of the cloud', restarts],
    ]);
    for (const service of ['S3', 'SQS']) {
      const { refused, slow, cut } = this.#network.get(service) ?? { refused: 0, slow: 0, cut: 0 };
      counts.set(`${service} refused`, refused).set(`${service} slow`, slow).set(`${service} cut`, cut);
    }
    return [...counts].filter(([, count]) => count === 0).map(([what]) => what);
  }

  describe(): string {
    const network = [...this.#network].map(
      ([service, { refused, slow, cut }]) =>
        `${service}: ${refused} requests answered with 500 or 503, ${slow} late, ${cut} connections cut.`,
    );
    return [
      `${this.kills} workers killed, ${this.reclaims} reclaimed, ${this.restarts} restarts of the cloud.`,
      ...network,
    ].join('\n');
  }
}
