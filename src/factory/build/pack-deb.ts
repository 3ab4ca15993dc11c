import { Failure } from '../../core/failure.ts';
import type { PackageRelations } from '../../core/fact.ts';
import type { Dependency, PackageRelation } from '../../core/resolve/package-relation.ts';
import { parseWanted } from '../../formats/catalog/package-wanted.ts';
import { libraryDependencies } from '../../formats/deb/library-dependencies.ts';
import { parseDependencies } from '../../formats/deb/relations.ts';
import type { SharedLibraryOwner } from '../../formats/deb/shlibs.ts';
import { writeDeb } from '../../formats/deb/write-deb.ts';
import { type BuiltContents, componentOf } from './pack-apk.ts';

/**
 * A build's files as a deb. It depends on what the recipe says and on the packages of the libraries that its programs are
 * linked to; E0402 when one of those is in no package of the build root.
 */
export function packDeb(
  built: BuiltContents,
  shlibs: readonly SharedLibraryOwner[],
): { readonly bytes: Uint8Array; readonly relations: PackageRelations } {
  const { recipe, version, architecture, source, files } = built;
  const libraries = libraryDependencies(files, shlibs);
  const [unknown] = libraries.unknown;
  if (unknown !== undefined) {
    throw new Failure('E0402', `${recipe.name} is linked to ${unknown}, which no package of its build root provides`, {
      at: recipe.file,
      kept: 'what is published stays as it is',
      hint: 'add the package of that library to environment.contents.packages',
    });
  }
  const relations: PackageRelations = {
    dependencies: [...recipe.dependencies.map((text) => [relationOf(text, recipe.file)]), ...libraries.dependencies],
    provides: recipe.provides.map((text) => {
      const { name, version: provided } = relationOf(text, recipe.file);
      return { name, version: provided === '' ? null : provided };
    }),
    // Debian Policy 7.6.2: who takes over another's files cannot stand beside it.
    conflicts: recipe.replaces.map((text) => relationOf(text, recipe.file)),
    replaces: recipe.replaces.map((text) => relationOf(text, recipe.file)),
  };
  const bytes = writeDeb(
    {
      name: recipe.name,
      version,
      architecture,
      source: { name: recipe.recipe, version },
      description: recipe.description,
      homepage: '',
      license: recipe.license,
      builtAt: source.epoch,
      dependencies: relations.dependencies.map((each) => each.map(relationText).join(' | ')),
      provides: relations.provides.map(({ name, version: provided }) =>
        provided === null ? name : `${name} (= ${provided})`,
      ),
      conflicts: relations.conflicts.map(relationText),
      replaces: relations.replaces.map(relationText),
      multiArch: null,
      components: [componentOf(recipe)],
    },
    files,
  );
  return { bytes, relations };
}

/** The recipe's own way to write a bound (`libfoo>=1.2`), in Debian's words. */
function relationOf(text: string, file: string): PackageRelation {
  const wanted = parseWanted(text);
  if (wanted.kind === 'not-understood') throw new Failure('E0101', wanted.what, { at: file });
  const { name, bound } = wanted;
  if (bound === null) return { name, qualifier: null, operator: null, version: '' };
  const [[relation] = []] = parseDependencies(`${name} (${operators[bound.operator]} ${bound.version})`, file);
  if (relation === undefined) throw new Failure('E0101', `${text} is not a dependency of a deb`, { at: file });
  return relation;
}

/** A deb has no word for "whatever continues it": at least that version comes nearest. */
const operators = { '=': '=', '<': '<<', '<=': '<=', '>': '>>', '>=': '>=', '~': '>=' } as const;

function relationText({ name, qualifier, operator, version }: Dependency[number]): string {
  const full = qualifier === null ? name : `${name}:${qualifier}`;
  return operator === null ? full : `${full} (${operator} ${version})`;
}
