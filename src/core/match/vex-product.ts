import type { VexProduct } from './advisory.ts';
import { purlCovers, purlParts } from './purl-covers.ts';

/** Everything that an image is called. */
export interface ImageIdentity {
  /** Of the index and of the manifest: `sha256:…`. */
  readonly digests: readonly string[];
  /** How people pull it, without tag: `registry.example/team/hello`. */
  readonly repository: string;
  readonly tag: string | null;
  readonly architecture: string;
}

/** Where a component is: in an image, and in things that are components themselves, as a module is in a program. */
export interface ComponentPlace {
  readonly image: ImageIdentity;
  /** A purl; null where the image itself is meant. */
  readonly component: string | null;
  /** Purls of what surely holds it: the package that owns its file, the program that it is linked into. */
  readonly within: readonly string[];
}

/**
 * How a product of a statement is ours: the image that the component is in, or a component, then about it in every image.
 * Null: it is another product, or other parts of it are meant.
 *
 * A statement about an image without subcomponents is about all that is in it (OpenVEX 0.2.0, "Product"; go-vex and Trivy read it
 * so). One about a component without subcomponents is about that component alone. go-vex and Trivy let it speak for all that the
 * component depends on, too; but a flaw in a library is another product's, the same library may serve others in the same image, and
 * silence is what cannot be taken back: who means a part names it. Where subcomponents are named, each has to be the component
 * itself, in what the product is `within` of; that both lie beside each other in one place is not enough.
 */
export function productMatch(product: VexProduct, place: ComponentPlace): 'image' | 'component' | null {
  const { component, image, within } = place;
  const { ids, subcomponents } = product;
  const isMeant = subcomponents.length === 0 || subcomponents.some((each) => isComponent(each, component));
  if (isImage(ids, image)) return isMeant ? 'image' : null;
  if (component === null) return null;
  if (subcomponents.length === 0) return isComponent(ids, component) ? 'component' : null;
  return isMeant && within.some((each) => isComponent(ids, each)) ? 'component' : null;
}

function isComponent(ids: readonly string[], component: string | null): boolean {
  return component !== null && ids.some((id) => id === component || purlCovers(id, component));
}

/** Names are other names of one product, but a digest says which bytes: where there is one, it decides alone. */
export function isImage(ids: readonly string[], image: ImageIdentity): boolean {
  const digests = ids.flatMap((id) => digestIn(id) ?? []);
  if (digests.length > 0)
    return digests.some((digest) => image.digests.includes(digest)) && ids.every(isPlausible(image));
  return ids.some((id) => isNamed(id, image));
}

function digestIn(id: string): string | undefined {
  return /sha256(?::|%3a)([0-9a-f]{64})(?![0-9a-f])/i.exec(id)?.[1]?.replace(/^/, 'sha256:').toLowerCase();
}

/** A purl of our digest for another architecture or repository is a mistake, and not ours. */
function isPlausible(image: ImageIdentity): (id: string) => boolean {
  return (id) => {
    const purl = purlParts(id);
    return purl?.type !== 'oci' || (hasRepository(purl, image) && hasArchitecture(purl, image));
  };
}

function isNamed(id: string, image: ImageIdentity): boolean {
  const purl = purlParts(id);
  if (purl === undefined) return [image.repository, `${image.repository}:${image.tag ?? ''}`].includes(id);
  if (purl.type !== 'oci' && purl.type !== 'docker') return false;
  const tag = purl.qualifiers.get('tag') ?? purl.version;
  if (!hasRepository(purl, image) || !hasArchitecture(purl, image)) return false;
  return tag === null || tag === image.tag;
}

type Purl = NonNullable<ReturnType<typeof purlParts>>;

/** A purl of type oci has the repository's last part as its name; `repository_url` is all of it, or what comes before. */
function hasRepository({ type, name, qualifiers }: Purl, { repository }: ImageIdentity): boolean {
  const ours = repository.toLowerCase();
  const last = ours.slice(ours.lastIndexOf('/') + 1);
  if (type === 'docker' ? !`/${ours}`.endsWith(`/${name}`) : name !== last) return false;
  const stated = qualifiers
    .get('repository_url')
    ?.toLowerCase()
    .replace(/^https?:\/\/|\/+$/g, '');
  return stated === undefined || stated === ours || `${stated}/${name}` === ours;
}

function hasArchitecture({ qualifiers }: Purl, { architecture }: ImageIdentity): boolean {
  const stated = qualifiers.get('arch');
  return stated === undefined || stated === architecture;
}
