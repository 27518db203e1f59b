import fc from 'fast-check';
import type { Faults } from './faults';
import { NO_FAULTS } from './faults';
import type { Scenario } from './scenario';
import { runScenario } from './scenario';

/** The most of each fault that is tried: more would leave hardly a task alive, and show only how jobs fail. */
export const MOST_FAULTS: Faults = {
  ...NO_FAULTS,
  ...{ eventLost: 0.3, duplicated: 0.3, messageLost: 0.1, delayed: 0.3 },
  ...{ callFails: 0.04, answerLost: 0.04, lambdaCrash: 0.03 },
  ...{ noCapacity: 0.3, startFails: 0.2, reclaimsPerHour: 10 },
  ...{ workerCrash: 0.2, zombie: 0.3, hung: 0.1, encodeFails: 0.2, damagedResult: 0.2 },
  ...{ workerCallFails: 0.02, longEncode: 0.2 },
};

export type FaultName = keyof Faults;
/** All that can go wrong. */
export const FAULT_NAMES = (Object.keys(MOST_FAULTS) as FaultName[]).filter(name => MOST_FAULTS[name] > 0);

/** These faults at a share of the most that is tried of each. */
export function faultsOf(names: readonly FaultName[], strength = 1): Partial<Faults> {
  return Object.fromEntries(names.map(name => [name, MOST_FAULTS[name] * strength]));
}

/** Scenarios of a few uploads and any mix of faults. A failing one shrinks to fewer of both. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
    uploads: fc.integer({ min: 1, max: 12 }),
    names: fc.subarray(FAULT_NAMES),
    strengthPercent: fc.integer({ min: 10, max: 100 }),
    reuploadPercent: fc.integer({ min: 0, max: 50 }),
    cancelPercent: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ seed, uploads, names, strengthPercent, reuploadPercent, cancelPercent }) => ({
    ...{ seed, uploads, faults: faultsOf(names, strengthPercent / 100) },
    ...{ reuploadShare: reuploadPercent / 100, cancelShare: cancelPercent / 100 },
  }));

export interface Exploration {
  /** Scenarios that were run, those by which a failing one was shrunk included. */
  readonly scenarios: number;
  readonly jobs: number;
  readonly steps: number;
  readonly simulatedHours: number;
  /** The smallest scenario found in which something was wrong, with what it was. */
  readonly failure?: { readonly scenario: Scenario; readonly message: string };
}

/**
 * Runs so many scenarios, all drawn from one seed; ends with the first that violates an invariant.
 * @param options.planted faults that happen in each of them
 */
export async function explore(options: {
  seed: number;
  scenarios: number;
  planted?: Partial<Faults>;
}): Promise<Exploration> {
  const total = { scenarios: 0, jobs: 0, steps: 0, simulatedHours: 0 };
  let failure: Exploration['failure'];
  const property = fc.asyncProperty(scenarios, async drawn => {
    const scenario = { ...drawn, faults: { ...drawn.faults, ...options.planted } };
    const { jobs, steps, simulatedHours, violations } = await runScenario(scenario);
    total.scenarios += 1;
    total.jobs += jobs.length;
    total.steps += steps;
    total.simulatedHours += simulatedHours;
    const [first] = violations;
    if (first === undefined) return true;
    // The last that fails is the smallest.
    failure = { scenario, message: `${first.invariant} violated at ${first.at}: ${first.message}` };
    return false;
  });
  await fc.check(property, { seed: options.seed, numRuns: options.scenarios });
  return { ...total, ...(failure === undefined ? {} : { failure }) };
}
