import type { Verifier } from '../formats/dsse/signing-key.ts';
import { readDigestReceipt } from '../formats/in-toto/digest-receipt.ts';
import { predicateTypes } from '../formats/in-toto/predicate-types.ts';
import type { ReadProvenance } from '../formats/in-toto/provenance.ts';
import { readOpenvex } from '../formats/openvex/read-openvex.ts';
import { type BundleVerdict, judgeBundle } from '../formats/sigstore/judge-bundle.ts';
import type { ReferenceMaterial } from '../formats/sigstore/reference-material.ts';
import { secondsBetween, spell } from './durations.ts';
import { type Check, note, shortDigest, some, validOf, yes } from './verify-check.ts';

/** How old it is, and what somebody misses who does not pull what the tag leads to now. */
export function ageCheck({
  material,
  bundles,
  origin,
  key,
  now,
}: {
  readonly material: ReferenceMaterial;
  readonly bundles: readonly BundleVerdict[];
  readonly origin: ReadProvenance | undefined;
  readonly key: Verifier;
  readonly now: Temporal.Instant;
}): Check {
  const composedAt = origin?.composedAt ?? null;
  const age = composedAt === null ? 'of unknown age' : `composed ${spell(secondsBetween(composedAt, now))} ago`;
  const { current } = material;
  if (current === null) return note('age', `${age}; which tag it belongs to is not known`);
  if (isCurrent(material)) return yes('age', `${age}; it is what the tag ${current.tag} leads to`);
  const newer = current.bundles.map(({ subject, bytes }) => judgeBundle(bytes, subject, key));
  const leads = `${age}; the tag ${current.tag} now leads to ${shortDigest(current.digest)}`;
  return note('age', `${leads}, ${whatItFixes(newer, bundles)}`);
}

export function isCurrent({ current, image, index }: ReferenceMaterial): boolean {
  return current !== null && (current.image === image || current.digest === index);
}

/** Only by what the same key signed about the newer digest: anybody can push a tag. */
function whatItFixes(newer: readonly BundleVerdict[], mine: readonly BundleVerdict[]): string {
  if (!newer.some((bundle) => bundle.kind === 'valid')) return 'which this key says nothing about';
  const fixedHere = fixedIn(mine);
  const fixes = [...fixedIn(newer)].filter(([id]) => !fixedHere.has(id)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (fixes.length === 0) return 'which fixes nothing that you have';
  return `which fixes ${some(fixes.map(([id, severity]) => (severity === '' ? id : `${id} (${severity})`)))}`;
}

/** Vulnerabilities that a digest is said to be free of by a fix, with their severity where that is said. */
function fixedIn(bundles: readonly BundleVerdict[]): ReadonlyMap<string, string> {
  const stated = validOf(bundles, predicateTypes.openvex, readOpenvex).flatMap(({ entries }) => entries);
  const listed = validOf(bundles, predicateTypes.digestReceipt, readDigestReceipt).flatMap((one) => one.obligations);
  return new Map([
    ...stated.flatMap(({ status, vulnerability }) => (status === 'fixed' ? [[vulnerability, ''] as const] : [])),
    ...listed.flatMap(({ state, vulnerability, severity }) =>
      state === 'ended' ? [[vulnerability, severity] as const] : [],
    ),
  ]);
}
