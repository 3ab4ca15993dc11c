import type { AdvisoryRecord } from '../match/advisory.ts';
import { aliasClasses } from '../match/alias-classes.ts';
import type { Component } from '../match/inventory.ts';
import { findingsStated, type VexFinding, type VexRule, type VexSource } from '../match/vex.ts';
import type { ComponentPlace } from '../match/vex-product.ts';
import { type FindingRule, type FoundFlaw, ratedBy } from './findings-in.ts';
import type { RecordSource } from './record-source.ts';

/** Where a statement can be about something: a component, or the image as a whole as a component of its own. */
export interface StatedPlace extends ComponentPlace {
  readonly about: Component;
}

export interface StatedInput extends VexRule {
  readonly known: readonly VexFinding[];
  readonly documents: readonly VexSource[];
  readonly source: RecordSource;
  readonly rule: Pick<FindingRule, 'policy' | 'order'>;
}

export interface StatedFlaw {
  readonly place: StatedPlace;
  readonly flaw: FoundFlaw;
}

/**
 * What only a statement calls affected, or under investigation: no record makes a finding of it, so no version or range decides. Records
 * that bear one of its names rate it all the same, whatever package they are about.
 */
export function flawsStated(
  places: readonly StatedPlace[],
  { known, documents, source, rule, tiers }: StatedInput,
): readonly StatedFlaw[] {
  const namesOf = namesIn(source);
  return findingsStated(places, known, { documents, namesOf, tiers }).map(({ place, ids, verdict }) => {
    const { about: component } = place;
    const vulnerability = ids.find((id) => id.startsWith('CVE-')) ?? ids[0] ?? '';
    const rated = ratedBy(recordsNamed(ids, source), { ids, component, source, rule });
    const flaw: FoundFlaw = {
      vulnerability,
      ids,
      component,
      verdict,
      said: [],
      fixedIn: null,
      noFix: null,
      malicious: false,
      informational: null,
      overruled: null,
      ...rated,
    };
    return { place, flaw };
  });
}

/** With those that records give the same flaw, else it would be found twice under two names. */
function namesIn(source: RecordSource): (ids: readonly string[]) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (ids) => {
    const key = ids.join('\0');
    const names = known.get(key) ?? namesWith(ids, recordsNamed(ids, source));
    known.set(key, names);
    return names;
  };
}

function namesWith(ids: readonly string[], records: readonly AdvisoryRecord[]): readonly string[] {
  const classOf = aliasClasses(records, []);
  return [...new Set([...ids, ...ids.flatMap((id) => classOf(id).ids)])].toSorted();
}

function recordsNamed(ids: readonly string[], source: RecordSource): readonly AdvisoryRecord[] {
  return [...new Set(ids.flatMap((id) => source.named(id)))].filter(({ withdrawn }) => withdrawn === null);
}

/** An image that is meant as a whole, as a component: what it is pulled as, and which one it is. */
export function imageComponent({ image }: Pick<ComponentPlace, 'image'>): Component {
  const { repository, digests, tag, architecture } = image;
  const name = repository.slice(repository.lastIndexOf('/') + 1) || 'image';
  const version = digests[0] ?? tag ?? '';
  const upstream = `pkg:oci/${encodeURIComponent(name)}`;
  const qualifiers = [
    ...(architecture === '' ? [] : [`arch=${architecture}`]),
    ...(repository === '' ? [] : [`repository_url=${repository}`]),
  ];
  return {
    purl: `${upstream}${version === '' ? '' : `@${encodeURIComponent(version)}`}${qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`}`,
    version,
    scheme: 'generic',
    upstream,
    stream: '',
    edge: 'is',
    package: '',
    patched: [],
  };
}
