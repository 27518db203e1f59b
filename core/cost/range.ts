/** An estimate: what it may be at least, will most likely be, and may be at most. */
export interface Range {
  readonly low: number;
  readonly typical: number;
  readonly high: number;
}

export const exactly = (value: number): Range => ({ low: value, typical: value, high: value });

export const add = (a: Range, b: Range): Range => combine(a, b, (x, y) => x + y);

export const multiply = (a: Range, b: Range): Range => combine(a, b, (x, y) => x * y);

export const scale = (range: Range, factor: number): Range => multiply(range, exactly(factor));

export const mapRange = (range: Range, change: (value: number) => number): Range => ({
  low: change(range.low),
  typical: change(range.typical),
  high: change(range.high),
});

function combine(a: Range, b: Range, operation: (x: number, y: number) => number): Range {
  return {
    low: operation(a.low, b.low),
    typical: operation(a.typical, b.typical),
    high: operation(a.high, b.high),
  };
}
