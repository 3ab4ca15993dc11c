import type { PackageFormat } from '../../core/catalog/catalog.ts';
import { fullVersion } from '../../core/catalog/full-version.ts';
import type { Failure } from '../../core/failure.ts';
import { didYouMean } from './did-you-mean.ts';
import { problemAt } from './problem.ts';
import type { YamlFile } from './yaml-file.ts';

/** Values of the names that may stand in `${{name}}`. */
export type Names = ReadonlyMap<string, string>;

/** Names whose value depends on the architecture: `core/catalog/for-architecture.ts` puts them in at build time. */
export const architectureNames = ['build.arch', 'build.goarch', 'host.triplet.gnu', 'host.triplet.rust'] as const;

// Blanks inside the braces are allowed; anything else between them is left to the shell (melange's own rule).
const SUBSTITUTION = /\$\{\{\s*([A-Za-z0-9._-]+)\s*\}\}/g;

/** Replaces every `${{name}}` of a text; a name that means nothing is a problem at its place. */
export function substitute(
  text: string,
  names: Names,
  place: { readonly yaml: YamlFile; readonly path: readonly PropertyKey[]; readonly problems: Failure[] },
): string {
  return text.replace(SUBSTITUTION, (whole: string, name: string) => {
    const value = names.get(name);
    if (value !== undefined) return value;
    if (architectureNames.some((known) => known === name)) return `\${{${name}}}`;
    const near = didYouMean(name, [...names.keys(), ...architectureNames]);
    place.problems.push(
      problemAt(place.yaml, place.path, {
        code: 'E0101',
        what: `nothing is called \`${name}\``,
        find: whole,
        hint: near === undefined ? declare(name) : `Did you mean \`\${{${near}}}\`?`,
      }),
    );
    return whole;
  });
}

function declare(name: string): string | undefined {
  return name.startsWith('vars.') ? `Declare it: \`vars: { ${name.slice(5)}: … }\`.` : undefined;
}

const OUTPUT = '/home/build/melange-out';

/** What a recipe can name, before its own variables (melange's names and values). */
export function packageNames(recipe: {
  readonly name: string;
  readonly version: string;
  readonly epoch: number;
  readonly format: PackageFormat;
}): Map<string, string> {
  return new Map([
    ['package.name', recipe.name],
    ['package.version', recipe.version],
    ['package.epoch', String(recipe.epoch)],
    ['package.full-version', fullVersion(recipe)],
    ['package.srcdir', '/home/build'],
    ['context.name', recipe.name],
    ['targets.outdir', OUTPUT],
    ['targets.destdir', `${OUTPUT}/${recipe.name}`],
    ['targets.contextdir', `${OUTPUT}/${recipe.name}`],
  ]);
}
