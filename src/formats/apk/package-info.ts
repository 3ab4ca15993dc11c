import { Failure } from '../../core/failure.ts';

/** The `.PKGINFO` of an apk: what a package says about itself. Empty strings and lists where it says nothing. */
export interface PackageInfo {
  readonly name: string;
  /** With revision: `1.0.1-r0`. */
  readonly version: string;
  /** apk's word: `x86_64`, `aarch64`, `noarch`. */
  readonly architecture: string;
  /** Sum of the sizes of the files inside. */
  readonly installedSizeBytes: number;
  readonly origin: string;
  readonly description: string;
  readonly url: string;
  readonly commit: string;
  readonly maintainer: string;
  /** Unix seconds, 0 when not stated. */
  readonly builtAt: number;
  readonly license: string;
  readonly dependencies: readonly string[];
  readonly provides: readonly string[];
  readonly replaces: readonly string[];
  readonly providerPriority: number;
  /** SHA-256, hex, of the compressed data member. */
  readonly dataHash: string;
}

/** What may be called a package. */
export const packageName = /^[a-zA-Z0-9][a-zA-Z0-9+_.-]{0,199}$/;

/** `key = value` lines in the order that package builders write them; lists by repetition. */
export function encodePackageInfo(info: PackageInfo): string {
  const lines: (readonly [string, string | number])[] = [
    ['pkgname', info.name],
    ['pkgver', info.version],
    ['arch', info.architecture],
    ['size', info.installedSizeBytes],
    ['origin', info.origin],
    ['pkgdesc', info.description],
    ['url', info.url],
    ['commit', info.commit],
    ['maintainer', info.maintainer],
    ['builddate', info.builtAt === 0 ? '' : info.builtAt],
    ['license', info.license],
    ...info.dependencies.map((dependency) => ['depend', dependency] as const),
    ...info.provides.map((provided) => ['provides', provided] as const),
    ...info.replaces.map((replaced) => ['replaces', replaced] as const),
    ['provider_priority', info.providerPriority === 0 ? '' : info.providerPriority],
    ['datahash', info.dataHash],
  ];
  return lines.flatMap(([key, value]) => (value === '' ? [] : [`${key} = ${value}\n`])).join('');
}

/** Reads a `.PKGINFO`; unknown keys are passed over. E0404 when a needed one is missing, doubled or not a number. */
export function parsePackageInfo(text: string, archive: string): PackageInfo {
  const values = valuesOf(text, archive);
  const one = (key: string): string => {
    const found = values.get(key) ?? [];
    if (found.length > 1) throw unusable(archive, `states ${key} more than once`);
    return found[0] ?? '';
  };
  const count = (key: string): number => {
    const stated = one(key);
    if (!/^[0-9]{0,15}$/.test(stated)) throw unusable(archive, `states a ${key} that is no number`);
    return Number(stated);
  };
  for (const key of ['pkgname', 'pkgver', 'arch', 'datahash']) {
    if (one(key) === '') throw unusable(archive, `does not state its ${key}`);
  }
  // Both become parts of file names and lines of a database.
  if (!packageName.test(one('pkgname'))) throw unusable(archive, 'has a name that is no package name');
  if (!/^[a-zA-Z0-9+_.~-]{1,200}$/.test(one('pkgver'))) throw unusable(archive, 'has a version that is no version');
  return {
    name: one('pkgname'),
    version: one('pkgver'),
    architecture: one('arch'),
    installedSizeBytes: count('size'),
    origin: one('origin'),
    description: one('pkgdesc'),
    url: one('url'),
    commit: one('commit'),
    maintainer: one('maintainer'),
    builtAt: count('builddate'),
    license: (values.get('license') ?? []).join(' AND '),
    dependencies: values.get('depend') ?? [],
    provides: values.get('provides') ?? [],
    replaces: values.get('replaces') ?? [],
    providerPriority: count('provider_priority'),
    dataHash: one('datahash'),
  };
}

function valuesOf(text: string, archive: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const separator = line.indexOf(' = ');
    if (separator < 1) throw unusable(archive, 'has a line that is not "key = value" in its .PKGINFO');
    const key = line.slice(0, separator);
    const before = values.get(key);
    if (before === undefined) values.set(key, [line.slice(separator + 3)]);
    else before.push(line.slice(separator + 3));
  }
  return values;
}

function unusable(archive: string, what: string): Failure {
  return new Failure('E0404', `${archive} ${what}`, { at: `${archive}: .PKGINFO`, kept: 'nothing of it was used' });
}
