/** Runs a step for each item, so many at once. A step that throws ends the whole. */
export async function eachAtOnce<T>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  step: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      await step(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
