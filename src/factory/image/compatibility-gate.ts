import type { CompatibilityFinding } from '../../core/compat/compare-images.ts';
import type { Gate, VerifyRequest } from './verify-image.ts';

/** Whether the policy lets an image take the place of the one before it. What it lets through is told as well. */
export function compatibilityGate(
  findings: readonly CompatibilityFinding[],
  { policy, predecessor, accepted }: Pick<VerifyRequest, 'policy' | 'predecessor' | 'accepted'>,
): Gate {
  if (predecessor === null) return { gate: 'compatible', passed: true, detail: 'the first image of its line' };
  const isRefused = ({ kind }: CompatibilityFinding) =>
    policy.compatibility.refuse.includes(kind) && accepted?.includes(kind) !== true;
  const refused = findings.filter(isRefused);
  const letThrough = findings.filter((finding) => !isRefused(finding));
  const told = [
    ...(refused.length > 0 ? [sentencesOf(refused)] : []),
    ...(letThrough.length > 0 ? [`let through: ${sentencesOf(letThrough)}`] : []),
  ];
  return {
    gate: 'compatible',
    passed: refused.length === 0,
    detail: told.length === 0 ? 'nothing that was there is gone' : told.join('; '),
  };
}

const SENTENCES_MAX = 10;
const NAMES_MAX = 3;

function sentencesOf(findings: readonly CompatibilityFinding[]): string {
  const shown = findings.slice(0, SENTENCES_MAX).map(sentenceOf).join('; ');
  return findings.length > SENTENCES_MAX ? `${shown}; and ${findings.length - SENTENCES_MAX} more like these` : shown;
}

function sentenceOf({ kind, detail, names }: CompatibilityFinding): string {
  const shown = names.slice(0, NAMES_MAX);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return `${kind}: ${detail}${shown.length === 0 ? '' : ` (${shown.join(', ')}${more})`}`;
}
