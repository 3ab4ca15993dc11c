/** Met of due in per cent, rounded; never 100 unless every one was met, never 0 if any was. */
export function metPercent(met: number, due: number, digits: number): number {
  const least = 1 / 10 ** digits;
  const rounded = Math.round(((100 * met) / due) * 10 ** digits) / 10 ** digits;
  if (rounded === 100 && met < due) return Number((100 - least).toFixed(digits));
  return rounded === 0 && met > 0 ? least : rounded;
}
