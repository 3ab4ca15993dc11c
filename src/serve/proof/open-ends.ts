import type { EvidenceSummary } from './evidence.ts';
import type { SignatureCheck } from './check-signature.ts';
import { withheldWords } from './withheld-facts.ts';

/** What nobody vouches for, or nobody can read, in sentences; while there is any, a report is not called proven. */
export function openEnds(
  { facts, withheld }: EvidenceSummary,
  { upTo, unsigned, isQuestionSigned, keyId }: SignatureCheck,
): readonly string[] {
  const { sealed } = withheldWords(withheld);
  return [
    ...(unsigned === 0 ? [] : [tailWords({ facts, upTo, unsigned, keyId })]),
    ...(isQuestionSigned
      ? []
      : [
          'The question is signed by nobody: period, instant, line, policy, sample, catalog and the notice of a made-up world may be others than its maker was asked.',
        ]),
    ...(sealed === '' ? [] : [sealed]),
  ];
}

function tailWords({
  facts,
  upTo,
  unsigned,
  keyId,
}: { readonly facts: number } & Pick<SignatureCheck, 'upTo' | 'unsigned' | 'keyId'>): string {
  if (upTo === 0) return `None of the ${facts} facts is signed by anybody: figures that rest on them are not proven.`;
  return `Signed up to fact ${upTo} of ${facts} by the key ${keyId}; ${unsigned} ${unsigned === 1 ? 'fact' : 'facts'} after it ${unsigned === 1 ? 'is' : 'are'} signed by nobody: figures that rest on them are not proven.`;
}
