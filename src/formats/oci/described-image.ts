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

/** RFC 3339, UTC, whole seconds: the form that all three kinds of documents ask for. */
export function documentDate(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: 'second' });
}
