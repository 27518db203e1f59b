import { RootConstruct } from 'constructs';
import { settingsSchema } from '../../core/settings';
import type { PipelineConfig } from '../../pipeline/config';
import { configFromContext, resolveConfig } from '../../pipeline/config';
import { ConfigError } from '../../pipeline/config-error';

function fromContext(context: Record<string, unknown>): PipelineConfig {
  const { node } = new RootConstruct();
  for (const [key, value] of Object.entries(context)) node.setContext(key, value);
  return resolveConfig(configFromContext(node));
}

describe('configuration', () => {
  it('needs nothing: every knob has a default', () => {
    expect(fromContext({})).toEqual({
      settings: settingsSchema.parse({}),
      sweepMinutes: 5,
      leaseSeconds: 120,
      lingerSeconds: 5,
      functionsAtOnce: 10,
      logRetentionDays: 30,
      keepData: true,
      alarms: true,
      network: { mode: 'publicSubnet' },
    });
  });

  it('takes text of the command line for numbers and truth values', () => {
    const config = fromContext({
      'spotreel:graceSeconds': '2',
      'spotreel:pairingMinutes': '0.5',
      'spotreel:keepData': 'false',
      'spotreel:alarmEmail': 'on-call@example.org',
    });
    expect(config.settings).toMatchObject({ graceSeconds: 2, pairingMinutes: 0.5 });
    expect(config).toMatchObject({ keepData: false, alarmEmail: 'on-call@example.org' });
  });

  it('takes JSON of cdk.json as it is', () => {
    expect(fromContext({ 'spotreel:sweepMinutes': 1, 'spotreel:alarms': false })).toMatchObject({
      sweepMinutes: 1,
      alarms: false,
    });
  });

  it('leaves the context of others alone', () => {
    expect(() => fromContext({ 'other:graceSeconds': 'x', graceSeconds: 'x' })).not.toThrow();
  });

  it('passes every setting on to the Lambdas', () => {
    const { settings } = fromContext({ 'spotreel:capacity': 'spotOnly', 'spotreel:reconcileMinutes': '0' });
    expect(settings).toEqual(settingsSchema.parse({ capacity: 'spotOnly', reconcileMinutes: 0 }));
  });

  it.each([
    [
      'an unknown key',
      { 'spotreel:graceSecond': '2' },
      /\/spotreel:graceSecond = 2: .*Did you mean "graceSeconds"/,
    ],
    [
      'a status page that is open to nobody',
      { 'spotreel:statusPort': '8080' },
      /\/spotreel:statusCidrs: With statusPort it must be said who may open the page/,
    ],
    [
      'networks without a status page',
      { 'spotreel:statusCidrs': '203.0.113.7/32' },
      /\/spotreel:statusPort: Without a port there is no page/,
    ],
    [
      'a status page that is open to everybody',
      { 'spotreel:statusPort': '8080', 'spotreel:statusCidrs': '203.0.113.7/32, 0.0.0.0/0' },
      /\/spotreel:statusCidrs\/1.*That is everybody/,
    ],
    [
      'an address in place of a network',
      { 'spotreel:statusPort': '8080', 'spotreel:statusCidrs': '203.0.113.7' },
      /\/spotreel:statusCidrs\/0.*Use an IPv4 network such as 203\.0\.113\.0\/24/,
    ],
    ['a value out of range', { 'spotreel:sweepMinutes': '0' }, /\/spotreel:sweepMinutes = 0: .*at least 1/],
    ['a value of another kind', { 'spotreel:keepData': 'maybe' }, /\/spotreel:keepData = maybe: .*boolean/],
    [
      'a choice that is none',
      { 'spotreel:capacity': 'spot' },
      /\/spotreel:capacity = spot: .*spotFirst, spotOnly/,
    ],
    [
      'days that CloudWatch does not offer',
      { 'spotreel:logRetentionDays': 31 },
      /logRetentionDays = 31: .*30, 60/,
    ],
  ])('refuses %s, naming key, value and fix', (_what, context, message) => {
    expect(() => fromContext(context)).toThrow(message);
  });

  it('names every problem at once', () => {
    const attempt = () => fromContext({ 'spotreel:alarms': 'x', 'spotreel:maxAttempts': '0' });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/alarms[^]*maxAttempts|maxAttempts[^]*alarms/);
  });
});
