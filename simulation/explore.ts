import type { Faults } from './faults';
import { NO_FAULTS } from './faults';
import { Random } from './random';
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
export const FAULT_NAMES = Object.keys(MOST_FAULTS) as FaultName[];

/** These faults at a share of the most that is tried of each. */
export function faultsOf(names: readonly FaultName[], strength = 1): Partial<Faults> {
  return Object.fromEntries(names.map(name => [name, MOST_FAULTS[name] * strength]));
}

/** A scenario of a few uploads and any mix of faults. */
export function drawScenario(seed: number): Scenario {
  const random = new Random(seed);
  const share = random.between(0.1, 0.6);
  const names = FAULT_NAMES.filter(() => random.chance(share));
  return {
    ...{ seed, uploads: 1 + random.index(12), faults: faultsOf(names, random.between(0.1, 1)) },
    reuploadShare: random.between(0, 0.5),
  };
}

export interface Exploration {
  readonly scenarios: number;
  readonly jobs: number;
  readonly steps: number;
  readonly simulatedHours: number;
  /** Scenarios in which something was wrong, with what it was. */
  readonly failures: readonly { readonly scenario: Scenario; readonly message: string }[];
}

/** Runs so many scenarios, each drawn from a seed of its own. */
export async function explore(options: { seed: number; scenarios: number }): Promise<Exploration> {
  const failures: { scenario: Scenario; message: string }[] = [];
  let [jobs, steps, simulatedHours] = [0, 0, 0];
  for (let index = 0; index < options.scenarios; index += 1) {
    const scenario = drawScenario(options.seed + index);
    const result = await runScenario(scenario);
    jobs += result.jobs.length;
    steps += result.steps;
    simulatedHours += result.simulatedHours;
    const [first] = result.violations;
    if (first !== undefined)
      failures.push({ scenario, message: `${first.invariant} at ${first.at}: ${first.message}` });
  }
  return { scenarios: options.scenarios, jobs, steps, simulatedHours, failures };
}
