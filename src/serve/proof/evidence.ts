import type { FactType, ImageConfirmed } from '../../core/fact.ts';
import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { sha256 } from '../../core/ledger/sha256.ts';
import type { Digest } from '../../core/digest.ts';
import type { Policy } from '../../core/promise/policy.ts';
import type { ReportQuestion } from '../../views/report/report.ts';
import { withheldFacts, type WithheldFact } from './withheld-facts.ts';
import type { LookedUpReport } from '../look-up-report.ts';

/** What lies in a report that proves itself, each as the text of a block of its own. */
export interface EvidenceBlocks {
  /** What was asked, and the public key: one line of canonical JSON. */
  readonly question: string;
  /** The ledger from its first fact, one line of canonical JSON each: the envelope, its place, and the payload if it is needed. */
  readonly facts: string;
  /** One line of canonical JSON for each inventory that a fact rests on: its digest and its text. */
  readonly inventories: string;
  /** The maker's signature over the others, as in `signatureBlock`; empty where there was no key to sign with. */
  readonly signature: string;
}

export interface QuestionText {
  readonly period: string;
  readonly asOf: string;
  readonly line: string | null;
  readonly whatIf: Policy | null;
  readonly sample: ReportQuestion['sample'];
  readonly notice: string | null;
  readonly catalog: string | null;
  /** SPKI PEM; null where nothing was signed yet. */
  readonly publicKey: string | null;
  /** Of heads that were signed with another key: as PEM, in the order of their facts. */
  readonly earlierKeys: readonly string[];
  /** Of the program that wrote it. */
  readonly program: string;
}

/** A line of the block of facts; without `payload` where it bears on no figure, is sealed or erased, or was left out. */
export type FactLine = Omit<ChainEntry, 'payloadText'> & { readonly payload?: unknown };

export interface InventoryLine {
  readonly digest: string;
  readonly text: string;
}

/** Facts that move no clock and that no figure of a report is made of: their envelopes keep the chain whole. */
const BEARS_NOTHING: ReadonlySet<string> = new Set<FactType>(['looked', 'package-imported', 'image-withdrawn']);
/** Facts about one line alone. */
const OF_LINE: ReadonlySet<string> = new Set<FactType>([
  'image-confirmed',
  'image-published',
  'line-declared',
  'statement-made',
  'statement-withdrawn',
  'exception-granted',
  'exception-ended',
]);

/**
 * With `otherLines` false, what speaks of other lines than the one of the report is left out: smaller, and a weaker proof,
 * because an envelope does not tell of which line its payload speaks.
 */
export function evidenceOf(
  report: Omit<LookedUpReport, 'view'>,
  question: QuestionText,
  { otherLines }: { readonly otherLines: boolean },
): EvidenceBlocks {
  const needed = new Set<string>();
  const facts = report.entries.map(({ payloadText, ...envelope }) => {
    const payload: unknown = payloadText === null ? undefined : JSON.parse(payloadText);
    const line = otherLines ? null : question.line;
    if (payload === undefined || !bears(envelope.type, payload, line)) return evidenceLine(envelope);
    if (envelope.type === 'image-confirmed') needed.add((payload as ImageConfirmed).inventory);
    return evidenceLine({ ...envelope, payload });
  });
  const kept = [...report.inventories].filter(([digest]) => needed.has(digest));
  const inventories = kept.map(([digest, bytes]) => inventoryLine(digest, bytes));
  return { question: evidenceLine(question), facts: facts.join(''), inventories: inventories.join(''), signature: '' };
}

function bears(type: string, payload: unknown, line: string | null): boolean {
  if (BEARS_NOTHING.has(type)) return false;
  return line === null || !OF_LINE.has(type) || (payload as { readonly line: string }).line === line;
}

/** Why a payload is not inside; undefined when nothing allows it, for a figure may rest on it. */
export function absenceOf(
  { type, id }: FactLine,
  { line, withheld }: { readonly line: string | null; readonly withheld: ReadonlySet<string> },
): 'bears nothing' | 'withheld' | 'may be of another line' | undefined {
  if (BEARS_NOTHING.has(type)) return 'bears nothing';
  if (withheld.has(id)) return 'withheld';
  return line !== null && OF_LINE.has(type) ? 'may be of another line' : undefined;
}

function inventoryLine(digest: Digest, bytes: Uint8Array): string {
  return evidenceLine({ digest, text: new TextDecoder().decode(bytes) } satisfies InventoryLine);
}

/** Canonical JSON; `<` as an escape, so that no markup begins inside a page. */
export function evidenceLine(value: unknown): string {
  return `${canonicalJson(value).replaceAll('<', '\\u003c')}\n`;
}

/** What the page says about the blocks inside it. */
export interface EvidenceSummary {
  readonly facts: number;
  readonly payloads: number;
  /** What is sealed or erased. */
  readonly withheld: readonly WithheldFact[];
  /** Payloads that are left out as being of other lines: nothing inside shows that they are. */
  readonly otherLines: number;
  readonly signedHeads: number;
  readonly inventories: number;
  readonly bytes: number;
  readonly digests: Readonly<Record<Exclude<keyof EvidenceBlocks, 'signature'>, string>>;
  /** Whether the maker says that he signed question, facts and head. */
  readonly isSigned: boolean;
  readonly program: string;
  readonly publicKey: string | null;
}

export function summaryOf(
  blocks: EvidenceBlocks,
  lines: readonly FactLine[],
  { program, publicKey, otherLines }: Pick<EvidenceSummary, 'program' | 'publicKey' | 'otherLines'>,
): EvidenceSummary {
  return {
    facts: lines.length,
    payloads: lines.filter(({ payload }) => payload !== undefined).length,
    signedHeads: lines.filter(({ type, payload }) => type === 'head-signed' && payload !== undefined).length,
    inventories: blocks.inventories === '' ? 0 : blocks.inventories.trimEnd().split('\n').length,
    bytes: new TextEncoder().encode(blocks.question + blocks.facts + blocks.inventories).length,
    digests: {
      question: sha256(blocks.question),
      facts: sha256(blocks.facts),
      inventories: sha256(blocks.inventories),
    },
    withheld: withheldFacts(lines),
    isSigned: blocks.signature !== '',
    program,
    publicKey,
    otherLines,
  };
}
