import { Option } from 'commander';
import type { LedgerAnswer } from './ledger-deps.ts';
import { wholeNumber } from './whole-number.ts';

const FACTS_MAX = 1_000_000_000;

/** Facts at the end of an exported ledger that are signed by nobody can be made anew by anybody who has it. */
export function unsignedTailOption(): Option {
  return new Option(
    '--unsigned-tail <facts>',
    'accept so many facts at its end that nobody signed (otherwise none, where a key is trusted)',
  ).argParser(wholeNumber(0, FACTS_MAX));
}

/** How far signatures reach, and what they cannot tell. */
export function signedLines({ signed, keys, end }: LedgerAnswer, headsAsked: number): readonly string[] {
  return [signedLine({ signed, keys, end }), ...tailLine(signed), ...(headsAsked > 0 ? [] : [CUT])];
}

const CUT = '   That it was cut short cannot be seen from itself: compare the head with one that you know (--head).';

function signedLine({ signed, keys, end }: Pick<LedgerAnswer, 'signed' | 'keys' | 'end'>): string {
  if (signed.heads === 0) return ' ○ no head is signed yet: suture ledger sign';
  const reach =
    signed.unsigned === 0
      ? `signed to its end, fact ${signed.upTo},`
      : `signed up to fact ${signed.upTo} of ${end.seq}`;
  if (keys === 'bundle')
    return ` ○ ${reach} by a key that came along: compare it, or give the one you trust with --key`;
  return ` ✔ ${reach} by a trusted key (${signed.heads} ${signed.heads === 1 ? 'head' : 'heads'})`;
}

function tailLine({ upTo, unsigned }: LedgerAnswer['signed']): readonly string[] {
  if (unsigned === 0) return [];
  const facts = `${unsigned} ${unsigned === 1 ? 'fact' : 'facts'}${upTo === 0 ? '' : ' after it'}`;
  return [` ○ ${facts} signed by nobody: figures that rest on such facts are not proven`];
}
