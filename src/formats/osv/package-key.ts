import { PackageURL } from 'packageurl-js';
import type { VersionScheme } from '../../core/match/advisory.ts';

/** The key under which components of a package are found. */
export interface PackageKey {
  /** Purl without version and qualifiers. */
  readonly purl: string;
  readonly scheme: VersionScheme;
  /** The distribution's release where the ecosystem names one: `12` of `Debian:12`, `3.20` of `Alpine:v3.20`. */
  readonly stream: string | null;
}

/**
 * The key of what OSV calls a package (OSV schema, "affected[].package"; ecosystems.json). The record's own purl wins.
 * An ecosystem that we do not know becomes a namespace of `pkg:generic`, where it collides with nothing. Undefined when
 * the purl is none.
 */
export function packageKey(named: {
  ecosystem: string;
  name: string;
  purl?: string | undefined;
}): PackageKey | undefined {
  const [base = '', ...suffixes] = named.ecosystem.split(':');
  const known = ECOSYSTEMS.get(base);
  const purl = named.purl === undefined ? purlOf(base, named.name, known) : versionless(named.purl);
  if (purl === undefined) return undefined;
  const type = /^pkg:([^/]+)\//.exec(purl)?.[1] ?? '';
  return { purl, scheme: SCHEMES.get(type) ?? 'generic', stream: releaseOf(base, suffixes) };
}

/** Without version, qualifiers and subpath, in canonical form; undefined when it is no purl. */
export function versionless(text: string): string | undefined {
  try {
    const { type, namespace, name } = PackageURL.fromString(text);
    return new PackageURL(type, namespace, name, undefined, undefined, undefined).toString();
  } catch {
    return undefined;
  }
}

type Parts = readonly [type: string, namespace: string | undefined, name: string];

function purlOf(base: string, name: string, known: ((name: string) => Parts) | undefined): string | undefined {
  const parts: Parts =
    known?.(name) ?? (base === '' || /^generic$/i.test(base) ? atSlash('generic')(name) : opaque(base, name));
  try {
    return new PackageURL(parts[0], parts[1], parts[2], undefined, undefined, undefined).toString();
  } catch {
    return undefined;
  }
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
  ['Mageia', within('rpm', 'mageia')],
  ['Maven', maven],
  ['MinimOS', within('apk', 'minimos')],
  ['npm', atSlash('npm')],
  ['NuGet', (name) => ['nuget', undefined, name]],
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

const SCHEMES: ReadonlyMap<string, VersionScheme> = new Map([
  ['apk', 'apk'],
  ['deb', 'deb'],
  ['golang', 'go'],
  ['pypi', 'pypi'],
  ['npm', 'semver'],
  ['cargo', 'semver'],
  ['hex', 'semver'],
  ['pub', 'semver'],
  ['swift', 'semver'],
  ['github', 'semver'],
  ['bitnami', 'semver'],
]);

const RELEASED = new Set([
  'AlmaLinux',
  'Alpaquita',
  'Alpine',
  'Debian',
  'Mageia',
  'Photon OS',
  'Rocky Linux',
  'Ubuntu',
]);

/** Ubuntu's `:LTS` and `:Pro` are no part of the release's name. */
function releaseOf(base: string, suffixes: readonly string[]): string | null {
  if (!RELEASED.has(base)) return null;
  const release = suffixes.find((suffix) => suffix !== 'Pro' && suffix !== 'LTS');
  return release?.replace(/^v(?=[0-9])/, '') ?? null;
}
