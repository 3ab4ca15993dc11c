import type { BundleVerdict } from '../formats/sigstore/judge-bundle.ts';

/** One link of the chain of trust, judged. */
export interface Check {
  readonly name: 'signature' | 'provenance' | 'contents' | 'promise' | 'ledger' | 'age';
  /** `note`: true, but something you may want to know. */
  readonly verdict: 'yes' | 'no' | 'note';
  readonly text: string;
  /** Which link failed, in one word for programs; null unless the verdict is no. */
  readonly reason: FailedLink | null;
  /** What probably happened, in plain words, when the verdict is no. */
  readonly cause: string | null;
}

export type FailedLink =
  /** Nobody signed it at all. */
  | 'unsigned'
  | 'another-key'
  /** Signed for other bytes, and copied here. */
  | 'another-image'
  /** The signed bytes, or those that were pulled, are not what they were. */
  | 'changed'
  /** What should be attached is not there. */
  | 'missing'
  | 'unreadable'
  /** Two signed things contradict each other. */
  | 'contradiction'
  | 'overdue';

export function yes(name: Check['name'], text: string): Check {
  return { name, verdict: 'yes', text, reason: null, cause: null };
}

export function note(name: Check['name'], text: string): Check {
  return { name, verdict: 'note', text, reason: null, cause: null };
}

export function no(
  name: Check['name'],
  reason: FailedLink,
  { text, cause }: { readonly text: string; readonly cause: string },
): Check {
  return { name, verdict: 'no', text, reason, cause };
}

/** The predicates of one type that our key signed for this very image, as far as they can be read. */
export function validOf<T>(
  bundles: readonly BundleVerdict[],
  type: string,
  read: (predicate: unknown) => T | undefined,
): readonly T[] {
  return bundles.flatMap((bundle) =>
    bundle.kind === 'valid' && bundle.says === type ? (read(bundle.attestation.predicate) ?? []) : [],
  );
}

export function missing(name: Check['name'], bundles: readonly BundleVerdict[], type: string, what: string): Check {
  const worthless =
    bundles.find((bundle) => bundle.says === type) ?? bundles.find((bundle) => bundle.kind === 'unreadable');
  if (worthless !== undefined)
    return no(name, linkOf(worthless), { text: `its ${what} cannot be trusted`, cause: causeOf(worthless) });
  const cause = 'It was pushed by other means, or copied to this registry without what is attached to it.';
  return no(name, 'missing', { text: `it has no ${what}`, cause });
}

export function linkOf({ kind }: BundleVerdict): FailedLink {
  switch (kind) {
    case 'another-key':
      return 'another-key';
    case 'tampered':
      return 'changed';
    case 'another-subject':
      return 'another-image';
    case 'valid':
    case 'unreadable':
      return 'unreadable';
  }
}

export function causeOf(bundle: BundleVerdict): string {
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

export const damagedCause = 'What is attached was damaged, or made by a tool that this one cannot read.';

export function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

export function short(hex: string): string {
  return `${hex.slice(0, 8)}…`;
}

export function shortDigest(digest: string): string {
  return `${digest.slice(0, 'sha256:'.length + 8)}…`;
}
