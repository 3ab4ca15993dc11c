import { digestOf } from '../core/digest.ts';
import { type DigestReceipt, readDigestReceipt } from '../formats/in-toto/digest-receipt.ts';
import { predicateTypes } from '../formats/in-toto/predicate-types.ts';
import type { ReadProvenance } from '../formats/in-toto/provenance.ts';
import { type Receipt, readReceipt } from '../formats/in-toto/receipt.ts';
import { encodeAttestation } from '../formats/in-toto/statement.ts';
import { type ReadVexEntry, readOpenvex } from '../formats/openvex/read-openvex.ts';
import type { BundleVerdict } from '../formats/sigstore/judge-bundle.ts';
import type { ReferenceMaterial } from '../formats/sigstore/reference-material.ts';
import { secondsBetween, spell } from './durations.ts';
import { isCurrent } from './verify-age.ts';
import { causeOf, type Check, damagedCause, linkOf, missing, no, note, some, validOf, yes } from './verify-check.ts';

interface PromiseEvidence {
  readonly material: ReferenceMaterial;
  readonly bundles: readonly BundleVerdict[];
  /** Of every line that has this very image, and of the one that was asked for. */
  readonly origins: readonly ReadProvenance[];
  readonly origin: ReadProvenance | undefined;
  readonly now: Temporal.Instant;
}

/** What is overdue or waits in it, and whether the receipts of what it ended are genuine, whole and of one mind. */
export function promiseCheck({ material, bundles, origins, origin, now }: PromiseEvidence): Check {
  const documents = validOf(bundles, predicateTypes.openvex, readOpenvex);
  const newest = documents.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1)).at(-1);
  // Its maker signed that there was nothing to say; otherwise somebody took the document away.
  if (newest === undefined && origin?.vulnerabilityStatements !== 0) {
    return missing('promise', bundles, predicateTypes.openvex, 'statement of vulnerabilities (VEX)');
  }
  const attached = bundles.filter((bundle) => RECEIPTS.includes(bundle.says));
  const receipts = statementsOf(bundles, predicateTypes.receipt, readReceipt);
  const records = statementsOf(bundles, predicateTypes.digestReceipt, readDigestReceipt);
  const valid = receipts.length + records.length;
  const all = new Set(attached.map((bundle) => (bundle.kind === 'valid' ? idOf(bundle) : bundle))).size;
  const counts = `receipts ${valid}/${all} valid`;
  if (valid < all) {
    const bad = attached.find((bundle) => bundle.kind !== 'valid');
    const cause = bad === undefined ? damagedCause : causeOf(bad);
    return no('promise', bad === undefined ? 'unreadable' : linkOf(bad), { text: counts, cause });
  }
  const trouble = contradiction({ receipts, records, lines: origins.map((one) => one.line) });
  if (trouble !== undefined) return trouble;
  const current = inForce(records).map(({ says }) => says);
  const record = origin === undefined ? current[0] : current.find((one) => one.line === origin.line);
  const open = openIn(newest?.entries ?? [], record);
  const late = open.filter((entry) => isLate(entry, now)).map((entry) => entry.vulnerability);
  const waiting = open.filter((entry) => entry.standing === 'waiting').length;
  const age = record === undefined ? { isGood: false, words: unrecorded(material) } : ageOf(record, now);
  const text = `${late.length} overdue · ${waiting} waiting on upstream · ${counts} · ${age.words}`;
  if (late.length === 0) return age.isGood ? yes('promise', text) : note('promise', text);
  const superseded = material.current !== null && !isCurrent(material);
  const cause = superseded
    ? 'A newer image of the line exists; pull the tag again.'
    : 'Its deadline has passed and no fixed image is published.';
  return no('promise', 'overdue', { text: `${text}: ${some(late)}`, cause });
}

/** Records lie on the index, and from the image of an architecture nothing leads to an index that no tag has. */
function unrecorded({ index }: ReferenceMaterial): string {
  return index === null
    ? 'no receipt of its digest is found: verify it by its tag or its index'
    : 'its digest has no receipt yet';
}

/** What was announced since is not in it: past the time for which its maker stands by it, it is no answer any more. */
function ageOf(
  { writtenAt, validUntil, ledger }: DigestReceipt,
  now: Temporal.Instant,
): { readonly isGood: boolean; readonly words: string } {
  const words = `as of ${writtenAt.slice(0, 16).replace('T', ' ')} UTC, fact ${ledger.seq}`;
  if (validUntil !== null && Temporal.Instant.compare(now, validUntil) <= 0) return { isGood: true, words };
  const age = spell(secondsBetween(Temporal.Instant.from(writtenAt), now));
  return { isGood: false, words: `${words}, which says nothing about the last ${age}` };
}

const RECEIPTS: readonly string[] = [predicateTypes.receipt, predicateTypes.digestReceipt];

interface Signed<T> {
  /** Digest of the statement. */
  readonly id: string;
  readonly says: T;
}

/** Each statement once: the same one attached twice says nothing more. */
function statementsOf<T>(
  bundles: readonly BundleVerdict[],
  type: string,
  read: (predicate: unknown) => T | undefined,
): readonly Signed<T>[] {
  const found = bundles.flatMap((bundle) => {
    const says = bundle.kind === 'valid' && bundle.says === type ? read(bundle.attestation.predicate) : undefined;
    return bundle.kind === 'valid' && says !== undefined ? [{ id: idOf(bundle), says }] : [];
  });
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

function idOf({ attestation }: Extract<BundleVerdict, { kind: 'valid' }>): string {
  return digestOf(encodeAttestation(attestation));
}

/** Those that no other one corrects. */
function inForce<T extends { readonly supersedes: readonly string[] }>(
  all: readonly Signed<T>[],
): readonly Signed<T>[] {
  const corrected = new Set(all.flatMap(({ says }) => says.supersedes));
  return all.filter(({ id }) => !corrected.has(id));
}

/** A genuine receipt may still have been brought here from elsewhere, or kept while its correction was taken away. */
function contradiction({
  receipts,
  records,
  lines,
}: {
  readonly receipts: readonly Signed<Receipt>[];
  readonly records: readonly Signed<DigestReceipt>[];
  readonly lines: readonly string[];
}): Check | undefined {
  const foreign = [...receipts, ...records].find(({ says }) => lines.length > 0 && !lines.includes(says.line));
  if (foreign !== undefined) {
    const cause = 'It was signed for an image of another line with the same bytes, and copied here.';
    return no('promise', 'contradiction', { text: `a receipt is about the line ${foreign.says.line}`, cause });
  }
  const current = inForce(records).map(({ says }) => says);
  if (new Set(current.map((one) => one.line)).size < current.length) {
    return replayed('two records of this digest contradict each other');
  }
  const byObligation = Map.groupBy(receipts, ({ says }) => says.obligation);
  for (const all of byObligation.values()) {
    const heads = inForce(all);
    if (heads.length > 1) {
      return replayed(`two receipts of ${heads[0]?.says.vulnerability} contradict each other`);
    }
  }
  for (const listed of current.flatMap((one) => one.obligations)) {
    if (listed.state !== 'ended') continue;
    const receipt = inForce(byObligation.get(listed.obligation) ?? [])[0]?.says;
    if (receipt === undefined) {
      const cause = 'It was taken away, or the image was copied to this registry without all of its receipts.';
      return no('promise', 'missing', { text: `the receipt of ${listed.vulnerability} is missing`, cause });
    }
    if (receipt.t0 !== listed.t0 || receipt.due !== listed.due || receipt.t1 !== listed.t1) {
      return replayed(`the receipt of ${listed.vulnerability} has other figures than the record of this digest`);
    }
  }
  return undefined;
}

function replayed(text: string): Check {
  const cause = 'An earlier receipt was attached again, or the one that corrects it was taken away.';
  return no('promise', 'contradiction', { text, cause });
}

type OpenEntry = Pick<ReadVexEntry, 'vulnerability' | 'status' | 'standing' | 'due'>;

/** The record was written after the bytes were pulled back, the VEX document before: where both speak, the record counts. */
function openIn(entries: readonly ReadVexEntry[], record: DigestReceipt | undefined): readonly OpenEntry[] {
  const listed = new Set(record?.obligations.map((each) => each.vulnerability));
  const open = record?.obligations.filter((each) => each.state === 'open') ?? [];
  return [
    ...entries.filter((entry) => !listed.has(entry.vulnerability)),
    ...open.map(({ vulnerability, standing, due }) => ({
      vulnerability,
      status: 'affected' as const,
      standing,
      due: due === null ? null : Temporal.Instant.from(due),
    })),
  ];
}

/** Also when the deadline passed after the document was written; what this very image fixes is late for nobody who pulls it. */
function isLate(entry: OpenEntry, now: Temporal.Instant): boolean {
  if (entry.status === 'fixed') return false;
  if (entry.standing === 'overdue') return true;
  return entry.due !== null && entry.status === 'affected' && Temporal.Instant.compare(now, entry.due) > 0;
}
