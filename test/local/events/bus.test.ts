import { deliverOnce } from '../../../local/delivery';
import type { EventBridgeEvent } from '../../../local/ecs/service';
import { createEventBus, type EventBus } from '../../../local/events/bus';
import { targetInput } from '../../../local/events/target';
import type { InvocationResult } from '../../../local/lambda/host';
import type { RuleModel } from '../../../local/template';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:sweep';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:events';
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';

const EVENT: EventBridgeEvent = {
  version: '0',
  id: 'id',
  'detail-type': 'ECS Task State Change',
  source: 'aws.ecs',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { taskArn: 'arn:task', version: 3 },
};

const SUCCESS: InvocationResult = { kind: 'succeeded', payload: null };

function setUp(options: { rules: RuleModel[]; invoke?: () => Promise<InvocationResult> }): {
  bus: EventBus;
  invoked: Array<[string, unknown]>;
  sent: Array<[string, unknown]>;
} {
  const invoked: Array<[string, unknown]> = [];
  const sent: Array<[string, unknown]> = [];
  const bus = createEventBus({
    rules: options.rules,
    region: 'us-east-1',
    accountId: '000000000000',
    deliver: deliverOnce,
    firstFireMs: 0,
    sqs: { send: async (arn, body) => void sent.push([arn, JSON.parse(body)]) },
    lambda: {
      invokeWithRetries: async (arn, event) => {
        invoked.push([arn, event]);
        return options.invoke?.() ?? SUCCESS;
      },
    },
  });
  return { bus, invoked, sent };
}

const rule = (options: Partial<RuleModel>): RuleModel => ({
  name: 'rule',
  arn: 'arn:rule',
  targets: [],
  ...options,
});

describe('createEventBus', () => {
  it('gives an event to the targets of the rules that match', async () => {
    const { bus, invoked, sent } = setUp({
      rules: [
        rule({ pattern: { source: ['aws.ecs'] }, targets: [{ arn: LAMBDA }, { arn: QUEUE }] }),
        rule({ pattern: { source: ['aws.s3'] }, targets: [{ arn: LAMBDA }] }),
      ],
    });
    await bus.emit(EVENT);
    await bus.close();
    expect(invoked).toEqual([[LAMBDA, EVENT]]);
    expect(sent).toEqual([[QUEUE, EVENT]]);
  });

  it('sends an event to the dead-letter queue of a target that cannot be reached', async () => {
    const invoke = async (): Promise<InvocationResult> => Promise.reject(new Error('no such function'));
    const pattern = { source: ['aws.ecs'] };
    const { bus, sent } = setUp({
      rules: [rule({ pattern, targets: [{ arn: LAMBDA, deadLetterArn: DEAD }] })],
      invoke,
    });
    await bus.emit(EVENT);
    await bus.close();
    expect(sent).toEqual([[DEAD, EVENT]]);
  });

  it('fires schedules on demand and tells how each target ended', async () => {
    const schedule = 'rate(5 minutes)';
    const { bus, invoked } = setUp({
      rules: [
        rule({ name: 'good', schedule, targets: [{ arn: LAMBDA, input: '{"a":1}' }] }),
        rule({ name: 'other', schedule, targets: [{ arn: LAMBDA }] }),
      ],
      invoke: async () => ({ kind: 'failed', errorType: 'Error', errorMessage: 'broken' }),
    });
    expect(await bus.fire('good')).toEqual([{ rule: 'good', target: LAMBDA, error: 'Error: broken' }]);
    expect(invoked).toEqual([[LAMBDA, { a: 1 }]]);
    expect(await bus.fire()).toHaveLength(2);
  });

  it('fires each schedule once after the start', async () => {
    let fired = (): void => undefined;
    const first = new Promise<void>(resolve => (fired = resolve));
    const { bus, invoked } = setUp({
      rules: [rule({ schedule: 'rate(1 day)', targets: [{ arn: LAMBDA }] })],
      invoke: async () => {
        fired();
        return SUCCESS;
      },
    });
    bus.start();
    await first;
    await bus.close();
    expect(invoked).toMatchObject([[LAMBDA, { 'detail-type': 'Scheduled Event', resources: ['arn:rule'] }]]);
  });
});

describe('targetInput', () => {
  it.each([
    ['the event by default', {}, EVENT],
    ['a fixed input', { input: '{"mode":"sweep"}' }, { mode: 'sweep' }],
    [
      'a template with parts of the event',
      {
        inputTransformer: {
          paths: { task: '$.detail.taskArn', version: '$.detail.version', none: '$.detail.none' },
          template: '{"task":<task>,"quoted":"<task>","version":<version>,"text":"<version>","none":<none>}',
        },
      },
      { task: 'arn:task', quoted: 'arn:task', version: 3, text: '3', none: null },
    ],
  ])('is %s', (_title, target, expected) => {
    expect(targetInput({ arn: LAMBDA, ...target }, EVENT)).toEqual(expected);
  });
});
