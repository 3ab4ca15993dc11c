/** Stops the process when we ourselves were wrong: nothing is published on a guess. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`);
}
