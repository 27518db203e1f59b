/** Names that viewers choose by, each once: what is there already gets a number. */
export function eachOnce(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter(other => other === name).length;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
}
