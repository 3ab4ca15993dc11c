import { Failure } from '../../core/failure.ts';
import { compareVersions } from '../../core/version/compare.ts';
import { pathProblem } from '../tar/member-path.ts';
import { binaryFields, neededField } from './binary-fields.ts';
import { parseStanza } from './control-file.ts';
import { shown } from './policy-words.ts';
import { fieldValues, stanzaPlaces } from './stanza-offsets.ts';
import type { AvailablePackage } from '../../core/resolve/available-package.ts';
import type { StanzaPlace } from './stanza-offsets.ts';

/** The packages that one `Packages` file of a suite offers. */
export interface PackagesIndex {
  readonly suite: string;
  /** Newest first. E0404 when a stanza of that name cannot be used. */
  named(name: string): readonly AvailablePackage[];
  /** By name, then newest first. */
  providing(name: string): readonly AvailablePackage[];
  /** Each name once, in the order of the file. */
  names(): Iterable<string>;
}

/**
 * Opens a `Packages` file (deb822(5)). A suite has 60,000 stanzas and an image asks for a hundred, so one pass over the
 * bytes only notes where each begins; who provides what is gathered when somebody asks, and a stanza is parsed when it
 * is asked for, and remembered.
 */
export function packagesIndex(
  bytes: Uint8Array,
  origin: { readonly suite: string; readonly at: string },
): PackagesIndex {
  const { suite, at } = origin;
  const places = stanzaPlaces(bytes, at);
  const byName = Map.groupBy(places, (place) => place.name);
  let providers: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  const parsed = new Map<string, readonly AvailablePackage[]>();
  const named = (name: string): readonly AvailablePackage[] => {
    const known = parsed.get(name);
    if (known !== undefined) return known;
    const there = byName.get(name);
    if (there === undefined) return [];
    const packages = there.map((place) =>
      availablePackage(bytes.subarray(place.start, place.end), { name, suite, at }),
    );
    const newestFirst = packages.toSorted((a, b) => compareVersions('deb', b.version, a.version));
    parsed.set(name, newestFirst);
    return newestFirst;
  };
  return {
    suite,
    named,
    providing: (name) => {
      providers ??= providersOf(bytes, places);
      return [...(providers.get(name) ?? [])]
        .toSorted()
        .flatMap((provider) => named(provider).filter((one) => one.provides.some((given) => given.name === name)));
    },
    names: () => byName.keys(),
  };
}

/** Names of packages by what they provide, as far as the text goes; the parsed stanza decides. */
function providersOf(
  bytes: Uint8Array,
  places: readonly (StanzaPlace & { readonly name: string })[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const providers = new Map<string, Set<string>>();
  let index = 0;
  for (const { at, value } of fieldValues(bytes, 'Provides')) {
    while ((places[index]?.end ?? Infinity) <= at) index += 1;
    const provider = places[index]?.name ?? '';
    for (const part of value.split(',')) {
      const provided = /^[^\s:([<]+/.exec(part.trim())?.[0];
      if (provided === undefined) continue;
      const there = providers.get(provided);
      if (there === undefined) providers.set(provided, new Set([provider]));
      else there.add(provider);
    }
  }
  return providers;
}

function availablePackage(
  bytes: Uint8Array,
  where: { readonly name: string; readonly suite: string; readonly at: string },
): AvailablePackage {
  const at = `${where.at}: ${where.name}`;
  const stanza = parseStanza(new TextDecoder().decode(bytes), at);
  const path = neededField(stanza, 'filename', at);
  const sizeText = neededField(stanza, 'size', at);
  const sha256 = neededField(stanza, 'sha256', at).toLowerCase();
  const problem = pathProblem(path.replace(/^\.\//, ''));
  if (problem !== undefined) throw new Failure('E0404', `The index has ${shown(path)}, which is no file of it`, { at });
  if (!/^[0-9]{1,12}$/.test(sizeText) || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new Failure('E0404', `The index states a size or a digest of ${shown(path)} that is none`, { at });
  }
  return { ...binaryFields(stanza, at), suite: where.suite, file: { path, sizeBytes: Number(sizeText), sha256 } };
}
