import { Failure } from '../../core/failure.ts';
import { isPackageName, isPackageVersion, shown } from './policy-words.ts';
import { parseDependencies, parseProvides, parseRelations } from './relations.ts';
import type { Architecture } from '../../core/fact.ts';

/** What the control file of a package of ours says. */
export interface ControlInput {
  readonly name: string;
  /** With revision: `2.6.4-1suture1`. */
  readonly version: string;
  readonly architecture: Architecture;
  readonly source: { readonly name: string; readonly version: string };
  /** One line. */
  readonly description: string;
  readonly homepage: string;
  /** As written: `libc6 (>= 2.36)`. */
  readonly dependencies: readonly string[];
  readonly provides: readonly string[];
  readonly conflicts: readonly string[];
  readonly replaces: readonly string[];
  readonly multiArch: 'same' | null;
}

/** The control file of a binary package (Policy 5.3), fields in dpkg's order; equal input, equal text. */
export function encodeControl(input: ControlInput, installedKiB: number): string {
  const { name, version, source } = input;
  const isOwnSource = source.name === name && source.version === version;
  const sourceText = source.version === version ? source.name : `${source.name} (${source.version})`;
  const fields: (readonly [string, string])[] = [
    ['Package', name],
    ['Source', isOwnSource ? '' : sourceText],
    ['Version', version],
    ['Architecture', input.architecture],
    ['Maintainer', 'Suture <suture@localhost>'],
    ['Installed-Size', String(installedKiB)],
    ['Depends', input.dependencies.toSorted().join(', ')],
    ['Conflicts', input.conflicts.toSorted().join(', ')],
    ['Replaces', input.replaces.toSorted().join(', ')],
    ['Provides', input.provides.toSorted().join(', ')],
    ['Section', 'misc'],
    ['Priority', 'optional'],
    ['Multi-Arch', input.multiArch ?? ''],
    ['Homepage', input.homepage],
    // dpkg wants one, and a recipe need not have any.
    ['Description', input.description === '' ? name : input.description],
  ];
  return fields.flatMap(([field, value]) => (value === '' ? [] : [`${field}: ${value}\n`])).join('');
}

/** E0101 for what would be no package, or would put fields into the control file that nobody meant. */
export function checkDebInput(input: ControlInput & { readonly builtAt: number; readonly license: string }): void {
  for (const [field, { name, version }] of [['package', input] as const, ['source', input.source] as const]) {
    if (!isPackageName(name)) throw invalid(input, field, `is called ${shown(name)}, which is no name of a package`);
    if (!isPackageVersion(version)) throw invalid(input, field, `has the version ${shown(version)}, which is none`);
  }
  if (!Number.isSafeInteger(input.builtAt) || input.builtAt < 0 || input.builtAt > 0o77777777777) {
    throw invalid(input, 'builtAt', 'is no time in seconds that an archive can hold');
  }
  for (const field of ['description', 'homepage', 'license'] as const) {
    // oxlint-disable-next-line no-control-regex -- a line break would begin a field of its own
    if (/[\x00-\x1f\x7f]/.test(input[field])) throw invalid(input, field, 'holds a control character');
  }
  checkRelations(input);
}

function checkRelations(input: ControlInput): void {
  for (const field of ['dependencies', 'provides', 'conflicts', 'replaces'] as const) {
    for (const text of input[field]) {
      // oxlint-disable-next-line no-control-regex -- the parser takes a line break for a blank, the file does not
      if (/[\x00-\x1f\x7f,]/.test(text)) throw invalid(input, field, `holds ${shown(text)}, which is more than one`);
      try {
        if (parsers[field](text, field).length !== 1) throw invalid(input, field, 'holds an empty entry');
      } catch (cause) {
        if (cause instanceof Failure && cause.code === 'E0404') throw invalid(input, field, `: ${cause.message}`);
        throw cause;
      }
    }
  }
}

const parsers = {
  dependencies: parseDependencies,
  provides: parseProvides,
  conflicts: parseRelations,
  replaces: parseRelations,
} as const;

function invalid(input: ControlInput, field: string, what: string): Failure {
  return new Failure('E0101', `The ${field} of package ${shown(input.name)} ${what}`, { at: field });
}
