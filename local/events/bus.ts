import { randomUUID } from 'node:crypto';
import type { Deliver } from '../delivery';
import type { EventBridgeEvent } from '../ecs/service';
import type { RuleModel } from '../template';
import { matchesPattern } from './pattern';
import { parseScheduleExpression, type Timing } from './schedule-expression';
import { callTarget, type TargetOutcome, type TargetServices } from './target';

export interface EventBusOptions extends TargetServices {
  readonly rules: readonly RuleModel[];
  readonly region: string;
  readonly accountId: string;
  readonly deliver: Deliver;
  /** Wait before every schedule fires for the first time, which repairs what a restart lost. Default 1 second. */
  readonly firstFireMs?: number;
}

interface Schedule {
  readonly rule: RuleModel;
  readonly timing: Timing;
}

/** The default event bus with its rules and schedules. */
export interface EventBus {
  /** Takes an event; its targets are called in the background. */
  emit(event: EventBridgeEvent): Promise<void>;
  /** Fires schedules now, all of them or one rule's, and waits until their targets are done. */
  fire(ruleName?: string): Promise<TargetOutcome[]>;
  /** Starts the schedules. */
  start(): void;
  /** Stops the schedules and waits for the targets under way. */
  close(): Promise<void>;
}

const FIRST_FIRE_MS = 1000;
const MINUTE_MS = 60_000;

export function createEventBus(options: EventBusOptions): EventBus {
  const schedules = options.rules.flatMap(rule =>
    rule.schedule === undefined ? [] : [{ rule, timing: parseScheduleExpression(rule.schedule) }],
  );
  const timers: NodeJS.Timeout[] = [];
  const underWay = new Set<Promise<unknown>>();
  const inBackground = (work: Promise<unknown>): void => {
    const tracked = work
      .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)))
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  const callTargets = async (rule: RuleModel, event: EventBridgeEvent): Promise<TargetOutcome[]> => {
    const outcomes = rule.targets.map(target =>
      options.deliver(() => callTarget(options, { rule, target }, event)),
    );
    return (await Promise.all(outcomes)).flat();
  };
  const fireOne = ({ rule }: Schedule): Promise<TargetOutcome[]> =>
    callTargets(rule, scheduledEvent(options, rule));
  return {
    emit: async event => {
      for (const rule of options.rules) {
        if (rule.pattern && matchesPattern(rule.pattern, event)) inBackground(callTargets(rule, event));
      }
    },
    fire: async ruleName => {
      const chosen = schedules.filter(({ rule }) => ruleName === undefined || rule.name === ruleName);
      return (await Promise.all(chosen.map(fireOne))).flat();
    },
    start: () => {
      for (const schedule of schedules) {
        const fire = (): void => inBackground(fireOne(schedule));
        timers.push(setTimeout(fire, options.firstFireMs ?? FIRST_FIRE_MS), setTicks(schedule.timing, fire));
      }
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}

function setTicks(timing: Timing, fire: () => void): NodeJS.Timeout {
  if (timing.kind === 'rate') return setInterval(fire, timing.everyMs);
  return setInterval(() => {
    if (timing.includes(new Date())) fire();
  }, MINUTE_MS);
}

function scheduledEvent(options: EventBusOptions, rule: RuleModel): EventBridgeEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: options.accountId,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region: options.region,
    resources: [rule.arn],
    detail: {},
  };
}
