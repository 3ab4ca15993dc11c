import { PackageURL } from 'packageurl-js';
import type { Digest } from '../../core/digest.ts';
import type { Architecture } from '../../core/fact.ts';
import type { Inventory } from '../../core/match/inventory.ts';

/** An image that documents are written about. */
export interface DescribedImage {
  /** `registry.example/team/hello`: where people pull it. */
  readonly repository: string;
  readonly tag: string;
  /** Of the manifest of this architecture. */
  readonly digest: Digest;
  readonly architecture: Architecture;
  readonly inventory: Inventory;
  /** Becomes the documents' date: the same input gives the same bytes. */
  readonly at: Temporal.Instant;
  /** Version of this program. */
  readonly programVersion: string;
}

/** The image's purl (purl-spec, type `oci`): the last part of its repository, its digest, and where it lies. */
export function imagePurl(image: Pick<DescribedImage, 'repository' | 'tag' | 'digest' | 'architecture'>): string {
  const name = image.repository.slice(image.repository.lastIndexOf('/') + 1).toLowerCase();
  const qualifiers = { arch: image.architecture, repository_url: image.repository, tag: image.tag };
  return new PackageURL('oci', undefined, name, image.digest, qualifiers, undefined).toString();
}

/**
 * The image as scanners look for it in VEX documents: a qualifier that theirs lacks, such as a tag, would make it another
 * product (OpenVEX 0.2.0, "Product"; purls match when every qualifier of the statement is the scanner's too).
 */
export function productPurl({ repository, digest }: Pick<DescribedImage, 'repository' | 'digest'>): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  return new PackageURL('oci', undefined, name, digest, { repository_url: repository }, undefined).toString();
}

/** RFC 3339, UTC, whole seconds: the form that all three kinds of documents ask for. */
export function documentDate(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: 'second' });
}
