import { createHash } from 'node:crypto';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';
import { documentDate, imagePurl, type DescribedImage } from '../oci/described-image.ts';
import { licenseExpression } from '../spdx/license-text.ts';

/** The CycloneDX 1.6 document of an image, with the same contents as its SPDX document. Deterministic. */
export function cyclonedxOf(image: DescribedImage) {
  const ref = imagePurl(image);
  const { packages, components: all } = image.inventory;
  const names = new Set(packages.map((one) => one.name));
  const own = new Map<string, Component>();
  for (const one of all) {
    if (one.edge === 'is' && names.has(one.package) && !own.has(one.package)) own.set(one.package, one);
  }
  const inside = all.filter((one) => own.get(one.package) !== one);
  const contents = {
    metadata: {
      timestamp: documentDate(image.at),
      tools: { components: [{ type: 'application', name: 'suture', version: image.programVersion }] },
      component: {
        type: 'container',
        'bom-ref': ref,
        name: image.repository,
        version: image.tag,
        purl: ref,
        hashes: [{ alg: 'SHA-256', content: image.digest.slice('sha256:'.length) }],
      },
    },
    components: [...packages.map((one) => packageEntry(one, own.get(one.name))), ...inside.map(componentEntry)],
    dependencies: [
      { ref, dependsOn: unique(packages.map(refOfPackage)) },
      ...packages.map((one) => ({
        ref: refOfPackage(one),
        dependsOn: unique(inside.filter((component) => component.package === one.name).map(refOfComponent)),
      })),
    ],
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(contents))}`,
    version: 1,
    ...contents,
  };
}

function packageEntry(one: InventoryPackage, own: Component | undefined) {
  const expression = licenseExpression(one.license);
  return {
    type: 'library',
    'bom-ref': refOfPackage(one),
    name: one.name,
    version: one.version,
    ...(own === undefined ? {} : { purl: own.purl }),
    ...(one.license === ''
      ? {}
      : { licenses: [expression === null ? { license: { name: one.license } } : { expression }] }),
    ...patchesOf(own?.patched ?? []),
    properties: [
      { name: 'suture:origin', value: one.origin },
      { name: 'suture:architecture', value: one.architecture },
    ],
  };
}

function componentEntry(one: Component) {
  return {
    type: 'library',
    'bom-ref': refOfComponent(one),
    name: one.upstream.slice(one.upstream.lastIndexOf('/') + 1),
    version: one.version,
    purl: one.purl,
    ...patchesOf(one.patched),
    properties: [
      { name: 'suture:edge', value: one.edge },
      { name: 'suture:package', value: one.package },
    ],
  };
}

/** What our patches removed, where CycloneDX keeps it: the pedigree. */
function patchesOf(vulnerabilities: readonly string[]) {
  if (vulnerabilities.length === 0) return {};
  const resolves = vulnerabilities.toSorted().map((id) => ({ type: 'security', id }));
  return { pedigree: { patches: [{ type: 'backport', resolves }] } };
}

function refOfPackage(one: InventoryPackage): string {
  return `package ${one.name} ${one.version} ${one.architecture}`;
}

function refOfComponent(one: Component): string {
  return `component ${one.package} ${one.edge} ${one.purl}`;
}

function unique(refs: readonly string[]): readonly string[] {
  return [...new Set(refs)];
}

/** RFC 9562 section 5.8: version 8, the bits are ours to fill. */
function uuidOf(content: string): string {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
