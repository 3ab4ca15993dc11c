import type { Recipe } from '../../core/catalog/catalog.ts';
import { digestOf } from '../../core/digest.ts';
import type { UpstreamDelta } from '../../core/fact.ts';

export interface AppliedPatch {
  readonly file: string;
  readonly fixes: readonly string[];
  readonly bytes: Uint8Array;
}

/**
 * How a package differs from what upstream released: its patches with the lines that they change, and the options that it
 * is built with. Everything else is upstream's own.
 */
export function upstreamDelta(recipe: Recipe, patches: readonly AppliedPatch[]): UpstreamDelta {
  return {
    patches: patches.map(({ file, fixes, bytes }) => ({
      file,
      digest: digestOf(bytes),
      fixes,
      ...changedLines(bytes),
    })),
    options: [
      ...Object.entries(recipe.environment).map(([name, value]) => `${name}=${value}`),
      ...recipe.steps.flatMap(({ runs }) => configuringCommands(runs)),
    ],
  };
}

/** Of a unified diff; the headers of files are no lines of theirs. */
function changedLines(patch: Uint8Array): { readonly linesAdded: number; readonly linesRemoved: number } {
  const lines = new TextDecoder().decode(patch).split('\n');
  const count = (sign: string, header: string) =>
    lines.filter((line) => line.startsWith(sign) && !line.startsWith(header)).length;
  return { linesAdded: count('+', '+++ '), linesRemoved: count('-', '--- ') };
}

/** Command lines that choose what is built; continued lines are one. */
function configuringCommands(runs: string): readonly string[] {
  return runs
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /(?:^|[\s/;&(])(?:configure|cmake|meson|Configure)\s/.test(line));
}
