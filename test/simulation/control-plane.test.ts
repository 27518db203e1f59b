import fc from 'fast-check';
import { simulate } from '../../simulation/command';
import { FAULT_NAMES, explore, faultsOf } from '../../simulation/explore';
import type { Scenario } from '../../simulation/scenario';
import { taskCostUsd } from '../../core/cost/receipt';
import { settingsSchema } from '../../core/settings';
import { runScale } from '../../simulation/scale';
import { runScenario } from '../../simulation/scenario';

const UPLOADS = 6;
/** The same runs each time; `npm run simulate -- --scenarios` looks at others. */
const FIRST_SEED = 1;
/** Fails with all that is needed to see the same run again. */
async function holds(scenario: Scenario): Promise<void> {
  const { violations } = await runScenario(scenario);
  if (violations.length === 0) return;
  throw new Error(
    `${JSON.stringify(violations, null, 2)}\nnpm run simulate -- --replay '${JSON.stringify(scenario)}'`,
  );
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const some = fc.uniqueArray(fc.constantFrom(...FAULT_NAMES), { minLength: 2, maxLength: 6 });

describe('whatever goes wrong, the control plane keeps its promises', () => {
  it.each(FAULT_NAMES)('with %s alone', async name => {
    await fc.assert(
      fc.asyncProperty(seeds, seed => holds({ seed, uploads: UPLOADS, faults: faultsOf([name]) })),
      { numRuns: 4, seed: FIRST_SEED },
    );
  });

  it('with several kinds of faults at once', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, some, (seed, names) =>
        holds({ seed, uploads: UPLOADS, faults: faultsOf(names, 0.5) }),
      ),
      { numRuns: 30, seed: FIRST_SEED },
    );
  });

  it('with videos that are uploaded again while the first is encoded: the later one stays on top', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, some, (seed, names) =>
        holds({ seed, uploads: UPLOADS, faults: faultsOf(names, 0.5), reuploadShare: 0.7 }),
      ),
      { numRuns: 10, seed: FIRST_SEED },
    );
  });

  it('with users who cancel jobs, and retry some of them', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, some, (seed, names) =>
        holds({ seed, uploads: UPLOADS, faults: faultsOf(names, 0.5), cancelShare: 0.7 }),
      ),
      { numRuns: 10, seed: FIRST_SEED },
    );
  });

  it('with every kind of fault at once', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, seed => holds({ seed, uploads: UPLOADS, faults: faultsOf(FAULT_NAMES, 0.2) })),
      { numRuns: 30, seed: FIRST_SEED },
    );
  });
});

describe('a simulated run', () => {
  const scenario: Scenario = { seed: 42, uploads: UPLOADS, faults: faultsOf(FAULT_NAMES, 0.2) };

  it('is the same each time for the same seed, and another for another', async () => {
    const first = await runScenario(scenario);
    const second = await runScenario(scenario);
    const other = await runScenario({ ...scenario, seed: 43 });
    expect(second.traceHash).toBe(first.traceHash);
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it('ends every job as it should when nothing goes wrong', async () => {
    // Six tasks at once make most orders wait for much longer than the grace.
    const { jobs, violations } = await runScenario({
      ...{ seed: 7, uploads: 40, faults: {}, settings: { graceSeconds: 120 } },
    });
    expect(violations).toEqual([]);
    expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(['done', 'rejected']));
    const outcomes = jobs.flatMap(({ orders }) => orders.map(({ attempts }) => attempts.map(a => a.outcome)));
    // A task may be stopped for a job that has just ended while it has taken up the order of another.
    for (const one of outcomes) expect(one.filter(outcome => outcome !== 'returned')).toHaveLength(1);
    expect(jobs.flatMap(({ launches }) => launches.filter(({ detail }) => detail === 'orphaned'))).toEqual(
      [],
    );
    expect(jobs.flatMap(({ orders }) => orders.filter(({ generation }) => generation > 1))).toEqual([]);
  });
});

describe('the search for scenarios that go wrong', () => {
  const search = async (args: readonly string[]): Promise<{ holds: boolean; said: string[] }> => {
    const said: string[] = [];
    return { holds: await simulate([...args], line => said.push(line)), said };
  };

  it('finds a fault that the pipeline cannot stand, and prints what replays exactly what was found', async () => {
    const found = await search(['--scenarios', '12', '--seed', '11', '--plant', 'conditionIgnored']);
    expect(found.holds).toBe(false);
    const [what = '', command = ''] = (found.said[0] ?? '').split('\n');
    expect(what).toMatch(/^I\d+ violated at /);
    const scenario = /^npm run simulate -- --replay '(.+)'$/.exec(command)?.[1] ?? '';
    const again = await search(['--replay', scenario]);
    expect([again.holds, again.said.at(-1)]).toEqual([false, what]);
    expect((await search(['--replay', scenario])).said).toEqual(again.said);
  });

  it('draws the same scenarios from the same seed, and says which seed it was', async () => {
    const first = await search(['--scenarios', '3', '--seed', '5']);
    expect(first.said.at(-1)).toMatch(/^seed 5: 3 scenarios, .*every invariant held/);
    expect(await search(['--scenarios', '3', '--seed', '5'])).toEqual(first);
    expect((await explore({ seed: 6, scenarios: 3 })).steps).not.toBe(
      (await explore({ seed: 5, scenarios: 3 })).steps,
    );
  });

  it('takes no fault that there is not', async () => {
    await expect(search(['--scenarios', '1', '--plant', 'gremlins'])).rejects.toThrow('conditionIgnored');
  });
});

describe('a function that dies', () => {
  it('holds its messages back for a minute only: no worker is taken for silent meanwhile', async () => {
    const { jobs, violations } = await runScenario({ seed: 11, uploads: 40, faults: { lambdaCrash: 0.01 } });
    expect(violations).toEqual([]);
    const outcomes = jobs.flatMap(({ orders }) =>
      orders.flatMap(({ attempts }) => attempts.map(a => a.outcome)),
    );
    expect(outcomes.length).toBeGreaterThan(80);
    expect(outcomes).not.toContain('stalled');
  });
});

describe('a simulated day', () => {
  it('of many uploads ends with each of them accounted for, and costs what its tasks were billed', async () => {
    const day = await runScale({ uploads: 1500, reclaimRate: 0.2, seed: 3 });
    expect(day.violations).toEqual([]);
    expect(day.done + day.rejected).toBe(1500);
    expect(day.reclaims).toBeGreaterThan(0);
    expect(day.lostSeconds).toBeGreaterThan(0);
    const spotVcpuHourUsd = taskCostUsd(
      {
        size: { vcpu: 2, memoryGiB: 4, ephemeralStorageGiB: 20 },
        seconds: 3600,
        capacityProvider: 'FARGATE_SPOT',
      },
      settingsSchema.parse({}),
    );
    expect(day.usd).toBeGreaterThanOrEqual(day.billedHours * spotVcpuHourUsd * 0.999);
    expect(day.series.tasks.length).toBe(288);
  });
});
