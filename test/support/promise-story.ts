import type { Architecture, Fact, FactPayloads, Interval, NewFact, ReleaseForm } from '../../src/core/fact.ts';
import type { Digest } from '../../src/core/digest.ts';
import type { AdvisoryRecord, AffectedPackage, Severity, SeverityLevel } from '../../src/core/match/advisory.ts';
import type { Inventory } from '../../src/core/match/inventory.ts';
import { emptyHistory, evolve, type History } from '../../src/core/promise/obligations.ts';
import { defaultPolicy, type Policy } from '../../src/core/promise/policy.ts';
import { releaseAt } from '../../src/core/promise/release-at.ts';
import { aDigest, factsFrom, instant } from './literals.ts';

/** What happened, in few words: the form of the owners' promise cases, with some more words for our own. */
export type Told = { readonly at: string; readonly recordedAt?: string } & (
  | {
      readonly type: 'line-declared';
      readonly line: string;
      readonly arches: readonly Architecture[];
      readonly supportUntil?: string;
    }
  | ToldAdvisory
  | ToldLook
  | { readonly type: 'release-withdrawn'; readonly upstream: string; readonly version: string }
  | { readonly type: 'stream-ended'; readonly upstream: string; readonly stream: string; readonly until: string }
  | {
      readonly type: 'fix-verified';
      readonly upstream: string;
      readonly version: string;
      readonly id: string;
      readonly result: FactPayloads['fix-verified']['result'];
    }
  | {
      readonly type: 'image-confirmed';
      readonly line: string;
      readonly arch: Architecture;
      readonly contains: Readonly<Record<string, ToldComponent | readonly ToldComponent[]>>;
    }
  | { readonly type: 'statement-made' | 'statement-withdrawn'; readonly id: string; readonly line: string }
  | {
      readonly type: 'exception-granted';
      readonly kind: 'waiver' | 'hold';
      readonly id: string;
      readonly line: string;
      readonly until: string;
    }
  | { readonly type: 'exception-ended'; readonly kind: 'waiver' | 'hold'; readonly id: string; readonly line: string }
  | { readonly type: 'policy-adopted'; readonly from: string; readonly policy: Policy }
  | { readonly type: 'aliases-corrected'; readonly unrelated: readonly (readonly [string, string])[] }
  | { readonly type: 'package-built'; readonly upstream: string; readonly name: string; readonly form: ReleaseForm }
  /** `corrects`: the `note` of an earlier fact. */
  | { readonly type: 'evidence-corrected'; readonly corrects: string; readonly from: string; readonly to: string }
) & { readonly note?: string };

interface ToldAdvisory {
  readonly type: 'advisory-recorded';
  readonly id: string;
  readonly source?: string;
  readonly aliases?: readonly string[];
  /** One rating by the naming authority; null = unscored. */
  readonly severity: SeverityLevel | null;
  readonly severities?: readonly Severity[];
  readonly exploited?: boolean;
  readonly rejected?: boolean;
  readonly malicious?: boolean;
  readonly published?: string;
  readonly affected: readonly {
    readonly upstream: string;
    readonly stream: string | null;
    readonly introduced?: string;
    readonly fixed: string | null;
    /** Said outright, instead of a range. */
    readonly verdict?: NonNullable<AffectedPackage['verdict']>;
  }[];
}

interface ToldLook {
  readonly type: 'looked';
  readonly upstream: string;
  readonly stream: string;
  readonly form?: ReleaseForm;
  readonly versions: readonly string[];
  readonly publishedAt?: Readonly<Record<string, string>>;
  readonly authoredAt?: Readonly<Record<string, string>>;
  readonly unverified?: boolean;
}

interface ToldComponent {
  readonly stream: string;
  readonly version: string;
  readonly package?: string;
  readonly patched?: readonly string[];
  readonly ownedBy?: string;
  /** The installed package itself, not something in it. */
  readonly isInstalled?: true;
}

/** The ledger that records a story, in the order of recording, with the inventories that its confirmations name. */
export interface Ledger {
  readonly facts: readonly Fact[];
  readonly inventoryOf: (digest: Digest) => Inventory | undefined;
}

/** Only what was recorded until `until` took part. */
export function ledgerOf(story: readonly Told[], until = '9999-01-01T00:00:00Z'): Ledger {
  const told = story
    .filter((each) => instant(each.recordedAt ?? each.at).epochMilliseconds <= instant(until).epochMilliseconds)
    .toSorted((a, b) => Temporal.Instant.compare(a.recordedAt ?? a.at, b.recordedAt ?? b.at));
  const inventories = new Map<Digest, Inventory>();
  const notes = new Map<string, string>();
  const watch = new Watch();
  const facts: NewFact[] = [];
  for (const each of told) {
    if (each.note !== undefined) notes.set(each.note, `fact-${facts.length + 1}`);
    const recordedAt = instant(each.recordedAt ?? each.at);
    const made = each.type === 'looked' ? watch.look(each) : [factOf(each, inventories, notes)];
    facts.push(...made.map((fact) => ({ ...fact, recordedAt })));
  }
  return { facts: factsFrom(facts), inventoryOf: (digest) => inventories.get(digest) };
}

export function historyOf({ facts, inventoryOf }: Ledger): History {
  const history = emptyHistory(inventoryOf);
  for (const fact of facts) evolve(history, fact);
  return history;
}

export function purlOf(upstream: string): string {
  return `pkg:generic/${upstream}`;
}

/** Watches upstreams as the stage does: a version not seen before became available between two looks. */
class Watch {
  #last = new Map<string, { readonly at: string; readonly versions: readonly string[] }>();

  look(look: Told & ToldLook): readonly NewFact[] {
    const { at, stream, versions, form = 'registry', publishedAt = {}, authoredAt = {} } = look;
    const upstream = purlOf(look.upstream);
    const key = `${upstream} ${stream} ${form}`;
    const last = this.#last.get(key);
    this.#last.set(key, { at, versions });
    const seen = versions.filter((version) => last?.versions.includes(version) !== true);
    const observed = seen.map((version): NewFact => {
      const published = publishedAt[version];
      const authored = authoredAt[version];
      const interval = releaseAt({
        lastLookWithout: last === undefined ? null : instant(last.at),
        firstSighting: instant(at),
        publishedAt: published === undefined ? null : instant(published),
        authoredAt: authored === undefined ? null : instant(authored),
      });
      const prerelease = version.includes('-');
      const verified = look.unverified === true ? false : null;
      const payload = { upstream, stream, version, form, ref: version, prerelease, verified };
      return newFact('release-observed', interval, payload);
    });
    return [newFact('looked', moment(at), { upstream, form, versions }), ...observed];
  }
}

function factOf(
  told: Exclude<Told, { type: 'looked' }>,
  inventories: Map<Digest, Inventory>,
  notes: ReadonlyMap<string, string>,
): NewFact {
  const at = moment(told.at);
  const reason = 'told';
  switch (told.type) {
    case 'line-declared': {
      const { line, arches: architectures, supportUntil = null } = told;
      return newFact('line-declared', at, { line, architectures, supportUntil });
    }
    case 'advisory-recorded':
      return newFact('advisory-recorded', at, recordOf(told));
    case 'release-withdrawn':
      return newFact('release-withdrawn', at, { upstream: purlOf(told.upstream), version: told.version, reason });
    case 'stream-ended': {
      const { upstream, stream, until } = told;
      return newFact('stream-ended', at, { upstream: purlOf(upstream), stream, until });
    }
    case 'fix-verified': {
      const { upstream, version, id: vulnerability, result } = told;
      return newFact('fix-verified', at, { upstream: purlOf(upstream), version, vulnerability, result });
    }
    case 'image-confirmed': {
      const { line, arch: architecture, contains } = told;
      const inventory = inventoryWith(contains);
      const digest = aDigest(JSON.stringify(inventory));
      inventories.set(digest, inventory);
      // The registry's Date has whole seconds: the pull lies within the second that it names.
      const second = { from: at.from, to: at.from.add({ seconds: 1 }) };
      const payload = { line, architecture, digest, inventory: digest, advisorySet: aDigest('advisories') };
      return newFact('image-confirmed', second, payload);
    }
    case 'statement-made': {
      const payload = { vulnerability: told.id, line: told.line, status: 'not_affected' as const };
      const why = { justification: 'vulnerable_code_not_present', impact: '', author: 'test' };
      return newFact('statement-made', at, { ...payload, ...why });
    }
    case 'statement-withdrawn':
      return newFact('statement-withdrawn', at, { vulnerability: told.id, line: told.line, reason });
    case 'exception-granted': {
      const { kind, id: vulnerability, line, until } = told;
      return newFact('exception-granted', at, { kind, vulnerability, line, approver: 'test', reason, until });
    }
    case 'exception-ended': {
      const { kind, id: vulnerability, line } = told;
      return newFact('exception-ended', at, { kind, vulnerability, line, reason });
    }
    case 'policy-adopted': {
      const { from, policy } = told;
      return newFact('policy-adopted', at, { digest: aDigest(JSON.stringify(policy)), from, policy });
    }
    case 'aliases-corrected':
      return newFact('aliases-corrected', at, { unrelated: told.unrelated, reason });
    case 'package-built': {
      const { name, form } = told;
      const digests = { digest: aDigest('package'), sourceDigest: aDigest('source') };
      const version = { version: '1.0.0-r0', upstream: purlOf(told.upstream), upstreamVersion: '1.0.0' };
      const run = {
        sizeBytes: 1,
        stepKey: name,
        isolation: 'none',
        seconds: 1,
        sourceEpoch: 0,
        architecture: 'amd64',
      } as const;
      return newFact('package-built', at, { recipe: name, name, form, ...version, ...digests, ...run });
    }
    case 'evidence-corrected': {
      const { from, to } = told;
      return newFact('evidence-corrected', at, { fact: notes.get(told.corrects) ?? '', from, to, reason });
    }
  }
}

function recordOf(told: ToldAdvisory & { readonly at: string }): AdvisoryRecord {
  const { id, at, source = 'osv', aliases = [], severity, exploited = false, rejected = false } = told;
  const rating = { source: 'cna', type: 'label', vector: null, score: null } as const;
  return {
    id,
    source,
    aliases,
    summary: `${id} in short`,
    published: told.published ?? null,
    modified: at,
    withdrawn: rejected ? at : null,
    severities: told.severities ?? (severity === null ? [] : [{ ...rating, level: severity }]),
    affected: told.affected.map(({ upstream, stream, introduced = '0', fixed, verdict }) => ({
      package: purlOf(upstream),
      stream,
      scheme: 'semver',
      ranges: verdict === undefined ? [{ introduced, fixed, lastAffected: null }] : [],
      versions: [],
      ...(verdict !== undefined && { verdict }),
    })),
    exploitedSince: exploited ? at : null,
    epss: null,
    malicious: told.malicious ?? false,
  };
}

function inventoryWith(contains: Readonly<Record<string, ToldComponent | readonly ToldComponent[]>>): Inventory {
  const components = Object.entries(contains).flatMap(([upstream, held]) =>
    [held].flat().map(({ stream, version, package: owner = upstream, patched = [], ownedBy, isInstalled }) => ({
      purl: `${purlOf(upstream)}@${version}`,
      version,
      scheme: 'semver' as const,
      upstream: purlOf(upstream),
      stream,
      edge: isInstalled === true ? ('is' as const) : ('contains' as const),
      package: owner,
      patched,
      ...(ownedBy !== undefined && { ownedBy }),
    })),
  );
  return { packages: [], components };
}

function newFact<T extends NewFact['type']>(type: T, at: Interval, payload: FactPayloads[T]): NewFact {
  return { type, at, by: 'test', payload, evidence: [] } as unknown as NewFact;
}

function moment(at: string): Interval {
  return { from: instant(at), to: instant(at) };
}

/** The default policy with other hours or another start. */
export function policyWith({
  start,
  promise,
}: {
  start?: Policy['clock']['start'];
  promise?: Partial<Policy['promise']>;
}): Policy {
  return {
    ...defaultPolicy,
    clock: { start: start ?? defaultPolicy.clock.start },
    promise: { ...defaultPolicy.promise, ...promise },
  };
}
