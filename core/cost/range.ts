/** An estimate: what it may be at least, will most likely be, and may be at most. */
export interface Range {
  readonly least: number;
  readonly likely: number;
  readonly most: number;
}

export const exactly = (value: number): Range => ({ least: value, likely: value, most: value });

export const add = (a: Range, b: Range): Range => combine(a, b, (x, y) => x + y);

export const multiply = (a: Range, b: Range): Range => combine(a, b, (x, y) => x * y);

export const scale = (range: Range, factor: number): Range => multiply(range, exactly(factor));

export const mapRange = (range: Range, change: (value: number) => number): Range => ({
  least: change(range.least),
  likely: change(range.likely),
  most: change(range.most),
});

function combine(a: Range, b: Range, operation: (x: number, y: number) => number): Range {
  return {
    least: operation(a.least, b.least),
    likely: operation(a.likely, b.likely),
    most: operation(a.most, b.most),
  };
}
