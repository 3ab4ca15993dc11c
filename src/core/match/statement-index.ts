import type { VexProduct, VexStatement } from './advisory.ts';
import { aliasClasses } from './alias-classes.ts';
import { purlKey, purlKeysOf } from './purl-key.ts';
import type { VexSource } from './vex.ts';
import { type ComponentPlace, type ImageIdentity, isImage, productMatch } from './vex-product.ts';

/** One statement with all names that the documents give its vulnerability, the smallest first. */
export interface Stated {
  readonly ids: readonly string[];
  readonly word: VexStatement;
  readonly document: VexSource;
}

export interface StatedHere extends Stated {
  readonly match: 'image' | 'component';
}

export interface StatementIndex {
  /** Statements about one of these vulnerabilities that mean this place. */
  readonly about: (place: ComponentPlace, ids: readonly string[]) => readonly StatedHere[];
  /** Each statement of which some product may be one of these places, with those places. */
  readonly reaching: <Place extends ComponentPlace>(
    places: readonly Place[],
    wanted: (word: VexStatement) => boolean,
  ) => Iterable<{ readonly stated: Stated; readonly place: Place }>;
}

/**
 * Statements by what they are about. One document may list a hundred thousand products and an image hold as many components, so
 * neither is gone through for each of the other: a place asks for what bears its own name, and for what means its image as a whole.
 */
export function statementIndex(documents: readonly VexSource[]): StatementIndex {
  const all = statementsIn(documents);
  const byImage = new Map<ImageIdentity, ImageIndex>();
  const indexOf = (image: ImageIdentity): ImageIndex => {
    const known = byImage.get(image) ?? imageIndex(all, image);
    byImage.set(image, known);
    return known;
  };
  return {
    about: (place, ids) => {
      const index = indexOf(place.image);
      const keys = [WHOLE, ...(place.component === null ? [] : purlKeysOf(place.component))];
      const found = new Map<Stated, StatedHere>();
      for (const entry of ids.flatMap((id) => keys.flatMap((key) => index.get(`${id}\0${key}`) ?? []))) {
        const match = found.get(entry.stated)?.match === 'image' ? null : productMatch(entry.product, place);
        if (match !== null) found.set(entry.stated, { ...entry.stated, match });
      }
      return [...found.values()];
    },
    reaching: (places, wanted) =>
      reaching(
        places,
        all.filter(({ word }) => wanted(word)),
        indexOf,
      ),
  };
}

/** What is said of an image as a whole is filed under no name. */
const WHOLE = '';

interface Entry {
  readonly stated: Stated;
  readonly product: VexProduct;
}

/** By an id of the vulnerability and a name, of what can be in this image at all. */
type ImageIndex = ReadonlyMap<string, readonly Entry[]>;

function imageIndex(all: readonly Stated[], image: ImageIdentity): ImageIndex {
  const index = new Map<string, Entry[]>();
  for (const stated of all) {
    for (const product of stated.word.products) {
      for (const key of keysOf(product, image)) {
        for (const id of stated.ids) {
          const at = `${id}\0${key}`;
          const entries = index.get(at);
          if (entries === undefined) index.set(at, [{ stated, product }]);
          // The same statement lists tags and digests of one image as products of their own: one of them is enough.
          else if (key !== WHOLE || entries.at(-1)?.stated !== stated) entries.push({ stated, product });
        }
      }
    }
  }
  return index;
}

/** Under what names a place finds a product: its own, or those of the parts that are meant. */
function keysOf({ ids, subcomponents }: VexProduct, image: ImageIdentity): ReadonlySet<string> {
  const isHere = isImage(ids, image);
  if (subcomponents.length === 0) return new Set([...(isHere ? [WHOLE] : []), ...ids.map(purlKey)]);
  return isHere || ids.some((id) => !isOfImage(id)) ? new Set(subcomponents.flat().map(purlKey)) : new Set();
}

function isOfImage(id: string): boolean {
  return /^pkg:\/*(?:oci|docker)\//i.test(id);
}

function* reaching<Place extends ComponentPlace>(
  places: readonly Place[],
  wanted: readonly Stated[],
  indexOf: (image: ImageIdentity) => ImageIndex,
): Generator<{ readonly stated: Stated; readonly place: Place }> {
  const ids = new Set(wanted.map(({ ids: [first = ''] }) => first));
  const asked = new Set(wanted);
  for (const [image, here] of Map.groupBy(places, (place) => place.image)) {
    const byKey = placesByKey(here);
    for (const [at, entries] of indexOf(image)) {
      const [id = '', ...key] = at.split('\0');
      if (!ids.has(id)) continue;
      for (const { stated, product } of entries) {
        if (!asked.has(stated) || stated.ids[0] !== id) continue;
        for (const place of byKey.get(key.join('\0')) ?? []) {
          if (productMatch(product, place) !== null) yield { stated, place };
        }
      }
    }
  }
}

function placesByKey<Place extends ComponentPlace>(places: readonly Place[]): ReadonlyMap<string, readonly Place[]> {
  const byKey = new Map<string, Place[]>();
  for (const place of places) {
    for (const key of place.component === null ? [WHOLE] : purlKeysOf(place.component)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [place]);
      else known.push(place);
    }
  }
  return byKey;
}

function statementsIn(documents: readonly VexSource[]): readonly Stated[] {
  const classOf = aliasClasses(
    documents.flatMap(({ records }) => records),
    [],
  );
  return documents.flatMap((document) =>
    document.records.flatMap(({ id, withdrawn, statements = [] }) => {
      if (withdrawn !== null) return [];
      const { ids } = classOf(id);
      return statements.map((word) => ({ ids, word, document }));
    }),
  );
}
