import type { ChainFinding } from '../../core/ledger/chain-finding.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { inventoriesOf, restsOn } from '../../core/ledger/rests-on.ts';
import { seenIds } from '../../core/ledger/seen-ids.ts';
import { ANSWERED, disagreement } from './evidence-agrees.ts';
import { chainVerifier, type ChainTrust, type ChainVerdict } from '../../core/ledger/verify-chain.ts';

export interface VerifyLedgerDeps {
  readonly chain: AsyncIterable<readonly ChainEntry[]>;
  /** How the bytes of a digest are; null where they are not looked at. */
  readonly evidence: ((digest: string) => Promise<EvidenceState>) | null;
  /** The bytes of a digest that is whole, so that what they say is compared with the fact; absent: it is not. */
  readonly bytes?: (digest: string) => Promise<Uint8Array>;
  /** What a fact rests on, of which all must be there. */
  readonly needed?: (entry: ChainEntry) => readonly string[];
  /** Each entry as it passes by. */
  readonly onEntry?: (entry: ChainEntry) => void;
  /** Now and then, how many facts were verified so far. */
  readonly onProgress?: ((facts: number) => void) | undefined;
}

export type EvidenceState = 'whole' | 'missing' | 'damaged';

export interface LedgerVerdict extends ChainVerdict {
  /** Digests that were looked at; null where evidence was left out. */
  readonly evidenceChecked: number | null;
}

/** Recomputes a ledger from its first fact: chain, payloads, signed heads, evidence. Nothing of it is held in memory. */
export async function verifyLedger(deps: VerifyLedgerDeps, trust: ChainTrust): Promise<LedgerVerdict> {
  const verifier = chainVerifier(trust);
  const watch = evidenceWatch(deps);
  let facts = 0;
  let told = 0;
  for await (const page of deps.chain) {
    for (const entry of page) {
      verifier.add(entry);
      deps.onEntry?.(entry);
      await watch.add(entry);
    }
    facts += page.length;
    if (facts - told < FACTS_BETWEEN_WORDS) continue;
    told = facts;
    deps.onProgress?.(facts);
  }
  const verdict = verifier.verdict();
  return { ...verdict, findings: [...verdict.findings, ...watch.findings], evidenceChecked: watch.checked() };
}

/** About a second's work: most ledgers are through before anybody would want to hear of it. */
const FACTS_BETWEEN_WORDS = 100_000;

const FINDINGS_MAX = 1000;

function evidenceWatch({ evidence, bytes, needed = restsOn }: VerifyLedgerDeps) {
  const seen = seenIds();
  const bad = new Map<string, Exclude<EvidenceState, 'whole'>>();
  const findings: ChainFinding[] = [];
  let checked = 0;
  return {
    findings,
    checked: () => (evidence === null ? null : checked),
    async add(entry: ChainEntry): Promise<void> {
      if (evidence === null) return;
      for (const digest of needed(entry)) {
        if (seen.see(digest.slice('sha256:'.length), entry.seq) === 0) {
          checked += 1;
          const state = await evidence(digest);
          if (state !== 'whole') bad.set(digest, state);
        }
        const state = bad.get(digest);
        if (state !== undefined && findings.length < FINDINGS_MAX)
          findings.push(evidenceFinding(entry.seq, digest, state));
      }
      const inventories = new Set(inventoriesOf(entry));
      const answers = entry.evidence.filter((each) => !inventories.has(each) && needed(entry).includes(each));
      if (bytes === undefined || !ANSWERED.has(entry.type) || answers.some((each) => bad.has(each))) return;
      const otherwise = disagreement(entry, await Promise.all(answers.map(bytes)));
      if (otherwise !== null && findings.length < FINDINGS_MAX) {
        const message = `The evidence of fact ${entry.seq} says otherwise: ${otherwise}`;
        findings.push({ seq: entry.seq, kind: 'evidence', message });
      }
    },
  };
}

function evidenceFinding(seq: number, digest: string, state: 'missing' | 'damaged'): ChainFinding {
  const what = state === 'missing' ? 'is missing' : 'is damaged or another: its bytes give another digest';
  return { seq, kind: 'evidence', message: `The evidence ${digest} of fact ${seq} ${what}` };
}
