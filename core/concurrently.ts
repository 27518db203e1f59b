/**
 * Does something with each of the items, so many at once, in their order.
 * @throws the first error, after those that had begun have ended; no further one is begun
 */
export async function concurrently<Item>(
  items: readonly Item[],
  { atOnce }: { atOnce: number },
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      if (failure !== undefined) return;
      try {
        await act(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  if (failure !== undefined) throw failure.error;
}
