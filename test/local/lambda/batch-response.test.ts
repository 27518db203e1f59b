import { failedMessageIds } from '../../../local/lambda/batch-response';

const IDS = ['a', 'b'];

describe('failedMessageIds', () => {
  it.each([
    ['none for no answer', null, []],
    ['none for an empty text', '', []],
    ['none for an answer without the member', {}, []],
    ['none for an empty list', { batchItemFailures: [] }, []],
    ['those that are listed', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    ['all for an id that is not of the batch', { batchItemFailures: [{ itemIdentifier: 'x' }] }, IDS],
    ['all for an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, IDS],
    ['all for a malformed item', { batchItemFailures: [{ id: 'a' }] }, IDS],
    ['all for a text', 'done', IDS],
  ])('are %s', (_title, response, expected) => {
    expect(failedMessageIds(response, IDS)).toEqual(expected);
  });
});
