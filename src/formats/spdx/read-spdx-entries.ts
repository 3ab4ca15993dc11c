import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import { sbomEntriesMax, type ReadSbom, type SbomEntry } from '../sbom/entry.ts';
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
  const creation = creationInfo.safeParse(document.member('creationInfo')).data;
  const isOurs = creation?.creators.some((creator) => creator.startsWith('Tool: suture-')) ?? false;
  const packages = packagesIn(document);
  const isOurPackage = (id: string): boolean => isOurs && id.startsWith('SPDXRef-Package-');
  const owners = new Map([...packages].filter(([id, one]) => isOurPackage(id) || isOfDistribution(one)));
  const inside = insideOf(document, { packages, owners });
  const entries = [...packages]
    .filter(([, one]) => !isDescription(one))
    .map(([id, one]) => entryOf(one, { inside: inside.get(id), isPackage: isOurPackage(id) }));
  return { format: version.replace('-', ' '), entries, distribution: null };
}

const text = z.string().max(100_000);
const creationInfo = z.object({ creators: z.array(z.string()) });
const spdxPackage = z.object({
  SPDXID: text,
  name: text.default(''),
  versionInfo: text.optional(),
  sourceInfo: text.optional(),
  comment: text.optional(),
  licenseDeclared: text.optional(),
  primaryPackagePurpose: text.optional(),
  externalRefs: z.array(z.object({ referenceType: text, referenceLocator: text })).optional(),
});
type SpdxPackage = z.infer<typeof spdxPackage>;
const relationship = z.object({
  spdxElementId: text,
  relationshipType: text,
  relatedSpdxElement: text,
  comment: text.optional(),
});

function packagesIn({ elements, at }: SbomDocument): ReadonlyMap<string, SpdxPackage> {
  const packages = new Map<string, SpdxPackage>();
  for (const element of elements('packages')) {
    const { data, error } = spdxPackage.safeParse(element);
    if (data === undefined) {
      const why = error?.issues[0]?.message ?? '';
      throw new Failure('E0404', `The document ${at} has a package that cannot be read`, { at, why });
    }
    if (packages.size >= sbomEntriesMax) {
      throw new Failure('E0205', `The document ${at} lists more than ${sbomEntriesMax} packages`, { at });
    }
    packages.set(data.SPDXID, data);
  }
  return packages;
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
    const { data } = relationship.safeParse(element);
    if (data === undefined) continue;
    const said = directed(data);
    const owner = said === undefined ? undefined : known.owners.get(said.owner);
    if (said === undefined || owner === undefined || !known.packages.has(said.part)) continue;
    inside.set(said.part, { owner: owner.name, edge: said.edge });
  }
  return inside;
}

/** Section 11.1 gives each relationship one direction; Syft says whose file it is in a comment. */
function directed({
  spdxElementId: a,
  relationshipType,
  relatedSpdxElement: b,
  comment,
}: z.infer<typeof relationship>) {
  switch (relationshipType) {
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
  if (purlOf(one) !== null) return purpose === 'CONTAINER';
  return (
    /^(?:CONTAINER|FILE|OPERATING[-_]SYSTEM)$/.test(purpose) ||
    (purpose === 'APPLICATION' && (one.versionInfo ?? '') === '')
  );
}

function isOfDistribution(one: SpdxPackage): boolean {
  return /^pkg:(?:deb|apk|rpm|alpm)\//.test(purlOf(one) ?? '');
}

function purlOf(one: SpdxPackage): string | null {
  return one.externalRefs?.find((ref) => ref.referenceType === 'purl')?.referenceLocator ?? null;
}

function entryOf(
  one: SpdxPackage,
  { inside, isPackage }: { readonly inside: Inside | undefined; readonly isPackage: boolean },
): SbomEntry {
  const { name, versionInfo = '', licenseDeclared = '' } = one;
  return {
    name,
    version: versionInfo,
    purl: purlOf(one),
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
