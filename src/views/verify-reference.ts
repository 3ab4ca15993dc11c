import type { Inventory } from '../core/match/inventory.ts';
import type { Verifier } from '../formats/dsse/signing-key.ts';
import { predicateTypes } from '../formats/in-toto/predicate-types.ts';
import { readProvenance, type ReadProvenance } from '../formats/in-toto/provenance.ts';
import { judgeBundle, type BundleVerdict } from '../formats/sigstore/judge-bundle.ts';
import type { ReferenceMaterial } from '../formats/sigstore/reference-material.ts';
import { judgeSignature } from '../formats/sigstore/simple-signing.ts';
import { readSpdx } from '../formats/spdx/read-spdx.ts';
import { ageCheck } from './verify-age.ts';
import { type Check, damagedCause, missing, no, note, short, shortDigest, some, validOf, yes } from './verify-check.ts';
import { type AskedLedger, ledgerCheck } from './verify-ledger.ts';
import { promiseCheck } from './verify-promise.ts';

/** The answer to "may I trust this reference?", link by link. */
export interface ReferenceVerdict {
  readonly reference: string;
  readonly digest: string;
  readonly architecture: string;
  /** In the order in which trust is built; `no` in any of them makes the answer no. */
  readonly checks: readonly Check[];
  readonly answer: 'yes' | 'no';
}

/** Judges what was pulled by one public key, and by the ledger where that is at hand; pure, so every attack on it is a test. */
export function verifyReference(
  material: ReferenceMaterial,
  { key, now, ledger }: { readonly key: Verifier; readonly now: Temporal.Instant; readonly ledger?: AskedLedger },
): ReferenceVerdict {
  const bundles = material.bundles.map(({ subject, bytes }) => judgeBundle(bytes, subject, key));
  // Lines with the same contents share an image, and each says how its own was made.
  const origins = validOf(bundles, predicateTypes.provenance, readProvenance);
  const origin = origins.find((one) => one.line.endsWith(`:${material.current?.tag}`)) ?? origins[0];
  const checks = [
    signatureCheck(material, key),
    provenanceCheck(bundles, origin),
    contentsCheck(material, bundles),
    promiseCheck({ material, bundles, origins, origin, now }),
    ...(ledger === undefined ? [] : [ledgerCheck(ledger, tagOf(material))]),
    ageCheck({ material, bundles, origin, key, now }),
  ];
  return {
    reference: material.reference,
    digest: material.image,
    architecture: material.architecture,
    checks,
    answer: checks.some((check) => check.verdict === 'no') ? 'no' : 'yes',
  };
}

/** Null for a digest. */
function tagOf({ reference }: ReferenceMaterial): string | null {
  return /:([^@:/]+)$/.exec(reference.includes('@') ? '' : reference)?.[1] ?? null;
}

function signatureCheck(material: ReferenceMaterial, key: Verifier): Check {
  const judged = material.signatures.map(({ subject, found }) => judgeSignature(found, subject, key));
  const kinds = new Map(judged.map((verdict) => [verdict.kind, verdict]));
  if (kinds.has('signed')) return yes('signature', `signed by the key ${short(key.keyId)}`);

  const other = kinds.get('another-digest');
  if (other?.kind === 'another-digest') {
    const cause = 'A signature was copied from another image, or the image was replaced after it was signed.';
    return no('signature', 'another-image', {
      text: `the signature is for another image, ${shortDigest(other.signed)}`,
      cause,
    });
  }
  if (kinds.has('tampered')) {
    const cause = 'The signed bytes or the signature were changed after signing.';
    return no('signature', 'changed', {
      text: `the signature of the key ${short(key.keyId)} does not fit its bytes`,
      cause,
    });
  }
  const stranger = kinds.get('another-key');
  if (stranger?.kind === 'another-key') {
    const whose = stranger.keyHint === '' ? 'a key that gives no name' : `the key ${short(stranger.keyHint)}`;
    const cause = 'Another publisher signed it, or the publisher changed keys and yours is the other one.';
    return no('signature', 'another-key', { text: `signed by ${whose}, not by ${short(key.keyId)}`, cause });
  }
  if (kinds.has('unreadable')) {
    return no('signature', 'unreadable', { text: 'the signature says nothing about an image', cause: damagedCause });
  }
  const cause = 'It was pushed without signing, or copied to this registry without its signature.';
  return no('signature', 'unsigned', { text: 'nobody signed it', cause });
}

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
    return no('contents', 'changed', { text: `the layers cannot be read: ${contents.why}`, cause });
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
    return no('contents', 'contradiction', {
      text: `the list of contents does not match the layers: ${said.join('; ')}`,
      cause,
    });
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

function without(all: readonly string[], taken: readonly string[]): readonly string[] {
  const known = new Set(taken);
  return [...new Set(all)].filter((one) => !known.has(one));
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${what}: ${some(names)}`;
}
