import type { ChainEntry } from '../../src/core/ledger/envelope.ts';
import { chainHash } from '../../src/core/ledger/envelope.ts';
import { canonicalJson } from '../../src/core/ledger/canonical-json.ts';
import { payloadDigest } from '../../src/core/ledger/fact-id.ts';
import { type EvidenceBlocks, evidenceLine, type FactLine, type QuestionText } from '../../src/serve/proof/evidence.ts';
import { reportFile } from '../../src/serve/proof/report-file.ts';
import { reproduce, type Reproduced } from '../../src/serve/proof/reproduce.ts';

/** What somebody without the key has: the file, and this program, with which the page is written anew. */
export interface OpenedReport {
  readonly facts: readonly FactLine[];
  readonly question: QuestionText;
  /** DSSE envelope; empty when nobody signed. */
  readonly signature: string;
}

export interface ForgedReport {
  readonly html: string;
  readonly view: NonNullable<Reproduced['report']>['view'];
  /** What the forger's own program says against it. */
  readonly findings: readonly string[];
}

/** The report again as a page, from what was made of its facts and its question. */
export function forgedReport(html: string, forge: (opened: OpenedReport) => OpenedReport): ForgedReport {
  const facts = blockOf(html, 'facts').trimEnd().split('\n');
  const opened = {
    facts: facts.map((line) => JSON.parse(line) as FactLine),
    question: JSON.parse(blockOf(html, 'question')) as QuestionText,
    signature: blockOf(html, 'signature'),
  };
  const forged = forge(opened);
  const blocks: EvidenceBlocks = {
    question: evidenceLine(forged.question),
    facts: forged.facts.map((each) => evidenceLine(each)).join(''),
    inventories: blockOf(html, 'inventories'),
    signature: forged.signature,
  };
  const { report, findings } = reproduce(blocks);
  if (report === null) throw new TypeError(findings.join('; '));
  const style = between(html, /<style>([\s\S]*?)<\/style>/);
  const script = between(html, /^<script id="program">([\s\S]*?)<\/script>\n<\/body>/m);
  return { html: reportFile({ ...report, blocks, style, script }), view: report.view, findings };
}

/** Numbered and hashed anew from a place on, with payloads that give their digests. */
export function chainedFrom(place: number, facts: readonly FactLine[]): readonly FactLine[] {
  const made: FactLine[] = facts.slice(0, place);
  for (const fact of facts.slice(place)) {
    const prev = made.at(-1)?.hash ?? '0'.repeat(64);
    const digest =
      fact.payload === undefined ? fact.payloadDigest : (payloadDigest(canonicalJson(fact.payload)) as string);
    const next = { ...fact, seq: made.length + 1, prev, payloadDigest: digest };
    made.push({ ...next, hash: chainHash(prev, next as Omit<ChainEntry, 'payloadText'>) });
  }
  return made;
}

function blockOf(html: string, id: string): string {
  return between(html, new RegExp(`^<script [^>]*id="${id}">([\\s\\S]*?)</script>`, 'm'));
}

function between(html: string, pattern: RegExp): string {
  return pattern.exec(html)?.[1] ?? '';
}
