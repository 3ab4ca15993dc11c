import { streamOf } from '../../core/match/stream-of.ts';
import { defaultComponent } from '../inventory/default-component.ts';
import { plainWord } from '../inventory/found-component.ts';
import { packageKey, type PackageKey } from '../osv/package-key.ts';
import { purlIn, type ParsedPurl } from '../purl-in.ts';
import { distributionOfPurl } from './distribution-of-purl.ts';
import { originOfPurl } from './origin-of-purl.ts';
import { rpmComponent } from '../rpm/rpm-component.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';
import type { Distribution } from '../inventory/distribution.ts';
import type { SbomEntry } from './entry.ts';

export interface EntryMade {
  /** Of an installed package of a distribution, or of ours. */
  readonly package: InventoryPackage | null;
  /** Null where the entry names no purl that can be looked up. */
  readonly component: Component | null;
}

/** What an entry of a bill of materials is in our words; its purl decides, and is kept as it is written. */
export function componentOfEntry(entry: SbomEntry, distribution: Distribution | null): EntryMade {
  const purl = parsedPurl(entry.purl);
  if (purl === undefined) return { package: entry.isPackage ? packageOf(entry) : null, component: null };
  if (!/^(?:apk|deb|rpm)$/.test(purl.type)) return looseEntry(entry, purl);
  const installed = distributionPackage(entry, purl);
  const made = installed === null ? undefined : distributionComponent(installed, purl, distribution);
  if (made === undefined) return { package: installed, component: null };
  return { package: installed, component: { ...made, purl: entry.purl ?? '', ...ownSaid(entry) } };
}

function distributionComponent(
  installed: InventoryPackage,
  purl: ParsedPurl,
  described: Distribution | null,
): Omit<Component, 'purl' | 'patched'> | undefined {
  const distribution = distributionOfPurl(purl, described);
  return purl.type === 'deb' || purl.type === 'apk'
    ? defaultComponent(installed, { format: purl.type, ...distribution })
    : rpmComponent(installed, distribution);
}

function looseEntry(entry: SbomEntry, purl: ParsedPurl): EntryMade {
  const version = purl.version ?? entry.version;
  const installed = entry.isPackage ? packageOf(entry) : null;
  const key = keyOf(purl, entry.purl ?? '');
  if (key === undefined || !(version === '' || plainWord(version))) return { package: installed, component: null };
  return { package: installed, component: looseComponent(entry, { key, version, installed }) };
}

function looseComponent(
  entry: SbomEntry,
  found: { readonly key: PackageKey; readonly version: string; readonly installed: InventoryPackage | null },
): Component {
  const { key, version, installed } = found;
  const isStdlib = key.purl === 'pkg:golang/stdlib';
  return {
    purl: entry.purl ?? '',
    version,
    scheme: key.scheme,
    upstream: key.purl,
    stream: (isStdlib ? /^(?:v|go)?([0-9]+\.[0-9]+)/.exec(version)?.[1] : undefined) ?? streamOf(version),
    edge: entry.edge ?? (installed !== null ? 'is' : isStdlib ? 'compiled-by' : 'contains'),
    package: installed?.name ?? entry.owner ?? '',
    ...ownSaid(entry),
    ...(installed === null && entry.owner !== null ? { ownedBy: entry.owner } : {}),
    ...(entry.location === null ? {} : { location: entry.location }),
  };
}

function ownSaid({ patched }: SbomEntry): Pick<Component, 'patched'> {
  return { patched: patched.filter(plainWord).toSorted() };
}

function parsedPurl(text: string | null): ParsedPurl | undefined {
  if (text === null || text.length > PURL_CHARACTERS_MAX || /[\s\p{C}]/u.test(text)) return undefined;
  const purl = purlIn(text);
  // Images are what is described, not what is inside.
  const isSubject = purl === undefined || purl.type === 'oci' || purl.type === 'docker';
  return isSubject || !plainWord(purl.name) ? undefined : purl;
}

const PURL_CHARACTERS_MAX = 4000;

/** As advisories name it; names of Python and NuGet come in many spellings, and purl does not settle all of them. */
function keyOf(purl: ParsedPurl, text: string): PackageKey | undefined {
  if (purl.type === 'pypi') return packageKey({ ecosystem: 'PyPI', name: purl.name });
  const name = [purl.namespace, purl.name].filter((part) => part !== undefined && part !== '').join('/');
  if (purl.type === 'composer') return packageKey({ ecosystem: 'Packagist', name });
  if (purl.type === 'nuget') return packageKey({ ecosystem: 'NuGet', name });
  return packageKey({ ecosystem: '', name, purl: text });
}

function packageOf({ name, version, architecture, origin, license }: SbomEntry): InventoryPackage | null {
  if (!plainWord(name)) return null;
  const { name: originName = name, version: originVersion = null } = origin ?? {};
  const own = originVersion === null || originVersion === version ? {} : { originVersion };
  return { name, version, architecture, origin: originName, ...own, license };
}

function distributionPackage(entry: SbomEntry, purl: ParsedPurl): InventoryPackage | null {
  const stated = purl.version ?? entry.version;
  const epoch = purl.qualifiers?.['epoch'];
  const version =
    epoch !== undefined && /^[0-9]+$/.test(epoch) && !stated.includes(':') ? `${epoch}:${stated}` : stated;
  if (!plainWord(version)) return null;
  const origin = entry.origin ?? originOfPurl(purl);
  return packageOf({
    ...entry,
    name: purl.name,
    version,
    architecture: purl.qualifiers?.['arch'] ?? entry.architecture,
    origin,
  });
}
