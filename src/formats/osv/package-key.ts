import { PackageURL } from 'packageurl-js';
import { productStream } from '../rpm/release-stream.ts';
import type { VersionScheme } from '../../core/match/advisory.ts';
import { purlIn } from '../purl-in.ts';

/** The key under which components of a package are found. */
export interface PackageKey {
  /** Purl without version and qualifiers. */
  readonly purl: string;
  readonly scheme: VersionScheme;
  /** The distribution's release where the ecosystem names one: `12` of `Debian:12`, `3.20` of `Alpine:v3.20`. */
  readonly stream: string | null;
  /** What one must pay for to get it: `pro` of `Ubuntu:Pro:18.04:LTS`. */
  readonly channel?: string;
  /** False for an ecosystem whose versions have no order that we know: only what is named one by one can be told. */
  readonly isOrdered: boolean;
}

/**
 * The key of what OSV calls a package (OSV schema, "affected[].package"; ecosystems.json). An ecosystem that we know names
 * it in one way only, which purls do not (`pkg:pypi/zope.interface`, `pkg:alpine/libexif`); else the record's own purl
 * does. An ecosystem that we do not know becomes a namespace of `pkg:generic`, where it collides with nothing. Undefined
 * when the purl is none.
 */
export function packageKey(named: {
  ecosystem: string;
  name: string;
  purl?: string | undefined;
}): PackageKey | undefined {
  const [base = '', ...suffixes] = named.ecosystem.split(':');
  const known = ECOSYSTEMS.get(base);
  const byName = known !== undefined || named.purl === undefined;
  const purl = byName ? purlOf(base, named.name, known) : versionless(named.purl ?? '');
  if (purl === undefined) return undefined;
  const type = /^pkg:([^/]+)\//.exec(purl)?.[1] ?? '';
  const scheme = SCHEMES.get(type) ?? otherScheme(base, suffixes);
  const channel = channelOf(base, suffixes);
  return {
    purl,
    scheme,
    stream: releaseOf(base, suffixes),
    ...(channel !== undefined && { channel }),
    isOrdered: known !== undefined || type !== 'generic' || scheme !== 'generic' || isGeneric(base),
  };
}

/** Without version, qualifiers and subpath, in canonical form; undefined when it is no purl. */
export function versionless(text: string): string | undefined {
  const purl = purlIn(text);
  if (purl === undefined) return undefined;
  try {
    return purlText([purl.type, purl.namespace ?? undefined, purl.name]);
  } catch {
    return undefined;
  }
}

type Parts = readonly [type: string, namespace: string | undefined, name: string];

/** Made with a version, and without it again: the library refuses some types, such as cran, without one. */
function purlText([type, namespace, name]: Parts): string {
  return new PackageURL(type, namespace, name, '0', undefined, undefined).toString().slice(0, -'@0'.length);
}

function purlOf(base: string, name: string, known: ((name: string) => Parts) | undefined): string | undefined {
  const parts: Parts = known?.(name) ?? (isGeneric(base) ? atSlash('generic')(name) : opaque(base, name));
  try {
    return purlText(parts);
  } catch {
    return undefined;
  }
}

function isGeneric(base: string): boolean {
  return base === '' || /^generic$/i.test(base);
}

function opaque(base: string, name: string): Parts {
  return ['generic', base.toLowerCase().replace(/[^a-z0-9.-]+/g, '-'), name.replaceAll('/', '-')];
}

/** `group/artifact`: all but the last part is the namespace. */
function atSlash(type: string): (name: string) => Parts {
  return (name) => {
    const at = name.lastIndexOf('/');
    return at < 0 ? [type, undefined, name] : [type, name.slice(0, at), name.slice(at + 1)];
  };
}

function within(type: string, namespace: string): (name: string) => Parts {
  return (name) => [type, namespace, name];
}

function maven(name: string): Parts {
  const [group = '', artifact = ''] = name.split(':');
  return ['maven', group, artifact];
}

/** PEP 503: lower case, runs of `-`, `_` and `.` are one `-`. */
function pypi(name: string): Parts {
  return ['pypi', undefined, name.toLowerCase().replace(/[-_.]+/g, '-')];
}

const ECOSYSTEMS: ReadonlyMap<string, (name: string) => Parts> = new Map([
  ['AlmaLinux', within('rpm', 'almalinux')],
  ['Alpaquita', within('apk', 'alpaquita')],
  ['Alpine', within('apk', 'alpine')],
  ['Azure Linux', within('rpm', 'azurelinux')],
  ['BellSoft Hardened Containers', within('apk', 'bellsoft-hardened-containers')],
  ['Bitnami', atSlash('bitnami')],
  ['Chainguard', within('apk', 'chainguard')],
  ['CleanStart', within('apk', 'cleanstart')],
  ['ConanCenter', atSlash('conan')],
  ['CRAN', atSlash('cran')],
  ['crates.io', atSlash('cargo')],
  ['Debian', within('deb', 'debian')],
  ['GitHub Actions', atSlash('github')],
  ['Go', atSlash('golang')],
  ['Hackage', atSlash('hackage')],
  ['Hex', (name) => ['hex', undefined, name.toLowerCase()]],
  ['Julia', (name) => ['julia', undefined, name]],
  ['Kubernetes', atSlash('golang')],
  ['Mageia', within('rpm', 'mageia')],
  ['Maven', maven],
  ['MinimOS', within('apk', 'minimos')],
  ['npm', atSlash('npm')],
  // NuGet does not tell upper from lower case.
  ['NuGet', (name) => ['nuget', undefined, name.toLowerCase()]],
  ['opam', (name) => ['opam', undefined, name]],
  ['openEuler', within('rpm', 'openeuler')],
  ['openSUSE', within('rpm', 'opensuse')],
  ['OSS-Fuzz', (name) => ['generic', undefined, name]],
  ['Packagist', (name) => atSlash('composer')(name.toLowerCase())],
  ['Photon OS', within('rpm', 'photon')],
  ['Pub', (name) => ['pub', undefined, name.toLowerCase()]],
  ['PyPI', pypi],
  ['Red Hat', within('rpm', 'redhat')],
  ['Rocky Linux', within('rpm', 'rocky-linux')],
  ['RubyGems', (name) => ['gem', undefined, name]],
  ['SUSE', within('rpm', 'suse')],
  ['SwiftURL', (name) => atSlash('swift')(name.replace(/^https?:\/\//, '').replace(/\.git$/, ''))],
  ['Ubuntu', within('deb', 'ubuntu')],
  ['Wolfi', within('apk', 'wolfi')],
]);

/**
 * By type of purl. Conan orders versions of any form, and the order without a scheme agrees with it on more of them than
 * SemVer does; opam orders as Debian does.
 */
const SCHEMES: ReadonlyMap<string, VersionScheme> = new Map([
  ['apk', 'apk'],
  ['bitnami', 'bitnami'],
  ['cargo', 'semver'],
  ['composer', 'packagist'],
  ['conan', 'generic'],
  ['cran', 'dotted'],
  ['deb', 'deb'],
  ['gem', 'rubygems'],
  ['github', 'semver'],
  ['golang', 'go'],
  ['hackage', 'dotted'],
  ['hex', 'semver'],
  ['julia', 'pub'],
  ['maven', 'maven'],
  ['npm', 'semver'],
  ['nuget', 'nuget'],
  ['opam', 'deb'],
  ['pub', 'pub'],
  ['pypi', 'pypi'],
  ['rpm', 'rpm'],
  ['swift', 'semver'],
]);

/** Ecosystems whose packages have no type of purl here; `Root:Alpine:3.18` orders as what it wraps. */
function otherScheme(base: string, [wrapped = '']: readonly string[]): VersionScheme {
  if (base !== 'Root') return OTHER_SCHEMES.get(base) ?? 'generic';
  const type = ECOSYSTEMS.get(wrapped)?.('x/x:x')[0] ?? '';
  return SCHEMES.get(type) ?? 'generic';
}

const OTHER_SCHEMES: ReadonlyMap<string, VersionScheme> = new Map([
  ['Bioconductor', 'dotted'],
  ['Echo', 'deb'],
  ['GHC', 'dotted'],
  ['Linux', 'semver'],
  ['VSCode', 'semver'],
]);

const RELEASED: ReadonlyMap<string, 'number' | 'name'> = new Map([
  ['AlmaLinux', 'number'],
  ['Alpaquita', 'number'],
  ['Alpine', 'number'],
  ['Azure Linux', 'number'],
  ['BellSoft Hardened Containers', 'number'],
  ['Debian', 'number'],
  ['Mageia', 'number'],
  ['openEuler', 'name'],
  ['openSUSE', 'name'],
  ['Photon OS', 'number'],
  ['Red Hat', 'name'],
  ['Rocky Linux', 'number'],
  ['SUSE', 'name'],
  ['Ubuntu', 'number'],
]);

/** Ubuntu's `LTS` and channels are no part of the release's name. */
function releaseOf(base: string, suffixes: readonly string[]): string | null {
  const form = RELEASED.get(base);
  if (form === undefined || suffixes.length === 0) return null;
  if (form === 'name') return productStream(base, suffixes.join(':')).stream;
  const release = base === 'Ubuntu' ? suffixes.find((suffix) => /^[0-9]/.test(suffix)) : suffixes[0];
  return release?.replace(/^v(?=[0-9])/, '') ?? null;
}

/** `Pro`, and what stands beside it, as in `Ubuntu:Pro:FIPS-updates:18.04:LTS`; `ltss` of `SUSE:… 15 SP4-LTSS`. */
function channelOf(base: string, suffixes: readonly string[]): string | undefined {
  if (base === 'SUSE') return productStream(base, suffixes.join(':')).channel;
  if (base !== 'Ubuntu' || !suffixes.includes('Pro')) return undefined;
  const words = suffixes.filter((suffix) => suffix !== 'LTS' && !/^[0-9]/.test(suffix));
  return words.join('-').toLowerCase();
}
