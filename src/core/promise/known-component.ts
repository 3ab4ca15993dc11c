import { isSameList } from '../is-same-list.ts';
import type { Component, LinkedCode } from '../match/inventory.ts';
import { kept, upstreamIn, type History, type KnownComponent, type UpstreamHistory } from './history.ts';

/** From so many on they are looked up by version; most upstreams have one component or two. */
const MANY = 12;

/** The one object that stands for all components of which a record would say the same. */
export function knownComponent(history: History, component: Component): KnownComponent {
  const upstream = upstreamIn(history, component.upstream);
  const alike = upstream.byVersion === null ? upstream.components : upstream.byVersion.get(component.version);
  const before = alike?.find((known) => isSame(known.component, component));
  if (before !== undefined) return before;
  const known: KnownComponent = { ordinal: history.componentAt.length, upstream, component };
  history.componentAt.push(known);
  add(upstream, known);
  return known;
}

function add(upstream: UpstreamHistory, known: KnownComponent): void {
  upstream.components.push(known);
  if (upstream.byVersion !== null) kept(upstream.byVersion, known.component.version, () => []).push(known);
  else if (upstream.components.length === MANY) {
    upstream.byVersion = Map.groupBy(upstream.components, ({ component }) => component.version);
  }
}

/** Where it lies does not count: a record knows nothing of places. */
function isSame(a: Component, b: Component): boolean {
  return (
    a.version === b.version &&
    a.purl === b.purl &&
    a.scheme === b.scheme &&
    a.stream === b.stream &&
    a.edge === b.edge &&
    a.package === b.package &&
    a.ownedBy === b.ownedBy &&
    a.isEpochUnknown === b.isEpochUnknown &&
    isSameList(a.patched, b.patched) &&
    isSameCode(a.linked, b.linked)
  );
}

function isSameCode(a: LinkedCode | undefined, b: LinkedCode | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return a === b;
  return isSameList(a.packages, b.packages) && isSameList(a.symbols ?? NONE, b.symbols ?? NONE);
}

/** What no list of symbols holds. */
const NONE: readonly string[] = ['\n'];
