import { LocalCloudError } from '../local-cloud-error';
import type { Template } from './assembly';

/** Answers for what a template's functions refer to. */
export interface References {
  /** Value of `Ref` on a resource; throws on one that does not exist or is not known. */
  ref(logicalId: string): unknown;
  attribute(logicalId: string, name: string): unknown;
}

export interface EvaluatorOptions {
  readonly template: Template;
  /** Pseudo parameters, such as `AWS::Region`. */
  readonly pseudo: Readonly<Record<string, string>>;
  readonly references: References;
}

type Intrinsic = (evaluator: Evaluator, argument: unknown) => unknown;

const NO_VALUE = Symbol('AWS::NoValue');
const ZONES = ['a', 'b', 'c'];

/** Evaluates CloudFormation's intrinsic functions. */
export class Evaluator {
  readonly #options: EvaluatorOptions;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** The value with all functions in it carried out; undefined for `AWS::NoValue`. */
  evaluate(value: unknown): unknown {
    const result = this.#evaluate(value);
    return result === NO_VALUE ? undefined : result;
  }

  text(value: unknown): string {
    const result = this.evaluate(value);
    if (typeof result === 'string') return result;
    if (typeof result === 'number' || typeof result === 'boolean') return String(result);
    throw new LocalCloudError(`The template needs a text where it has ${JSON.stringify(value)}.`);
  }

  list(value: unknown): unknown[] {
    const result = this.evaluate(value);
    if (Array.isArray(result)) return result;
    throw new LocalCloudError(`The template needs a list where it has ${JSON.stringify(value)}.`);
  }

  ref(name: string): unknown {
    const { template, pseudo, references } = this.#options;
    if (name === 'AWS::NoValue') return NO_VALUE;
    const value = pseudo[name] ?? template.Parameters[name]?.Default;
    if (value !== undefined) return value;
    if (template.Parameters[name]) {
      throw new LocalCloudError(
        `The template's parameter ${name} has no default, and the local cloud deploys with defaults only; give it one.`,
      );
    }
    return references.ref(name);
  }

  attribute(logicalId: string, name: string): unknown {
    return this.#options.references.attribute(logicalId, name);
  }

  condition(name: string): boolean {
    const { Conditions } = this.#options.template;
    if (!(name in Conditions)) throw new LocalCloudError(`The template has no condition named ${name}.`);
    return this.truth(Conditions[name]);
  }

  truth(value: unknown): boolean {
    const result = this.evaluate(value);
    return result === true || result === 'true';
  }

  mapping(keys: readonly string[]): unknown {
    const [map = '', first = '', second = ''] = keys;
    const value = this.#options.template.Mappings[map]?.[first]?.[second];
    if (value === undefined) throw new LocalCloudError(`The template has no mapping ${keys.join('.')}.`);
    return value;
  }

  region(): string {
    return this.#options.pseudo['AWS::Region'] ?? '';
  }

  #evaluate(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map(item => this.#evaluate(item)).filter(item => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries: Array<[string, unknown]> = Object.entries(value);
    const [only] = entries;
    if (only && entries.length === 1) {
      const [name, argument] = only;
      const intrinsic = INTRINSICS.get(name);
      if (intrinsic) return intrinsic(this, argument);
      if (name.startsWith('Fn::')) {
        throw new LocalCloudError(`The template uses ${name}, which the local cloud does not know.`);
      }
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, this.#evaluate(item)]).filter(([, item]) => item !== NO_VALUE),
    );
  }
}

const INTRINSICS = new Map<string, Intrinsic>([
  ['Ref', (evaluator, name) => evaluator.ref(String(name))],
  ['Fn::GetAtt', getAtt],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::If', branch],
  ['Fn::Equals', equals],
  ['Fn::And', (evaluator, argument) => evaluator.list(argument).every(item => evaluator.truth(item))],
  ['Fn::Or', (evaluator, argument) => evaluator.list(argument).some(item => evaluator.truth(item))],
  ['Fn::Not', (evaluator, argument) => !evaluator.truth(evaluator.list(argument)[0])],
  ['Condition', (evaluator, name) => conditionOrValue(evaluator, name)],
  ['Fn::GetAZs', (evaluator, region) => zones(evaluator, region)],
  ['Fn::FindInMap', (evaluator, argument) => evaluator.mapping(evaluator.list(argument).map(String))],
  ['Fn::Base64', (evaluator, argument) => Buffer.from(evaluator.text(argument)).toString('base64')],
]);

function getAtt(evaluator: Evaluator, argument: unknown): unknown {
  const [logicalId = '', ...name] =
    typeof argument === 'string' ? argument.split('.') : evaluator.list(argument).map(String);
  return evaluator.attribute(logicalId, name.join('.'));
}

function join(evaluator: Evaluator, argument: unknown): string {
  const [separator, parts] = evaluator.list(argument);
  return evaluator
    .list(parts)
    .map(part => evaluator.text(part))
    .join(String(separator));
}

function sub(evaluator: Evaluator, argument: unknown): string {
  const [pattern, variables = {}] = [argument].flat<unknown[]>();
  const own = evaluator.evaluate(variables) as Record<string, unknown>;
  return String(pattern).replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in own) return evaluator.text(own[name]);
    const [logicalId = '', ...attribute] = name.split('.');
    return attribute.length > 0
      ? evaluator.text(evaluator.attribute(logicalId, attribute.join('.')))
      : evaluator.text(evaluator.ref(name));
  });
}

function select(evaluator: Evaluator, argument: unknown): unknown {
  const [index, items] = evaluator.list(argument);
  const list = evaluator.list(items);
  const position = Number(index);
  if (!(position in list)) {
    throw new LocalCloudError(`Fn::Select asks for item ${position} of a list of ${list.length}.`);
  }
  return list[position];
}

function split(evaluator: Evaluator, argument: unknown): string[] {
  const [separator, text] = evaluator.list(argument);
  return evaluator.text(text).split(String(separator));
}

function branch(evaluator: Evaluator, argument: unknown): unknown {
  const [name, whenTrue, whenFalse] = argument as unknown[];
  const chosen = evaluator.condition(String(name)) ? whenTrue : whenFalse;
  return evaluator.evaluate(chosen) ?? NO_VALUE;
}

function equals(evaluator: Evaluator, argument: unknown): boolean {
  const [left, right] = evaluator.list(argument);
  return JSON.stringify(left) === JSON.stringify(right);
}

/** `{Condition: name}` refers to a condition; in a policy, `Condition` alone in an object is just a member. */
function conditionOrValue(evaluator: Evaluator, name: unknown): unknown {
  return typeof name === 'string' ? evaluator.condition(name) : { Condition: evaluator.evaluate(name) };
}

function zones(evaluator: Evaluator, region: unknown): string[] {
  const name = evaluator.text(region) || evaluator.region();
  return ZONES.map(zone => `${name}${zone}`);
}
