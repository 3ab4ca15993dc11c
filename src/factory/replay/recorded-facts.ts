import { digestOf } from '../../core/digest.ts';
import type { NewFact } from '../../core/fact.ts';
import type { AdvisoryRecord, VersionScheme } from '../../core/match/advisory.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { Policy } from '../../core/promise/policy.ts';
import { releaseAt } from '../../core/promise/release-at.ts';
import { isPrerelease } from '../../core/version/compare.ts';
import type { RecordedComponent, RecordedRelease } from '../../formats/replay/recorded-event.ts';

/** What was recorded, as the facts that a factory writes which looks at it at an instant. */

/** The history's own date is a date of publication: it narrows the interval between two looks to a point. */
export function releaseFact(
  { upstream, stream, version, at }: RecordedRelease,
  look: { readonly seen: Temporal.Instant; readonly before: Temporal.Instant | null; readonly scheme: VersionScheme },
): NewFact {
  const { seen, before, scheme } = look;
  return {
    type: 'release-observed',
    at: releaseAt({ lastLookWithout: before, firstSighting: seen, publishedAt: at, authoredAt: null }),
    by: 'replay',
    payload: {
      upstream,
      stream,
      version,
      form: 'git-tag',
      ref: version,
      publishedAt: at.toString(),
      prerelease: isPrerelease(scheme, version),
      verified: null,
    },
    evidence: [],
  };
}

/** `version`: how many of the record came before. */
export function advisoryFact(
  payload: AdvisoryRecord,
  {
    from,
    seen,
    version,
  }: { readonly from: Temporal.Instant; readonly seen: Temporal.Instant; readonly version: number },
): NewFact {
  const sourceKey = String(version);
  return { type: 'advisory-recorded', at: { from, to: seen }, by: 'replay', payload, evidence: [], sourceKey };
}

export function declaredFact(line: string, at: Temporal.Instant, supportUntil: Temporal.Instant | null): NewFact {
  return {
    type: 'line-declared',
    at: { from: at, to: at },
    by: 'replay',
    payload: { line, architectures: ['amd64'], supportUntil: supportUntil?.toString() ?? null },
    evidence: [],
    sourceKey: at.toString(),
  };
}

export function policyFact(policy: Policy, at: Temporal.Instant): NewFact {
  return {
    type: 'policy-adopted',
    at: { from: at, to: at },
    by: 'replay',
    payload: { digest: digestOf(JSON.stringify(policy)), from: at.toString(), policy },
    evidence: [],
  };
}

/** In a package of its own: each is raised alone. */
export function componentAt(
  { upstream, stream, scheme }: Omit<RecordedComponent, 'version'>,
  version: string,
): Component {
  return {
    purl: `${upstream}@${version}`,
    version,
    scheme,
    upstream,
    stream,
    edge: 'static',
    package: `${upstream} ${stream}`,
    patched: [],
  };
}
