import { Failure } from '../../core/failure.ts';
import { sbomEntriesMax, type ReadSbom, type SbomEntry } from '../sbom/entry.ts';
import { fieldsOf, inPassing, listIn, requiredText, textIn, UnfitField, type Fields } from '../sbom/fields.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { SbomDocument } from '../sbom/document.ts';

/**
 * The packages of an SPDX document (2.2 or 2.3, JSON) and what its relationships say of how one is inside another. Files are
 * passed over: they are most of such a document. E0404 for another version or a damaged document.
 */
export function readSpdxEntries(document: SbomDocument): ReadSbom {
  const { at } = document;
  const version = document.member('spdxVersion');
  if (version !== 'SPDX-2.2' && version !== 'SPDX-2.3') {
    throw new Failure('E0404', `The document ${at} is SPDX of a version that cannot be read`, {
      at,
      why: `spdxVersion is ${JSON.stringify(version)?.slice(0, 40)}; SPDX-2.2 and SPDX-2.3 are read.`,
    });
  }
  const isOurs = isWrittenHere(document);
  const packages = packagesIn(document);
  const isOurPackage = (id: string): boolean => isOurs && id.startsWith('SPDXRef-Package-');
  const owners = new Map([...packages].filter(([id, one]) => isOurPackage(id) || isOfDistribution(one)));
  const inside = insideOf(document, { packages, owners });
  const entries = [...packages]
    .filter(([, one]) => !isDescription(one))
    .map(([id, one]) => entryOf(one, { inside: inside.get(id), isPackage: isOurPackage(id) }));
  return { format: version.replace('-', ' '), entries, distribution: null };
}

interface SpdxPackage {
  readonly name: string;
  readonly versionInfo: string | undefined;
  readonly sourceInfo: string | undefined;
  readonly comment: string | undefined;
  readonly licenseDeclared: string | undefined;
  readonly primaryPackagePurpose: string | undefined;
  /** Each once. */
  readonly purls: readonly string[];
}

function packagesIn({ elements, at }: SbomDocument): ReadonlyMap<string, SpdxPackage> {
  const packages = new Map<string, SpdxPackage>();
  for (const element of elements('packages')) {
    if (packages.size >= sbomEntriesMax) {
      throw new Failure('E0205', `The document ${at} lists more than ${sbomEntriesMax} packages`, { at });
    }
    try {
      const fields = fieldsOf(element, 'a package');
      packages.set(requiredText(fields, 'SPDXID'), packageOf(fields));
    } catch (error) {
      if (!(error instanceof UnfitField)) throw error;
      throw new Failure('E0404', `The document ${at} has a package that cannot be read`, { at, why: error.message });
    }
  }
  return packages;
}

function packageOf(fields: Fields): SpdxPackage {
  const references = (listIn(fields, 'externalRefs') ?? []).map((each) => {
    const reference = fieldsOf(each, 'an external reference');
    return [requiredText(reference, 'referenceType'), requiredText(reference, 'referenceLocator')] as const;
  });
  return {
    name: textIn(fields, 'name') ?? '',
    versionInfo: textIn(fields, 'versionInfo'),
    sourceInfo: textIn(fields, 'sourceInfo'),
    comment: textIn(fields, 'comment'),
    licenseDeclared: textIn(fields, 'licenseDeclared'),
    primaryPackagePurpose: textIn(fields, 'primaryPackagePurpose'),
    purls: [...new Set(references.flatMap(([type, locator]) => (type === 'purl' ? [locator] : [])))],
  };
}

/** Whether it was written here: our own words in it are understood then. */
function isWrittenHere(document: SbomDocument): boolean {
  const about = document.member('creationInfo');
  const creators = inPassing(() =>
    about === undefined ? undefined : listIn(fieldsOf(about, 'creationInfo'), 'creators'),
  );
  return creators?.some((creator) => typeof creator === 'string' && creator.startsWith('Tool: suture-')) ?? false;
}

interface Relationship {
  readonly a: string;
  readonly type: string;
  readonly b: string;
  readonly comment: string | undefined;
}

function relationshipOf(element: unknown): Relationship {
  const fields = fieldsOf(element, 'a relationship');
  return {
    a: requiredText(fields, 'spdxElementId'),
    type: requiredText(fields, 'relationshipType'),
    b: requiredText(fields, 'relatedSpdxElement'),
    comment: textIn(fields, 'comment'),
  };
}

/** Name of the package that one lies in, and how. */
interface Inside {
  readonly owner: string;
  readonly edge: Component['edge'] | null;
}

function insideOf(
  { elements }: SbomDocument,
  known: { readonly packages: ReadonlyMap<string, SpdxPackage>; readonly owners: ReadonlyMap<string, SpdxPackage> },
): ReadonlyMap<string, Inside> {
  const inside = new Map<string, Inside>();
  for (const element of elements('relationships')) {
    const data = inPassing(() => relationshipOf(element));
    if (data === undefined) continue;
    const said = directed(data);
    const owner = said === undefined ? undefined : known.owners.get(said.owner);
    if (said === undefined || owner === undefined || !known.packages.has(said.part)) continue;
    inside.set(said.part, { owner: owner.name, edge: said.edge });
  }
  return inside;
}

/** Section 11.1 gives each relationship one direction; Syft says whose file it is in a comment. */
function directed({ a, type, b, comment }: Relationship) {
  switch (type) {
    case 'CONTAINS':
      return { owner: a, part: b, edge: null };
    case 'CONTAINED_BY':
      return { owner: b, part: a, edge: null };
    case 'STATIC_LINK':
      return { owner: a, part: b, edge: 'static' } as const;
    case 'BUILD_DEPENDENCY_OF':
      return { owner: b, part: a, edge: 'header' } as const;
    case 'BUILD_TOOL_OF':
      return { owner: b, part: a, edge: 'compiled-by' } as const;
    case 'OTHER':
      return comment?.startsWith('ownership-by-file-overlap') === true ? { owner: a, part: b, edge: null } : undefined;
    default:
      return undefined;
  }
}

/** An image or a folder that the document is about; and the file in which Trivy found packages. */
function isDescription(one: SpdxPackage): boolean {
  const purpose = one.primaryPackagePurpose ?? '';
  if (one.purls.length > 0) return purpose === 'CONTAINER';
  return (
    /^(?:CONTAINER|FILE|OPERATING[-_]SYSTEM)$/.test(purpose) ||
    (purpose === 'APPLICATION' && (one.versionInfo ?? '') === '')
  );
}

function isOfDistribution(one: SpdxPackage): boolean {
  return one.purls.some((purl) => /^pkg:(?:deb|apk|rpm|alpm)\//.test(purl));
}

function entryOf(
  one: SpdxPackage,
  { inside, isPackage }: { readonly inside: Inside | undefined; readonly isPackage: boolean },
): SbomEntry {
  const { name, versionInfo = '', licenseDeclared = '', purls } = one;
  const [purl, ...otherPurls] = purls;
  return {
    name,
    version: versionInfo,
    purl: purl ?? null,
    otherPurls,
    license: licenseDeclared === 'NOASSERTION' || licenseDeclared === 'NONE' ? '' : licenseDeclared,
    origin: originOf(one.sourceInfo ?? ''),
    isPackage,
    architecture: '',
    edge: inside?.edge ?? null,
    owner: inside?.owner ?? null,
    location: /^acquired package info from [^/]*: \/*([^,]+)/.exec(one.sourceInfo ?? '')?.[1] ?? null,
    patched: /^patched here: (.+)$/.exec(one.comment ?? '')?.[1]?.split(', ') ?? [],
  };
}

/** `built from: openssl` of ours, `built package from: openssl 3.0.11-1` of Trivy. */
function originOf(sourceInfo: string): SbomEntry['origin'] {
  const [, name, version] = /^built (?:package )?from: (\S+)(?: (\S+))?$/.exec(sourceInfo) ?? [];
  return name === undefined ? null : { name, version: version ?? null };
}
