import { type Digest, digestOf } from '../digest.ts';
import { LastWords } from '../last-words.ts';
import type { AdvisoryRecord } from '../match/advisory.ts';
import type {
  Fact,
  FactPayloads,
  ImageConfirmed,
  ImagePublished,
  PackageBuilt,
  PackageImported,
  ReleaseObserved,
  Statement,
} from '../fact.ts';
import { withPartsOf } from '../with-parts-of.ts';

/** What exists, as the facts say: releases, packages, publications, confirmations. The plan compares it with what is desired. */
export interface Stock {
  /** Usable or not, by upstream, newest fact last. */
  readonly releases: Map<string, StockRelease[]>;
  /** By step key: what was desired when it was built. */
  readonly packages: Map<string, PackageBuilt>;
  /** Taken over from distributions, by architecture and digest: `amd64 sha256:…`. */
  readonly imported: Map<string, PackageImported>;
  /** How many builds and imports were taken in: another number means other packages. */
  built: number;
  /** Newest publication of each line. */
  readonly published: Map<string, ImagePublished>;
  /** Newest confirmation of each line for each architecture; a new list with each, so that the same list says the same. */
  readonly confirmed: Map<string, readonly Confirmed[]>;
  /** Newest version of each record, by id and source. */
  readonly records: Map<string, Map<string, AdvisoryRecord>>;
  /** How often a known record changed its probability of exploitation, which moves no obligation. */
  rescored: number;
  /** The same by the packages that they are about. */
  readonly advisories: Map<string, Map<string, AdvisoryRecord>>;
  /** Over all records so far, in the order of the ledger: two judgements under one digest knew the same. */
  advisorySet: Digest;
  /** How many declarations and policies were taken in: another number means other lines or another policy. */
  declarations: number;
  /** Newest declaration of each line. */
  readonly lines: Map<string, FactPayloads['line-declared']>;
  /** Statements in force, by vulnerability and line. */
  readonly statements: Map<string, Statement>;
  /** Exceptions granted last and not ended before their time, by `exceptionKey`. */
  readonly exceptions: LastWords<FactPayloads['exception-granted']>;
  /** Digest of the policy adopted last. */
  policy: string | null;
}

/** Of a release that nobody withdrew the very payload of its fact, which others hold as well. */
export interface StockRelease extends ReleaseObserved {
  readonly withdrawn?: true;
}

export interface Confirmed extends ImageConfirmed {
  readonly fact: string;
}

export function emptyStock(): Stock {
  return {
    releases: new Map(),
    packages: new Map(),
    imported: new Map(),
    built: 0,
    published: new Map(),
    confirmed: new Map(),
    records: new Map(),
    rescored: 0,
    advisories: new Map(),
    advisorySet: digestOf(''),
    declarations: 0,
    lines: new Map(),
    statements: new Map(),
    exceptions: new LastWords(),
    policy: null,
  };
}

/** Takes one more fact into the stock; facts of other types change nothing. */
export function stockEvolve(stock: Stock, fact: Fact): void {
  switch (fact.type) {
    case 'release-observed': {
      const { payload } = fact;
      const others = (stock.releases.get(payload.upstream) ?? []).filter((release) => !isSameRelease(release, payload));
      stock.releases.set(payload.upstream, others.concat(payload));
      return;
    }
    case 'release-withdrawn': {
      const { upstream, version, form } = fact.payload;
      const releases = stock.releases.get(upstream) ?? [];
      stock.releases.set(
        upstream,
        releases.map((release) =>
          release.version === version && (form === undefined || release.form === form)
            ? { ...release, withdrawn: true }
            : release,
        ),
      );
      return;
    }
    case 'package-built':
      stock.packages.set(fact.payload.stepKey, fact.payload);
      stock.built += 1;
      return;
    case 'package-imported':
      stock.imported.set(`${fact.payload.architecture} ${fact.payload.digest}`, fact.payload);
      stock.built += 1;
      return;
    case 'image-published':
      stock.published.set(fact.payload.line, sharing(stock.published.get(fact.payload.line), fact.payload));
      return;
    case 'image-confirmed': {
      const { line, architecture } = fact.payload;
      const known = stock.confirmed.get(line) ?? [];
      const before = known.find((each) => each.architecture === architecture);
      const others = known.filter((each) => each !== before);
      stock.confirmed.set(line, others.concat(sharing(before, { ...fact.payload, fact: fact.id })));
      return;
    }
    case 'advisory-recorded':
      takeAdvisory(stock, fact.payload);
      stock.advisorySet = digestOf(`${stock.advisorySet} ${fact.payloadDigest}`);
      return;
    case 'line-declared':
      stock.lines.set(fact.payload.line, fact.payload);
      stock.declarations += 1;
      return;
    case 'statement-made':
      stock.statements.set(`${fact.payload.vulnerability} ${fact.payload.line}`, fact.payload);
      return;
    case 'statement-withdrawn':
      stock.statements.delete(`${fact.payload.vulnerability} ${fact.payload.line}`);
      return;
    case 'exception-granted':
      stock.exceptions.say(exceptionKey(fact.payload), { fact: fact.id, says: fact.payload });
      stock.declarations += 1;
      return;
    case 'exception-ended':
      stock.exceptions.end(exceptionKey(fact.payload));
      stock.declarations += 1;
      return;
    case 'policy-adopted':
      stock.policy = fact.payload.digest;
      stock.declarations += 1;
      return;
    // What was erased counts as not said, as for whoever starts anew.
    case 'payload-erased':
      if (stock.exceptions.erase(fact.payload.fact)) stock.declarations += 1;
      return;
    default:
      return;
  }
}

/** One of a kind for each vulnerability, by the name under which it was granted, and line. */
export function exceptionKey({
  kind,
  vulnerability,
  line,
}: Pick<FactPayloads['exception-granted'], 'kind' | 'vulnerability' | 'line'>): string {
  return `${kind} ${vulnerability} ${line}`;
}

function takeAdvisory(stock: Stock, record: AdvisoryRecord): void {
  const sources = stock.records.get(record.id) ?? new Map<string, AdvisoryRecord>();
  const key = `${record.source} ${record.id}`;
  const before = sources.get(record.source);
  if (before !== undefined && before.epss !== record.epss) stock.rescored += 1;
  for (const { package: about } of before?.affected ?? []) stock.advisories.get(about)?.delete(key);
  const newest = sharing(before, record);
  stock.records.set(record.id, sources.set(record.source, newest));
  for (const { package: about } of newest.affected) {
    const records = stock.advisories.get(about) ?? new Map<string, AdvisoryRecord>();
    stock.advisories.set(about, records.set(key, newest));
  }
}

/** Most of what is said anew repeats what was said before: that is there already, in the timelines for one. */
function sharing<T extends object>(before: T | undefined, now: T): T {
  return before === undefined ? now : withPartsOf(before, now);
}

function isSameRelease(a: ReleaseObserved, b: ReleaseObserved): boolean {
  return a.version === b.version && a.form === b.form && a.stream === b.stream;
}
