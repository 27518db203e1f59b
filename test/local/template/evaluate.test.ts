import type { Template } from '../../../local/template/assembly';
import { Evaluator } from '../../../local/template/evaluate';

const TEMPLATE: Template = {
  Parameters: {
    Size: { Type: 'Number', Default: 3 },
    Open: { Type: 'String' },
    BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk/version' },
  },
  Mappings: { Sizes: { 'us-east-1': { small: 1 } } },
  Conditions: {
    Yes: { 'Fn::Equals': ['a', 'a'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
  },
  Resources: {},
  Outputs: {},
};

const evaluator = new Evaluator({
  template: TEMPLATE,
  pseudo: { 'AWS::Region': 'us-east-1', 'AWS::AccountId': '000000000000' },
  references: { ref: id => `ref-${id}`, attribute: (id, name) => `att-${id}-${name}` },
});

const ref = (name: string): object => ({ Ref: name });

describe('Evaluator', () => {
  it.each([
    ['Ref of a resource', ref('Queue'), 'ref-Queue'],
    ['Ref of a pseudo parameter', ref('AWS::Region'), 'us-east-1'],
    ['Ref of a parameter with a default', ref('Size'), 3],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'att-Queue-Arn'],
    ['GetAtt as a text', { 'Fn::GetAtt': 'Nested.Outputs.Name' }, 'att-Nested-Outputs.Name'],
    ['Join', { 'Fn::Join': ['-', ['a', ref('Size'), ref('AWS::Region')]] }, 'a-3-us-east-1'],
    ['Join of a computed list', { 'Fn::Join': ['+', { 'Fn::Split': [',', 'a,b'] }] }, 'a+b'],
    ['Sub', { 'Fn::Sub': '${AWS::AccountId}/${Queue}/${Queue.Arn}' }, '000000000000/ref-Queue/att-Queue-Arn'],
    ['Sub with its own variables', { 'Fn::Sub': ['${Own}', { Own: ref('Size') }] }, '3'],
    ['Sub with a literal', { 'Fn::Sub': '${!Literal}' }, '${Literal}'],
    ['Select', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    ['Select by text', { 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    ['GetAZs', { 'Fn::GetAZs': 'eu-west-1' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', ref('AWS::Region'), 'small'] }, 1],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['If that holds', { 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
    ['If that does not', { 'Fn::If': ['No', 'then', ref('Queue')] }, 'ref-Queue'],
    ['If with And', { 'Fn::If': ['Both', 1, 0] }, 0],
    ['If with Or', { 'Fn::If': ['Either', 1, 0] }, 1],
    ['NoValue in an object', { a: 1, b: ref('AWS::NoValue') }, { a: 1 }],
    ['NoValue in a list', [1, ref('AWS::NoValue'), 2], [1, 2]],
    ['NoValue by If', { a: { 'Fn::If': ['No', 1, ref('AWS::NoValue')] } }, {}],
    ['plain values', { a: [1, 'b', true, null] }, { a: [1, 'b', true, null] }],
  ])('evaluates %s', (_title, value, expected) => {
    expect(evaluator.evaluate(value)).toEqual(expected);
  });

  it('answers undefined for NoValue by itself', () => {
    expect(evaluator.evaluate(ref('AWS::NoValue'))).toBeUndefined();
  });

  it.each([
    ['a parameter without a default', ref('Open'), /parameter Open has no default/],
    ['a function that it does not know', { 'Fn::Cidr': [] }, /Fn::Cidr/],
    ['a condition that is not there', { 'Fn::If': ['Maybe', 1, 2] }, /no condition named Maybe/],
    ['a mapping that is not there', { 'Fn::FindInMap': ['Sizes', 'x', 'y'] }, /no mapping Sizes.x.y/],
    ['an item beyond the end', { 'Fn::Select': [2, ['a']] }, /item 2 of a list of 1/],
  ])('refuses %s', (_title, value, message) => {
    expect(() => evaluator.evaluate(value)).toThrow(message);
  });
});
