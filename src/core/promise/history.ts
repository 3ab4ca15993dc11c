import type { Digest } from '../digest.ts';
import type { Architecture, FactPayloads, ReleaseForm, ReleaseObserved } from '../fact.ts';
import type { AdvisoryRecord, RecordWords } from '../match/advisory.ts';
import type { Component, Inventory } from '../match/inventory.ts';
import { noChangesAhead, type ChangesAhead } from './changes-ahead.ts';
import type { OrderedComponents } from './covered-components.ts';
import type { Dated } from './dated.ts';
import { FiledFacts } from './filed-facts.ts';
import type { Millis } from './instant.ts';
import { lineCollector, type LineCollector } from './line-collector.ts';
import { NumberLists } from './number-lists.ts';
import type { Pair } from './pair.ts';
import type { Reading } from './readings.ts';
import type { Vulnerability } from './vulnerability.ts';

/** Looks up an inventory by the digest that `image-confirmed` names. */
export type InventoryOf = (digest: Digest) => Inventory | undefined;

/**
 * The facts recorded so far, filed where the timelines look for them; grows by `evolve`, holds no judgement that
 * cannot be computed again. As of an instant = folding the facts recorded until then.
 */
export interface History {
  /** Position of the last fact folded; 0 = none. */
  seq: number;
  /** Of the last fact folded. */
  recordedAt: Millis;
  readonly inventoryOf: InventoryOf;
  readonly upstreams: Map<string, UpstreamHistory>;
  readonly inventories: Map<Digest, KnownInventory>;
  /** By their ordinals. */
  readonly lineAt: LineHistory[];
  readonly collector: LineCollector;
  /** Components by their ordinals. */
  readonly componentAt: KnownComponent[];
  /** By the ordinal of a component: the ordinals of the lines that ever held it, some of them more than once. */
  readonly holders: NumberLists;
  readonly lines: Map<string, LineHistory>;
  /** When time alone may change a standing. */
  readonly ahead: ChangesAhead;
  /** By `id` and source, separated by a line feed. */
  readonly records: Map<string, RecordHistory>;
  /** Records that bear an id or name it as an alias, in any version. */
  readonly recordsNaming: Map<string, readonly RecordHistory[]>;
  readonly unrelated: Dated<FactPayloads['aliases-corrected']>[];
  /** Every id of every alias class that some line is or was concerned with. */
  readonly vulnerabilities: Map<string, Vulnerability>;
  readonly policies: Dated<FactPayloads['policy-adopted']>[];
  /** What `evidence-corrected` can move, by fact id. */
  readonly dated: FiledFacts;
}

export interface UpstreamHistory {
  readonly kind: 'upstream';
  readonly upstream: string;
  readonly ordinal: number;
  /** What images ever held of it, each kind once. */
  readonly components: KnownComponent[];
  /** The same by version, where there are many. */
  byVersion: Map<string, KnownComponent[]> | null;
  /** The same by scheme, or by scheme and stream; each made when a range first asks for it. */
  orders: Map<string, OrderedComponents> | null;
  /** Records that speak of it, in any version. */
  readonly records: Set<RecordHistory>;
  /** Null while no fact is about it: of most components nobody watches the upstream. */
  watch: UpstreamWatch | null;
}

/** What facts say of an upstream itself. Most have releases and nothing else: what there is none of, all of them share. */
export interface UpstreamWatch {
  /** Of all its releases: one list takes a sixth of what a list for each version takes. */
  observations: readonly Dated<ReleaseObserved>[];
  withdrawals: readonly Dated<FactPayloads['release-withdrawn']>[];
  streamEnds: ReadonlyMap<string, Dated<FactPayloads['stream-ended']>[]>;
  /** By version. */
  verifications: ReadonlyMap<string, Dated<FactPayloads['fix-verified']>[]>;
  /** In which form our recipe takes its source, by package name. */
  forms: ReadonlyMap<string, ReleaseForm>;
}

export interface ReleaseHistory {
  readonly version: string;
  readonly observations: readonly Dated<ReleaseObserved>[];
  readonly withdrawals: readonly Dated<FactPayloads['release-withdrawn']>[];
}

/** All versions of one record from one source. */
export interface RecordHistory {
  readonly kind: 'record';
  readonly id: string;
  readonly source: string;
  /** One that changes nothing of what counts shares what it says with the one before. */
  readonly versions: Dated<RecordWords>[];
  /** What the versions say about who is affected; equal neighbours are one reading. */
  readings: readonly Reading[];
  /** Lines that ever held something which a reading may name. */
  readonly lines: Set<LineHistory>;
}

/** A component, the same object wherever it is inside: it is judged once per record. */
export interface KnownComponent {
  readonly ordinal: number;
  readonly upstream: UpstreamHistory;
  readonly component: Component;
}

export interface KnownInventory {
  /** Ordinals, in order of upstream, then component: thousands of images hold millions of components. */
  readonly components: Uint32Array;
  /** Each once. */
  readonly lines: LineHistory[];
}

export interface LineHistory {
  readonly kind: 'line';
  /** Place in `lineAt`. */
  readonly ordinal: number;
  readonly line: string;
  readonly declarations: Dated<FactPayloads['line-declared']>[];
  readonly confirmations: Map<Architecture, Dated<KnownInventory>[]>;
  /** By every id that named the vulnerability when it was recorded. */
  readonly statements: Map<string, Dated<StatementEvent>[]>;
  readonly exceptions: Map<string, Dated<ExceptionEvent>[]>;
  readonly pairs: Set<Pair>;
}

export type StatementEvent = { readonly kind: 'made' } | { readonly kind: 'withdrawn' };

export type ExceptionEvent =
  | { readonly kind: 'granted'; readonly exception: FactPayloads['exception-granted'] }
  | { readonly kind: 'ended'; readonly exception: FactPayloads['exception-ended'] };

/** `inventoryOf` must know every inventory that a confirmation names: bytes that cannot be judged end nothing. */
export function emptyHistory(inventoryOf: InventoryOf): History {
  const lineAt: LineHistory[] = [];
  return {
    seq: 0,
    recordedAt: 0,
    inventoryOf,
    upstreams: new Map(),
    inventories: new Map(),
    lineAt,
    collector: lineCollector(lineAt),
    componentAt: [],
    holders: new NumberLists(),
    lines: new Map(),
    ahead: noChangesAhead(),
    records: new Map(),
    recordsNaming: new Map(),
    unrelated: [],
    vulnerabilities: new Map(),
    policies: [],
    dated: new FiledFacts(),
  };
}

export function upstreamIn(history: History, upstream: string): UpstreamHistory {
  return kept(history.upstreams, upstream, () => ({
    kind: 'upstream',
    upstream,
    ordinal: history.upstreams.size,
    components: [],
    byVersion: null,
    orders: null,
    records: new Set(),
    watch: null,
  }));
}

export function lineIn(history: History, line: string): LineHistory {
  return kept(history.lines, line, () => {
    const ordinal = history.lineAt.length;
    const made: LineHistory = {
      kind: 'line',
      ordinal,
      line,
      declarations: [],
      confirmations: new Map(),
      statements: new Map(),
      exceptions: new Map(),
      pairs: new Set(),
    };
    history.lineAt.push(made);
    return made;
  });
}

export function watchOf(upstream: UpstreamHistory): UpstreamWatch {
  upstream.watch ??= {
    observations: NONE,
    withdrawals: NONE,
    streamEnds: NO_ENTRIES,
    verifications: NO_ENTRIES,
    forms: NO_ENTRIES,
  };
  return upstream.watch;
}

const NONE: readonly never[] = [];
const NO_ENTRIES: ReadonlyMap<string, never> = new Map<string, never>();

/** What is known of one version. */
export function releaseIn({ observations, withdrawals }: UpstreamWatch, version: string): ReleaseHistory {
  const isOfIt = ({ says }: Dated<{ readonly version: string }>): boolean => says.version === version;
  return { version, observations: observations.filter(isOfIt), withdrawals: withdrawals.filter(isOfIt) };
}

/** What is known of every version that was ever observed. */
export function releasesOf({ observations, withdrawals }: UpstreamWatch): readonly ReleaseHistory[] {
  const takenBack = Map.groupBy(withdrawals, ({ says }) => says.version);
  const released = Map.groupBy(observations, ({ says }) => says.version);
  return Array.from(released, ([version, observed]) => {
    return { version, observations: observed, withdrawals: takenBack.get(version) ?? NONE };
  });
}

export function recordIn(history: History, { id, source }: AdvisoryRecord): RecordHistory {
  return kept(history.records, `${id}\n${source}`, () => ({
    kind: 'record',
    id,
    source,
    versions: [],
    readings: [],
    lines: new Set(),
  }));
}

/** The entry of a map, made when it is missing. */
export function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
