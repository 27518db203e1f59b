import { decideStop, STOP_SECONDS } from '../../core/stop-choice';

describe('decideStop', () => {
  it.each<[string, number, number, number, string]>([
    ['finishes a chunk that is nearly done', 0.9, 90, STOP_SECONDS, 'finish'],
    ['finishes one that fits with the margin to spare', 0.5, 80, STOP_SECONDS, 'finish'],
    ['gives back one that fits without the margin only', 0.5, 81, STOP_SECONDS, 'giveBack'],
    ['gives back what has just begun, however fast it seems', 0.04, 1, STOP_SECONDS, 'giveBack'],
    ['gives back in the last seconds, which are kept for that', 0.99, 10, 15, 'giveBack'],
    ['finishes what is done as long as there is time to report it', 1, 600, 15, 'finish'],
  ])('%s', (_title, ...[share, elapsedSeconds, leftSeconds, choice]) => {
    expect(decideStop({ share, elapsedSeconds }, leftSeconds)).toBe(choice);
  });
});
