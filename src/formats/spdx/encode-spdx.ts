import { digestOf } from '../../core/digest.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';
import { documentDate, imagePurl, type DescribedImage } from '../oci/described-image.ts';
import { licenseExpression } from './license-text.ts';

/**
 * The SPDX 2.3 document of an image: the image, the packages inside it, and in them the components with how they are
 * inside. Deterministic; every name and purl is what the inventory read from the bytes.
 */
export function spdxOf(image: DescribedImage) {
  const packages = image.inventory.packages.map((one, index) => ({ one, id: `SPDXRef-Package-${index + 1}` }));
  const idOf = new Map(packages.map(({ one, id }) => [one.name, id]));
  const own = new Map<string, Component>();
  for (const one of image.inventory.components) {
    if (one.edge === 'is' && idOf.has(one.package) && !own.has(one.package)) own.set(one.package, one);
  }
  // What a package *is* stands in the package itself; the rest are entries of their own.
  const inside = image.inventory.components
    .filter((one) => own.get(one.package) !== one)
    .map((one, index) => ({ one, id: `SPDXRef-Component-${index + 1}` }));
  const content = {
    name: `${image.repository}:${image.tag}`,
    packages: [
      imageEntry(image),
      ...packages.map(({ one, id }) => packageEntry(one, id, own.get(one.name))),
      ...inside.map(({ one, id }) => componentEntry(one, id)),
    ],
    relationships: [
      related('SPDXRef-DOCUMENT', 'DESCRIBES', IMAGE),
      ...packages.map(({ id }) => related(IMAGE, 'CONTAINS', id)),
      ...inside.map(({ one, id }) => edgeOf(idOf.get(one.package), one.edge, id)),
    ],
  };
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: content.name,
    // Unique for its content, as section 6.5 asks, and the same for the same content.
    documentNamespace: `urn:suture:image:${digestOf(JSON.stringify([content, documentDate(image.at)])).replace(':', '-')}`,
    creationInfo: { created: documentDate(image.at), creators: [`Tool: suture-${image.programVersion}`] },
    documentDescribes: [IMAGE],
    packages: content.packages,
    relationships: content.relationships,
  };
}

const IMAGE = 'SPDXRef-Image';

function imageEntry(image: DescribedImage) {
  return {
    ...entry({ id: IMAGE, name: image.repository, version: image.tag, purl: imagePurl(image), license: null }),
    checksums: [{ algorithm: 'SHA256', checksumValue: image.digest.slice('sha256:'.length) }],
    primaryPackagePurpose: 'CONTAINER',
  };
}

function packageEntry(one: InventoryPackage, id: string, own: Component | undefined) {
  const { name, version } = one;
  return {
    ...entry({ id, name, version, purl: own?.purl, license: licenseExpression(one.license) }),
    ...patchedIn(own),
    ...(one.origin === '' || one.origin === name ? {} : { sourceInfo: `built from: ${one.origin}` }),
  };
}

function componentEntry(one: Component, id: string) {
  const name = one.upstream.slice(one.upstream.lastIndexOf('/') + 1);
  return {
    ...entry({ id, name, version: one.version, purl: one.purl, license: null }),
    ...patchedIn(one),
  };
}

function patchedIn(one: Component | undefined) {
  if (one === undefined || one.patched.length === 0) return {};
  return { comment: `patched here: ${one.patched.toSorted().join(', ')}` };
}

function entry(one: { id: string; name: string; version: string; purl: string | undefined; license: string | null }) {
  return {
    SPDXID: one.id,
    name: one.name,
    versionInfo: one.version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: one.license ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    externalRefs:
      one.purl === undefined
        ? []
        : [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: one.purl }],
  };
}

/** Section 11.1 gives each relationship one direction. */
function edgeOf(owner: string | undefined, edge: Component['edge'], component: string) {
  // Of a package that no database lists: inside the image, but not one of its packages.
  if (owner === undefined) return related(IMAGE, 'OTHER', component);
  switch (edge) {
    case 'is':
    case 'contains':
      return related(owner, 'CONTAINS', component);
    case 'static':
      return related(owner, 'STATIC_LINK', component);
    case 'header':
      return related(component, 'BUILD_DEPENDENCY_OF', owner);
    case 'compiled-by':
      return related(component, 'BUILD_TOOL_OF', owner);
  }
}

function related(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}
