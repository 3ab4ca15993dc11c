/**
 * The script of a report that proves itself. Browsers that lack what the promise is computed with say so, and the report
 * stays as readable as without scripts.
 */
export function programText(linked: string): string {
  return `if (typeof Temporal === 'undefined' || typeof Map.groupBy !== 'function' || globalThis.crypto?.subtle === undefined) {
  document.getElementById('proof').textContent = 'Do not rely on these figures: nothing here is proven. This browser is too old to compute the report again. It takes one of 2026, such as Chromium 144 or Firefox 139.';
} else {
  document.addEventListener('DOMContentLoaded', () => {
    const { prove } = ${linked};
    void prove(document, (text) => new DOMParser().parseFromString(text, 'text/html'));
  });
}
`;
}
