import { Failure } from '../../core/failure.ts';
import { checkedName, checkedVersion, shown } from './policy-words.ts';
import { parseDependencies, parseProvides, parseRelations } from './relations.ts';
import type { AvailablePackage } from '../../core/resolve/available-package.ts';
import type { Stanza } from './control-file.ts';

/** What the control stanza of a binary package says, wherever it stands (Policy 5.3); `at` is for messages. */
export function binaryFields(stanza: Stanza, at: string): Omit<AvailablePackage, 'suite' | 'file'> {
  const name = checkedName(neededField(stanza, 'package', at), at);
  const version = checkedVersion(neededField(stanza, 'version', at), at);
  const relations = (field: string) => parseRelations(stanza.get(field) ?? '', at);
  const dependencies = (field: string) => parseDependencies(stanza.get(field) ?? '', at);
  return {
    name,
    version,
    architecture: checkedArchitecture(neededField(stanza, 'architecture', at), at),
    multiArch: multiArchOf(stanza, at),
    source: sourceOf(stanza, { name, version, at }),
    essential: stanza.get('essential') === 'yes',
    priority: stanza.get('priority') ?? 'optional',
    dependencies: [...dependencies('pre-depends'), ...dependencies('depends')],
    conflicts: [...relations('conflicts'), ...relations('breaks')],
    provides: parseProvides(stanza.get('provides') ?? '', at),
    replaces: relations('replaces'),
  };
}

export function neededField(stanza: Stanza, field: string, at: string): string {
  const value = stanza.get(field) ?? '';
  if (value === '') throw new Failure('E0404', `A stanza does not state its ${field}`, { at });
  return value;
}

/** `Source: glibc (2.36-9)`: absent where it is the package itself, without version where that is the same (Policy 5.6.1). */
export function sourceOf(
  stanza: Stanza,
  binary: { readonly name: string; readonly version: string; readonly at: string },
): AvailablePackage['source'] {
  const stated = stanza.get('source') ?? '';
  if (stated === '') return { name: binary.name, version: binary.version };
  const match = /^(\S+)(?:\s+\(([^()\s]+)\))?$/.exec(stated);
  if (match === null) {
    throw new Failure('E0404', `The source ${shown(stated)} is no "name (version)"`, { at: binary.at });
  }
  const [, name = '', version = binary.version] = match;
  return { name: checkedName(name, binary.at), version: checkedVersion(version, binary.at) };
}

function checkedArchitecture(text: string, at: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(text)) {
    throw new Failure('E0404', `${shown(text)} is no name of an architecture`, { at });
  }
  return text;
}

function multiArchOf(stanza: Stanza, at: string): AvailablePackage['multiArch'] {
  const value = stanza.get('multi-arch') ?? 'no';
  switch (value) {
    case 'no':
      return null;
    case 'same':
    case 'foreign':
    case 'allowed':
      return value;
    default:
      throw new Failure('E0404', `${shown(value)} is no value of Multi-Arch`, { at });
  }
}
