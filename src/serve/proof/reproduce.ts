import { type Digest, digestOf, parseDigest } from '../../core/digest.ts';
import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import { type ChainEntry, factFromEntry } from '../../core/ledger/envelope.ts';
import { factNamed, SaidEntries } from '../../core/ledger/said-entries.ts';
import { chainStart, chainVerifier } from '../../core/ledger/verify-chain.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import { decodeInventory } from '../../core/match/inventory-json.ts';
import { ReportFold } from '../../views/report/fold.ts';
import { parsePeriod } from '../../views/report/period.ts';
import { reportView, type ReportView } from '../../views/report/report.ts';
import {
  absenceOf,
  evidenceLine,
  summaryOf,
  type EvidenceBlocks,
  type EvidenceSummary,
  type FactLine,
  type InventoryLine,
  type QuestionText,
} from './evidence.ts';
import type { KeysInside } from './check-signature.ts';
import { type SignedStatement, statementIn } from './statement.ts';

/** What the blocks of a report give when everything is computed again. */
export interface Reproduced {
  /** What does not hold, and where; none = all holds. */
  readonly findings: readonly string[];
  /** Null when the facts are so damaged that nothing can be computed. */
  readonly report: { readonly view: ReportView; readonly evidence: EvidenceSummary } | null;
  /** What somebody signed, to be checked by whoever can check signatures. */
  readonly signed: Signed;
  readonly keys: KeysInside;
}

export interface Signed {
  readonly heads: readonly SignedHead[];
  /** Of the whole report; null where its maker had no key. */
  readonly statement: SignedStatement | null;
  /** Facts inside. */
  readonly facts: number;
}

export interface SignedHead {
  /** Of the fact that holds the signature. */
  readonly fact: number;
  readonly seq: number;
  readonly hash: string;
  readonly keyId: string;
  /** DER, base64. */
  readonly signature: string;
}

/** Verifies the chain and every digest, and computes the report from the facts alone. Never throws. */
export function reproduce(blocks: EvidenceBlocks): Reproduced {
  const findings: string[] = [];
  const question = linesOf(blocks.question, { what: 'the question', whole: wholeQuestion, findings })[0];
  const lines = linesOf(blocks.facts, { what: 'the facts', whole: wholeFact, findings });
  const kept = linesOf(blocks.inventories, { what: 'the inventories', whole: wholeInventory, findings });
  const entries = lines.map(entryOf);
  const inventories = inventoriesOf(kept, findings);
  try {
    const heads = lines.flatMap(signedHeadOf);
    const absent = absences(lines, entries, question?.line ?? null);
    findings.push(...chainFindings(entries, heads, absent.allowed), ...absent.findings);
    if (question !== undefined) findings.push(...laterThan(question.asOf, entries));
    const statement = statementIn(blocks, entries.at(-1) ?? chainStart, findings);
    return {
      findings,
      report:
        question === undefined
          ? null
          : {
              view: reportOf(entries, inventories, question),
              evidence: summaryOf(blocks, lines, { ...question, otherLines: absent.otherLines }),
            },
      signed: { heads, statement, facts: lines.length },
      keys: { publicKey: question?.publicKey ?? null, earlierKeys: question?.earlierKeys ?? [] },
    };
  } catch (error) {
    findings.push(
      `The report cannot be computed from the facts inside: ${error instanceof Error ? error.message : String(error)}`,
    );
    return {
      findings,
      report: null,
      signed: { heads: [], statement: null, facts: 0 },
      keys: { publicKey: null, earlierKeys: [] },
    };
  }
}

interface Reading<T> {
  readonly what: string;
  /** The members that are known, and no others: what no hash covers could say anything. */
  readonly whole: (value: T) => unknown;
  readonly findings: string[];
}

/** Each line must be the one text of its value: no byte may differ, not even one that means the same. */
function linesOf<T>(text: string, { what, whole, findings }: Reading<T>): readonly T[] {
  return text
    .split('\n')
    .slice(0, text.endsWith('\n') ? -1 : undefined)
    .flatMap((line, index) => {
      if (line === '' && text === '') return [];
      try {
        const value = JSON.parse(line) as T;
        if (evidenceLine(value) !== `${line}\n`)
          findings.push(`Line ${index + 1} of ${what} was changed: it is not in the form in which it is written`);
        else if (evidenceLine(whole(value)) !== `${line}\n`)
          findings.push(`Line ${index + 1} of ${what} was changed: it says more than it may`);
        return [value];
      } catch {
        findings.push(`Line ${index + 1} of ${what} was changed: it cannot be read`);
        return [];
      }
    });
}

function wholeFact(value: FactLine): FactLine {
  const { v, id, type, at, recordedAt, by, payloadDigest, evidence, seq, prev, hash, payload } = value;
  const { from, to } = at;
  return { v, id, type, at: { from, to }, recordedAt, by, payloadDigest, evidence, seq, prev, hash, payload };
}

function wholeQuestion(value: QuestionText): QuestionText {
  const { period, asOf, line, whatIf, sample, notice, catalog, publicKey, earlierKeys, program } = value;
  const drawn = sample === null ? null : { size: sample.size, seed: sample.seed };
  return { period, asOf, line, whatIf, sample: drawn, notice, catalog, publicKey, earlierKeys, program };
}

function wholeInventory({ digest, text }: InventoryLine): InventoryLine {
  return { digest, text };
}

function entryOf({ payload, ...envelope }: FactLine): ChainEntry {
  return { ...envelope, payloadText: payload === undefined ? null : canonicalJson(payload) };
}

function chainFindings(
  entries: readonly ChainEntry[],
  heads: readonly SignedHead[],
  absent: ReadonlySet<number>,
): readonly string[] {
  const verifier = chainVerifier({ heads });
  for (const entry of entries) verifier.add(entry);
  const { findings } = verifier.verdict();
  // That a payload is left out which may be left out is judged here, not by the chain.
  return findings.filter(({ seq, kind }) => kind !== 'absent' || !absent.has(seq)).map(({ message }) => message);
}

/** As of an instant is made of what was recorded until then, and of nothing else. */
function laterThan(asOf: string, entries: readonly ChainEntry[]): readonly string[] {
  const instant = Temporal.Instant.from(asOf);
  const later = entries.filter((each) => Temporal.Instant.compare(Temporal.Instant.from(each.recordedAt), instant) > 0);
  const [first] = later;
  if (first === undefined) return [];
  const more = later.length === 1 ? '' : `; so were ${later.length - 1} more`;
  return [
    `Fact ${first.seq} was recorded at ${first.recordedAt}, after ${asOf}, as of which this report is judged${more}`,
  ];
}

interface Absences {
  readonly findings: readonly string[];
  /** Places of facts whose payload may be absent. */
  readonly allowed: ReadonlySet<number>;
  readonly otherLines: number;
}

/** Who leaves out what a figure rests on makes a better figure: only what cannot be such may be absent. */
function absences(lines: readonly FactLine[], entries: readonly ChainEntry[], line: string | null): Absences {
  const named = entries.flatMap((each) => [factNamed(each, 'payload-sealed'), factNamed(each, 'payload-erased')]);
  const withheld = new Set(named.filter((id) => id !== undefined));
  const absent = lines.filter(({ payload }) => payload === undefined);
  const why = absent.map((each) => ({ seq: each.seq, why: absenceOf(each, { line, withheld }) }));
  return {
    findings: why
      .filter((each) => each.why === undefined)
      .map(({ seq }) => `The payload of fact ${seq} is missing, and figures may rest on it`),
    allowed: new Set(why.filter((each) => each.why !== undefined).map(({ seq }) => seq)),
    otherLines: why.filter((each) => each.why === 'may be of another line').length,
  };
}

function inventoriesOf(lines: readonly InventoryLine[], findings: string[]): ReadonlyMap<Digest, Inventory> {
  const inventories = new Map<Digest, Inventory>();
  for (const { digest: named, text } of lines) {
    const digest = parseDigest(named);
    const bytes = new TextEncoder().encode(text);
    if (digest === undefined || digestOf(bytes) !== digest) {
      findings.push(`The inventory ${named} was changed: its bytes do not give its digest`);
    } else inventories.set(digest, decodeInventory(bytes));
  }
  return inventories;
}

function reportOf(
  entries: readonly ChainEntry[],
  inventories: ReadonlyMap<Digest, Inventory>,
  question: QuestionText,
): ReportView {
  const fold = new ReportFold((digest) => inventories.get(digest));
  const said = new SaidEntries();
  for (const { entry, isSaid } of [...entries.flatMap((each) => said.next(each)), ...said.end()]) {
    const fact = isSaid ? factFromEntry(entry) : undefined;
    if (fact === undefined) fold.pass(entry);
    else fold.add(fact);
  }
  const asOf = Temporal.Instant.from(question.asOf);
  const { line, whatIf, sample, notice, catalog } = question;
  return reportView(fold, { period: parsePeriod(question.period, asOf), asOf, line, whatIf, sample, notice, catalog });
}

function signedHeadOf({ seq: fact, type, payload }: FactLine): readonly SignedHead[] {
  if (type !== 'head-signed' || payload === undefined) return [];
  const { seq, hash, keyId, signature } = payload as Omit<SignedHead, 'fact'>;
  return [{ fact, seq, hash, keyId, signature }];
}
