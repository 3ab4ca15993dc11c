import { Failure } from '../../core/failure.ts';
import { compareVersions } from '../../core/version/compare.ts';
import { pathProblem } from '../tar/member-path.ts';
import { neededField } from './binary-fields.ts';
import { parseStanza } from './control-file.ts';
import { checkedName, checkedVersion, shown } from './policy-words.ts';
import { stanzaPlaces } from './stanza-offsets.ts';

/** The source packages that one `Sources` file of a suite offers. */
export interface SourcesIndex {
  readonly suite: string;
  /** Newest first. E0404 when a stanza of that name cannot be used. */
  named(source: string): readonly SourcePackage[];
}

export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  readonly suite: string;
  /** In the archive: `pool/main/e/expat`. */
  readonly directory: string;
  /** The .dsc and what it names. */
  readonly files: readonly SourceFile[];
  /** Names of the binary packages built from it. */
  readonly binaries: readonly string[];
}

export interface SourceFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** Opens a `Sources` file as packagesIndex() opens a `Packages` file. */
export function sourcesIndex(bytes: Uint8Array, origin: { readonly suite: string; readonly at: string }): SourcesIndex {
  const byName = Map.groupBy(stanzaPlaces(bytes, origin.at), (place) => place.name);
  const parsed = new Map<string, readonly SourcePackage[]>();
  return {
    suite: origin.suite,
    named: (source) => {
      const known = parsed.get(source);
      if (known !== undefined) return known;
      const packages = (byName.get(source) ?? []).map(({ start, end }) =>
        sourcePackage(bytes.subarray(start, end), { suite: origin.suite, at: `${origin.at}: ${source}` }),
      );
      const newestFirst = packages.toSorted((a, b) => compareVersions('deb', b.version, a.version));
      if (packages.length > 0) parsed.set(source, newestFirst);
      return newestFirst;
    },
  };
}

function sourcePackage(
  bytes: Uint8Array,
  { suite, at }: { readonly suite: string; readonly at: string },
): SourcePackage {
  const stanza = parseStanza(new TextDecoder().decode(bytes), at);
  const directory = neededField(stanza, 'directory', at);
  if (pathProblem(directory) !== undefined) {
    throw new Failure('E0404', `The index has ${shown(directory)}, which is no directory of it`, { at });
  }
  return {
    name: checkedName(neededField(stanza, 'package', at), at),
    version: checkedVersion(neededField(stanza, 'version', at), at),
    suite,
    directory,
    files: filledLines(neededField(stanza, 'checksums-sha256', at)).map((line) => sourceFile(line, at)),
    binaries: (stanza.get('binary') ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => checkedName(name, at)),
  };
}

function filledLines(value: string): readonly string[] {
  return value.split('\n').filter((line) => line.trim() !== '');
}

/** `SHA256 size name` (Policy 5.6.24); the name has no directory. */
function sourceFile(line: string, at: string): SourceFile {
  const match = /^\s*([0-9a-fA-F]{64})\s+([0-9]{1,12})\s+([A-Za-z0-9][A-Za-z0-9+._~%:@=-]{0,254})\s*$/.exec(line);
  if (match === null) throw new Failure('E0404', `The line ${shown(line)} is no file of a source package`, { at });
  const [, sha256 = '', sizeText = '', name = ''] = match;
  return { name, sizeBytes: Number(sizeText), sha256: sha256.toLowerCase() };
}
