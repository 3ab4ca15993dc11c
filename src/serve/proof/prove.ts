import { checkSignatures, type SignatureCheck } from './check-signature.ts';
import { differencesOf, type Difference, type PageElement } from './compare-pages.ts';
import type { EvidenceBlocks } from './evidence.ts';
import { openEnds } from './open-ends.ts';
import { withheldWords } from './withheld-facts.ts';
import { reportFile } from './report-file.ts';
import { reproduce, type Reproduced } from './reproduce.ts';

/** As much of a browser's document as is needed to prove the page in it. */
export interface ProvenDocument {
  readonly documentElement: PageElement & { normalize(): void };
  readonly compatMode: string;
  getElementById(id: string): VerdictElement | null;
  createElement(name: string): VerdictElement;
}

interface VerdictElement extends PageElement {
  className: string;
  textContent: string;
  append(...nodes: readonly (VerdictElement | string)[]): void;
  replaceChildren(...nodes: readonly VerdictElement[]): void;
}

interface Markable {
  readonly classList?: { add(name: string): void };
  readonly parentElement: Markable | null;
}

export interface Proof {
  readonly findings: readonly string[];
  /** What holds, but is vouched for by nobody, in sentences: while there is any, nothing is called proven. */
  readonly open: readonly string[];
  /** What was checked, in sentences. */
  readonly checked: readonly string[];
  readonly differences: readonly Difference[];
}

/**
 * Runs in the browser that shows the report: computes everything again from the facts inside, writes the page that they
 * give, and compares it with the page that is shown. `parse` reads a page without running anything in it.
 */
export async function prove(document: ProvenDocument, parse: (text: string) => ProvenDocument): Promise<void> {
  const banner = document.getElementById('proof');
  if (banner === null) return;
  try {
    show(document, banner, await proofOf(document, parse));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    show(document, banner, { findings: [`The proof itself failed: ${words}`], open: [], checked: [], differences: [] });
  }
}

async function proofOf(document: ProvenDocument, parse: (text: string) => ProvenDocument): Promise<Proof> {
  const blocks = blocksOf(document);
  const reproduced = reproduce(blocks);
  const { findings, report, signed, keys } = reproduced;
  const signatures = await checkSignatures(signed, keys);
  const differences = report === null ? [] : differencesFrom(document, parse(fileOf(document, blocks, report)));
  return {
    findings: [...findings, ...signatures.findings],
    differences,
    open: report === null ? [] : openEnds(report.evidence, signatures),
    checked: report === null ? [] : sentences(report, signatures),
  };
}

function fileOf(
  document: ProvenDocument,
  blocks: EvidenceBlocks,
  { view, evidence }: NonNullable<Reproduced['report']>,
): string {
  const style = document.documentElement.querySelector('style')?.textContent ?? '';
  return reportFile({ view, evidence, blocks, style, script: textOf(document, 'program') });
}

function differencesFrom(document: ProvenDocument, expected: ProvenDocument): readonly Difference[] {
  // Long texts come in pieces when a page is read from a network or a disk.
  document.documentElement.normalize();
  expected.documentElement.normalize();
  const mode =
    document.compatMode === expected.compatMode
      ? []
      : [{ where: 'the page', words: 'it is no HTML document of today', node: null }];
  return [...mode, ...differencesOf(expected.documentElement, document.documentElement)];
}

function sentences(
  { view, evidence }: NonNullable<Reproduced['report']>,
  { verified, keyId, otherKeyIds, unsigned, isQuestionSigned }: SignatureCheck,
): readonly string[] {
  const { erased } = withheldWords(evidence.withheld);
  return [
    `${evidence.facts} facts follow from each other, from the first to the head ${view.head.hash}; ${evidence.payloads} payloads and ${evidence.inventories} inventories give their digests.`,
    `${view.rows.length} rows and every figure on this page were computed again from them, just now, by this browser; the page says the same.`,
    ...(evidence.otherLines === 0
      ? []
      : [`${evidence.otherLines} payloads are left out as being of other lines, which this file alone cannot show.`]),
    ...(erased === '' ? [] : [erased]),
    ...(isQuestionSigned && unsigned === 0
      ? [`Signed up to fact ${evidence.facts} of ${evidence.facts}, and the question with it, by the key ${keyId}.`]
      : []),
    ...(verified === 0
      ? []
      : [
          `${verified} ${verified === 1 ? 'signature verifies' : 'signatures verify'}. Compare the key with the one that you know.`,
        ]),
    ...(otherKeyIds.length === 0
      ? []
      : [
          `Heads inside are also signed by ${otherKeyIds.length === 1 ? 'the key' : 'the keys'} ${otherKeyIds.join(', ')}: what stands after them only the first key vouches for.`,
        ]),
    'That a ledger was cut short cannot be seen from the file: compare the head with one that you know.',
  ];
}

const VERDICTS = {
  holds: '✔ This report proves itself.',
  partly: '◐ This report is not proven. It fits together, but not all of it can be relied on:',
  fails: '✘ This report does not prove itself.',
};

/** The verdict in words and shape; what was changed is marked where it stands. */
function show(document: ProvenDocument, banner: VerdictElement, { findings, differences, open, checked }: Proof): void {
  for (const { node } of differences) mark(node as Markable | null);
  const wrong = [...findings, ...differences.map(({ where, words: what }) => `${upper(where)}: ${what}.`)];
  const verdict = wrong.length > 0 ? 'fails' : open.length > 0 ? 'partly' : 'holds';
  const head = document.createElement('p');
  const strong = document.createElement('b');
  strong.textContent = VERDICTS[verdict];
  const count = wrong.length === 1 ? 'One thing does' : `${wrong.length} things do`;
  head.append(strong, verdict === 'fails' ? ` ${count} not hold:` : '');
  const list = document.createElement('ul');
  for (const each of verdict === 'fails' ? wrong : [...open, ...checked]) {
    const item = document.createElement('li');
    item.textContent = each;
    list.append(item);
  }
  banner.className = `proof ${verdict}`;
  banner.replaceChildren(head, list);
}

function mark(node: Markable | null): void {
  const element = node?.classList === undefined ? node?.parentElement : node;
  element?.classList?.add('changed');
}

function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function blocksOf(document: ProvenDocument): EvidenceBlocks {
  return {
    question: textOf(document, 'question'),
    facts: textOf(document, 'facts'),
    inventories: textOf(document, 'inventories'),
    signature: textOf(document, 'signature'),
  };
}

function textOf(document: ProvenDocument, id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}
