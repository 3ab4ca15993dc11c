import * as z from 'zod';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { Component } from '../../core/match/inventory.ts';
import { versionSchemes } from '../../core/version/schemes.ts';

/**
 * The SPDX 2.3 document that a package of ours carries at `var/lib/db/sbom/NAME-VERSION.spdx.json`, so that what is
 * inside can be read from the bytes of an image alone. Each component is an SPDX package with its purl as external
 * reference and one annotation whose comment is `suture-component: ` and a JSON object
 * `{"scheme", "upstream", "stream", "edge", "patched"}` (the words of `Component`).
 */
export function encodeEmbeddedFacts(document: EmbeddedDocument): Uint8Array {
  const created = instantText(document.builtAt);
  const self = `SPDXRef-Package`;
  const identity = digestOf(JSON.stringify([document.name, document.version, document.components])).slice(7);
  const spdx = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${document.name}-${document.version}`,
    documentNamespace: `urn:suture:package:${document.name}-${document.version}:${identity}`,
    creationInfo: { created, creators: ['Tool: suture'] },
    documentDescribes: [self],
    packages: [
      spdxPackage(self, document.name, document.version, document.license, []),
      ...document.components.map((component, i) => ({
        ...spdxPackage(componentId(i), component.upstream, component.version, 'NOASSERTION', [component.purl]),
        annotations: [
          {
            annotationType: 'OTHER',
            annotator: 'Tool: suture',
            annotationDate: created,
            comment: commentOf(component),
          },
        ],
      })),
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: self },
      ...document.components.map((component, i) => relationship(self, componentId(i), component.edge)),
    ],
  };
  return Buffer.from(`${JSON.stringify(spdx, null, 1)}\n`);
}

export interface EmbeddedDocument {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Unix seconds. */
  readonly builtAt: number;
  readonly components: readonly Component[];
}

export function embeddedFactsPath(name: string, version: string): string {
  return `${embeddedFactsFolder}/${name}-${version}.spdx.json`;
}

export const embeddedFactsFolder = 'var/lib/db/sbom';

const MARK = 'suture-component: ';
const DOCUMENT_BYTES_MAX = 16 * 2 ** 20;
const COMPONENTS_MAX = 100_000;

/**
 * The components that a document annotates as ours, all belonging to `packageName`; empty for documents of other makers.
 * A document that bears our mark but is damaged is E0404: a component that silently vanished would be a clean verdict.
 */
export function parseEmbeddedFacts(bytes: Uint8Array, packageName: string, at: string): readonly Component[] {
  if (bytes.length > DOCUMENT_BYTES_MAX) {
    throw new Failure('E0205', `The document ${at} is larger than ${DOCUMENT_BYTES_MAX} bytes`, { at });
  }
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(MARK) < 0) return [];
  try {
    const document = marked.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return document.packages.flatMap((entry) => componentOf(entry, packageName) ?? []);
  } catch (cause) {
    throw new Failure('E0404', `The component document ${at} of package ${packageName} cannot be read`, { at, cause });
  }
}

const marked = z.object({
  packages: z
    .array(
      z.object({
        versionInfo: z.string().max(1000).optional(),
        externalRefs: z
          .array(z.object({ referenceType: z.string(), referenceLocator: z.string().max(10_000) }))
          .optional(),
        annotations: z.array(z.object({ comment: z.string().max(100_000) })).optional(),
      }),
    )
    .max(COMPONENTS_MAX),
});

const factsOfComment = z.object({
  scheme: z.enum(versionSchemes),
  upstream: z.string().min(1).max(10_000),
  stream: z.string().max(1000),
  edge: z.enum(['is', 'contains', 'static', 'header', 'compiled-by']),
  patched: z.array(z.string().min(1).max(200)).max(10_000),
});

function componentOf(entry: z.infer<typeof marked>['packages'][number], packageName: string): Component | undefined {
  const comment = entry.annotations?.find((annotation) => annotation.comment.startsWith(MARK))?.comment;
  if (comment === undefined) return undefined;
  const facts = factsOfComment.parse(JSON.parse(comment.slice(MARK.length)));
  const purl = z
    .string()
    .startsWith('pkg:')
    .parse(entry.externalRefs?.find((ref) => ref.referenceType === 'purl')?.referenceLocator);
  const version = z.string().min(1).parse(entry.versionInfo);
  const { scheme, upstream, stream, edge, patched } = facts;
  return { purl, version, scheme, upstream, stream, edge, package: packageName, patched };
}

function commentOf(component: Component): string {
  const { scheme, upstream, stream, edge, patched } = component;
  return MARK + JSON.stringify({ scheme, upstream, stream, edge, patched: patched.toSorted() });
}

function spdxPackage(id: string, name: string, version: string, license: string, purls: readonly string[]) {
  return {
    SPDXID: id,
    name,
    versionInfo: version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: license === '' ? 'NOASSERTION' : license,
    copyrightText: 'NOASSERTION',
    externalRefs: purls.map((purl) => ({
      referenceCategory: 'PACKAGE-MANAGER',
      referenceType: 'purl',
      referenceLocator: purl,
    })),
  };
}

function relationship(self: string, component: string, edge: Component['edge']) {
  const forward = (relationshipType: string) => ({
    spdxElementId: self,
    relationshipType,
    relatedSpdxElement: component,
  });
  switch (edge) {
    case 'is':
      return forward('GENERATED_FROM');
    case 'contains':
      return forward('CONTAINS');
    case 'static':
      return forward('STATIC_LINK');
    case 'header':
      return { ...forward('BUILD_DEPENDENCY_OF'), spdxElementId: component, relatedSpdxElement: self };
    case 'compiled-by':
      return { ...forward('BUILD_TOOL_OF'), spdxElementId: component, relatedSpdxElement: self };
  }
}

function componentId(index: number): string {
  return `SPDXRef-Component-${index + 1}`;
}

function instantText(unixSeconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(unixSeconds * 1000).toString({ smallestUnit: 'second' });
}
