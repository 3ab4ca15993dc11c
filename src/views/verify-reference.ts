import type { Inventory } from '../core/match/inventory.ts';
import type { Verifier } from '../formats/dsse/signing-key.ts';
import { predicateTypes } from '../formats/in-toto/predicate-types.ts';
import { readProvenance, type ReadProvenance } from '../formats/in-toto/provenance.ts';
import { readReceipt } from '../formats/in-toto/receipt.ts';
import { readOpenvex, type ReadVexEntry } from '../formats/openvex/read-openvex.ts';
import { judgeBundle, type BundleVerdict } from '../formats/sigstore/judge-bundle.ts';
import type { ReferenceMaterial } from '../formats/sigstore/reference-material.ts';
import { judgeSignature } from '../formats/sigstore/simple-signing.ts';
import { readSpdx } from '../formats/spdx/read-spdx.ts';
import { secondsBetween, spell } from './durations.ts';

/** The answer to "may I trust this reference?", link by link. */
export interface ReferenceVerdict {
  readonly reference: string;
  readonly digest: string;
  readonly architecture: string;
  /** In the order in which trust is built; `no` in any of them makes the answer no. */
  readonly checks: readonly Check[];
  readonly answer: 'yes' | 'no';
}

export interface Check {
  readonly name: 'signature' | 'provenance' | 'contents' | 'promise' | 'age';
  /** `note`: true, but something you may want to know. */
  readonly verdict: 'yes' | 'no' | 'note';
  readonly text: string;
  /** What probably happened, in plain words, when the verdict is no. */
  readonly cause: string | null;
}

/** Judges what was pulled by one public key; pure, so every attack on it is a test. */
export function verifyReference(
  material: ReferenceMaterial,
  { key, now }: { readonly key: Verifier; readonly now: Temporal.Instant },
): ReferenceVerdict {
  const bundles = material.bundles.map(({ subject, bytes }) => judgeBundle(bytes, subject, key));
  const origin = validOf(bundles, predicateTypes.provenance, readProvenance)[0];
  const checks = [
    signatureCheck(material, key),
    provenanceCheck(bundles, origin),
    contentsCheck(material, bundles),
    promiseCheck({ material, bundles, origin, now }),
    ageCheck(material, origin, now),
  ];
  return {
    reference: material.reference,
    digest: material.image,
    architecture: material.architecture,
    checks,
    answer: checks.some((check) => check.verdict === 'no') ? 'no' : 'yes',
  };
}

function signatureCheck(material: ReferenceMaterial, key: Verifier): Check {
  const judged = material.signatures.map(({ subject, found }) => judgeSignature(found, subject, key));
  const kinds = new Map(judged.map((verdict) => [verdict.kind, verdict]));
  if (kinds.has('signed')) return yes('signature', `signed by the key ${short(key.keyId)}`);

  const other = kinds.get('another-digest');
  if (other?.kind === 'another-digest') {
    const cause = 'A signature was copied from another image, or the image was replaced after it was signed.';
    return no('signature', `the signature is for another image, ${shortDigest(other.signed)}`, cause);
  }
  if (kinds.has('tampered')) {
    const cause = 'The signed bytes or the signature were changed after signing.';
    return no('signature', `the signature of the key ${short(key.keyId)} does not fit its bytes`, cause);
  }
  const stranger = kinds.get('another-key');
  if (stranger?.kind === 'another-key') {
    const whose = stranger.keyHint === '' ? 'a key that gives no name' : `the key ${short(stranger.keyHint)}`;
    const cause = 'Another publisher signed it, or the publisher changed keys and yours is the other one.';
    return no('signature', `signed by ${whose}, not by ${short(key.keyId)}`, cause);
  }
  if (kinds.has('unreadable')) return no('signature', 'the signature says nothing about an image', damagedCause);
  const cause = 'It was pushed without signing, or copied to this registry without its signature.';
  return no('signature', 'nobody signed it', cause);
}

const damagedCause = 'What is attached was damaged, or made by a tool that this one cannot read.';

function provenanceCheck(bundles: readonly BundleVerdict[], origin: ReadProvenance | undefined): Check {
  if (origin === undefined)
    return missing('provenance', bundles, predicateTypes.provenance, 'statement of how it was made');
  const from = origin.catalogCommit === null ? '' : ` from catalog commit ${short(origin.catalogCommit)}`;
  const inputs = `${origin.dependencies} ${origin.dependencies === 1 ? 'input' : 'inputs'} by digest`;
  const text = `${origin.line} composed by suture${from}, ${inputs}`;
  if (!origin.isolations.includes('none')) return yes('provenance', text);
  return note('provenance', `${text}; a package in it was built without isolation`);
}

function contentsCheck(material: ReferenceMaterial, bundles: readonly BundleVerdict[]): Check {
  const { contents } = material;
  if (contents.kind === 'damaged') {
    const cause = 'Bytes in the registry are not the ones that the image names.';
    return no('contents', `the layers cannot be read: ${contents.why}`, cause);
  }
  const sbom = validOf(bundles, predicateTypes.spdx, readSpdx)[0];
  if (sbom === undefined) return missing('contents', bundles, predicateTypes.spdx, 'list of contents (SPDX)');
  const read = contentsOf(contents.inventory);
  const unlisted = [...without(read.packages, sbom.packages), ...without(read.purls, sbom.purls)];
  const absent = [...without(sbom.packages, read.packages), ...without(sbom.purls, read.purls)];
  if (unlisted.length + absent.length > 0) {
    const said = [listed('not in the list', unlisted), listed('listed but not inside', absent)].filter(
      (part) => part !== '',
    );
    const cause = 'The list belongs to another build, or the layers were changed after it was written.';
    return no('contents', `the list of contents does not match the layers: ${said.join('; ')}`, cause);
  }
  const { length } = contents.inventory.packages;
  return yes(
    'contents',
    `the SBOM matches the layers (${length} ${length === 1 ? 'package' : 'packages'}, 0 unlisted)`,
  );
}

function contentsOf(inventory: Inventory): { readonly packages: readonly string[]; readonly purls: readonly string[] } {
  return {
    packages: inventory.packages.map((one) => `${one.name} ${one.version}`),
    purls: inventory.components.map((one) => one.purl),
  };
}

interface PromiseEvidence {
  readonly material: ReferenceMaterial;
  readonly bundles: readonly BundleVerdict[];
  readonly origin: ReadProvenance | undefined;
  readonly now: Temporal.Instant;
}

function promiseCheck({ material, bundles, origin, now }: PromiseEvidence): Check {
  const documents = validOf(bundles, predicateTypes.openvex, readOpenvex);
  const newest = documents.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1)).at(-1);
  // Its maker signed that there was nothing to say; otherwise somebody took the document away.
  if (newest === undefined && origin?.vulnerabilityStatements !== 0) {
    return missing('promise', bundles, predicateTypes.openvex, 'statement of vulnerabilities (VEX)');
  }
  const entries = newest?.entries ?? [];
  const attached = bundles.filter((bundle) => bundle.says === predicateTypes.receipt);
  const receipts = validOf(bundles, predicateTypes.receipt, readReceipt);
  const counts = `receipts ${receipts.length}/${attached.length} valid`;
  if (receipts.length < attached.length) {
    const bad = attached.find((bundle) => bundle.kind !== 'valid');
    return no('promise', counts, bad === undefined ? damagedCause : causeOf(bad));
  }
  const late = entries.filter((entry) => isLate(entry, now)).map((entry) => entry.vulnerability);
  const waiting = entries.filter((entry) => entry.standing === 'waiting').length;
  const text = `${late.length} overdue · ${waiting} waiting on upstream · ${counts}`;
  if (late.length === 0) return yes('promise', text);
  const superseded = material.current !== null && !isCurrent(material);
  const cause = superseded
    ? 'A newer image of the line exists; pull the tag again.'
    : 'Its deadline has passed and no fixed image is published.';
  return no('promise', `${text}: ${some(late)}`, cause);
}

/** Also when the deadline passed after the document was written; what this very image fixes is late for nobody who pulls it. */
function isLate(entry: ReadVexEntry, now: Temporal.Instant): boolean {
  if (entry.status === 'fixed') return false;
  if (entry.standing === 'overdue') return true;
  return entry.due !== null && entry.status === 'affected' && Temporal.Instant.compare(now, entry.due) > 0;
}

function ageCheck(material: ReferenceMaterial, origin: ReadProvenance | undefined, now: Temporal.Instant): Check {
  const composedAt = origin?.composedAt ?? null;
  const age = composedAt === null ? 'of unknown age' : `composed ${spell(secondsBetween(composedAt, now))} ago`;
  if (material.current === null) return note('age', `${age}; which tag it belongs to is not known`);
  if (isCurrent(material)) return yes('age', `${age}; it is what the tag ${material.current.tag} leads to`);
  return note('age', `${age}; the tag ${material.current.tag} now leads to ${shortDigest(material.current.digest)}`);
}

function isCurrent({ current, image, index }: ReferenceMaterial): boolean {
  return current !== null && (current.digest === image || current.digest === index);
}

/** The predicates of one type that our key signed for this very image, as far as they can be read. */
function validOf<T>(
  bundles: readonly BundleVerdict[],
  type: string,
  read: (predicate: unknown) => T | undefined,
): readonly T[] {
  return bundles.flatMap((bundle) =>
    bundle.kind === 'valid' && bundle.says === type ? (read(bundle.attestation.predicate) ?? []) : [],
  );
}

function missing(name: Check['name'], bundles: readonly BundleVerdict[], type: string, what: string): Check {
  const worthless =
    bundles.find((bundle) => bundle.says === type) ?? bundles.find((bundle) => bundle.kind === 'unreadable');
  if (worthless !== undefined) return no(name, `its ${what} cannot be trusted`, causeOf(worthless));
  const cause = 'It was pushed by other means, or copied to this registry without what is attached to it.';
  return no(name, `it has no ${what}`, cause);
}

function causeOf(bundle: BundleVerdict): string {
  switch (bundle.kind) {
    case 'valid':
      return 'It is signed, but not in a form that this version can read.';
    case 'another-key':
      return `It is signed by ${bundle.keyHint === '' ? 'another key' : `the key ${short(bundle.keyHint)}`}: another publisher, or changed keys.`;
    case 'tampered':
      return 'It was changed after signing.';
    case 'another-subject':
      return 'It was copied from another image.';
    case 'unreadable':
      return `${damagedCause} (${bundle.why})`;
  }
}

function without(all: readonly string[], taken: readonly string[]): readonly string[] {
  const known = new Set(taken);
  return [...new Set(all)].filter((one) => !known.has(one));
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${what}: ${some(names)}`;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function short(hex: string): string {
  return `${hex.slice(0, 8)}…`;
}

function shortDigest(digest: string): string {
  return `${digest.slice(0, 'sha256:'.length + 8)}…`;
}

function yes(name: Check['name'], text: string): Check {
  return { name, verdict: 'yes', text, cause: null };
}

function note(name: Check['name'], text: string): Check {
  return { name, verdict: 'note', text, cause: null };
}

function no(name: Check['name'], text: string, cause: string): Check {
  return { name, verdict: 'no', text, cause };
}
