import { isSameList } from '../is-same-list.ts';
import type { Digest } from '../digest.ts';
import type { NewFact, NewFactOf, ReleaseForm, ReleaseObserved } from '../fact.ts';
import { releaseAt } from '../promise/release-at.ts';
import type { KnownUpstream } from './known-releases.ts';
import type { AppearedRelease, BelievedNews } from './release-news.ts';

export interface LookContext {
  readonly upstream: string;
  readonly form: ReleaseForm;
  /** Empty where an upstream has but one place to look at. */
  readonly where: string;
  /** The authors' own dates, by version. */
  readonly dates: ReadonlyMap<string, Temporal.Instant>;
  /** The look before this one, and when this one began and ended. */
  readonly lastLook: Temporal.Instant | null;
  readonly began: Temporal.Instant;
  readonly ended: Temporal.Instant;
  readonly known: KnownUpstream | undefined;
  /** What was answered, by digest. */
  readonly evidence: readonly Digest[];
}

/**
 * The facts that one look adds to the ledger: none while nothing changes. A look counts from when it began, a sighting
 * from when it ended, so that a release in between belongs to the interval.
 */
export function lookFacts(news: BelievedNews, context: LookContext): readonly NewFact[] {
  const gone = [
    ...news.vanished.map((release) => ({ release, reason: `${nouns[context.form]} ${release.ref} is gone` })),
    ...news.moved
      .filter(({ release }) => !release.withdrawn)
      .map(({ release, tag }) => ({
        release,
        reason: `${nouns[context.form]} ${release.ref} ${context.form === 'git-tag' ? 'points at' : 'is'} ${tag.commit} now`,
      })),
  ];
  return [
    ...looksOf(news.versions, context),
    ...gone.map(
      ({ release, reason }): NewFactOf<'release-withdrawn'> => ({
        type: 'release-withdrawn',
        at: { from: context.lastLook ?? context.began, to: context.ended },
        by: 'suture',
        payload: { upstream: context.upstream, version: release.version, form: context.form, reason },
        evidence: context.evidence,
        sourceKey: String(release.withdrawals),
      }),
    ),
    ...news.appeared.map((release) => releaseObserved(release, context)),
  ];
}

/**
 * Looks with one answer are one fact: the run that ends here, as far as it is not recorded yet, and the first look of
 * the new run. No fact while the answer stays the same; the answers in between were not kept.
 */
function looksOf(versions: readonly string[], context: LookContext): readonly NewFactOf<'looked'>[] {
  const run = context.known?.places.get(context.where)?.run ?? null;
  if (run !== null && isSameList(run.versions, versions)) return [];
  const ended = context.lastLook;
  const closing =
    run !== null && ended !== null && Temporal.Instant.compare(ended, run.to) > 0
      ? [looked(run.versions, { from: run.from, to: ended }, { ...context, evidence: [] })]
      : [];
  return [...closing, looked(versions, { from: context.began, to: context.began }, context)];
}

function looked(versions: readonly string[], at: NewFact['at'], context: LookContext): NewFactOf<'looked'> {
  return {
    type: 'looked',
    at,
    by: 'suture',
    payload: { upstream: context.upstream, form: context.form, ...whereOf(context), versions },
    evidence: context.evidence,
    sourceKey: `${at.from.toString()}/${at.to.toString()}`,
  };
}

function releaseObserved(release: AppearedRelease, context: LookContext): NewFactOf<'release-observed'> {
  const { version, stream, tag, prerelease, sighting, withdrawals } = release;
  const authoredAt = context.dates.get(version) ?? null;
  return {
    type: 'release-observed',
    at: releaseAt({
      lastLookWithout: sighting.without,
      firstSighting: sighting.first,
      publishedAt: null,
      authoredAt,
    }),
    by: 'suture',
    payload: {
      upstream: context.upstream,
      stream,
      version,
      form: context.form,
      ...whereOf(context),
      ref: tag.name,
      ...identityOf(tag, context.form),
      ...(authoredAt !== null && { authoredAt: authoredAt.toString() }),
      prerelease,
      verified: null,
    },
    evidence: context.evidence,
    sourceKey: String(withdrawals),
  };
}

function whereOf({ where }: LookContext): { readonly where?: string } {
  return where === '' ? {} : { where };
}

function identityOf(
  { objectId, commit }: AppearedRelease['tag'],
  form: ReleaseForm,
): Pick<ReleaseObserved, 'objectId' | 'commit' | 'sha256'> {
  switch (form) {
    case 'git-tag':
      return { objectId, commit };
    case 'tarball':
      return { sha256: commit };
    case 'registry':
      return {};
  }
}

const nouns: Readonly<Record<ReleaseForm, string>> = {
  'git-tag': 'the tag',
  tarball: 'the archive of',
  registry: 'the version',
};
