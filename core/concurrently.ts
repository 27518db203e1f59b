/**
 * Does something with each of the items, so many at once, in their order. An item is asked for when there is room for it.
 * @throws the first error, after those that had begun have ended; no further one is begun
 */
export async function concurrently<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { atOnce }: { atOnce: number },
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    try {
      for (let next = await waiting.next(); next.done !== true; next = await waiting.next()) {
        if (failure !== undefined) return;
        await act(next.value);
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failure !== undefined) throw failure.error;
}
