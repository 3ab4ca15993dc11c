import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { parseSignedHead } from '../../core/ledger/head-signing.ts';
import { Failure } from '../../core/failure.ts';
import { spellBytes } from '../../views/bytes.ts';
import type { Signer } from '../../formats/dsse/signing-key.ts';
import type { LookedUpReport } from '../look-up-report.ts';
import { evidenceOf, type EvidenceBlocks, type QuestionText } from './evidence.ts';
import { reportFile } from './report-file.ts';
import { reproduce } from './reproduce.ts';
import { signatureBlock, statementSigned, statementText } from './statement.ts';

export interface ProofDeps {
  /** What a report that proves itself carries. */
  program(): Promise<{ readonly script: string; readonly style: string }>;
  /** SPKI PEM; null where nothing was signed yet. */
  publicKey(): Promise<string | null>;
  /** Public keys as PEM that heads may be signed with, by key id. */
  trustedKeys(): Promise<ReadonlyMap<string, string>>;
  /** Signs the report, so that the facts after the newest signed head and the question are covered; null where no key is at hand. */
  signer(): Promise<Pick<Signer, 'publicKey' | 'sign'> | null>;
  /** Of this program. */
  readonly version: string;
}

/** More than that a browser does not read in a few seconds. */
const BYTES_MAX = 100_000_000;

/**
 * The report as one file that proves itself: the same bytes for the same report, but for the signature over it. It is proven here before it is handed out, by the same code that a browser
 * runs: E0302 when the ledger does not verify, E0902 when it would be too large.
 */
export async function provenFile(made: LookedUpReport, deps: ProofDeps): Promise<string> {
  const { view, entries } = made;
  const { question } = view;
  const signer = await deps.signer();
  const publicKey = signer?.publicKey ?? (await deps.publicKey());
  const text: QuestionText = {
    period: question.period.name,
    asOf: question.asOf.toString(),
    line: question.line,
    whatIf: question.whatIf,
    sample: question.sample,
    notice: question.notice,
    catalog: question.catalog,
    publicKey,
    earlierKeys: earlierKeys(entries, await deps.trustedKeys()).filter((pem) => pem !== publicKey),
    program: deps.version,
  };
  let blocks = evidenceOf(made, text, { otherLines: true });
  if (sizeOf(blocks) > BYTES_MAX && question.line !== null) blocks = evidenceOf(made, text, { otherLines: false });
  if (sizeOf(blocks) > BYTES_MAX) throw tooLarge(entries.length, sizeOf(blocks));
  if (signer !== null) blocks = signedBy(signer, blocks, view.head);
  const { findings, report } = reproduce(blocks);
  if (findings[0] !== undefined || report === null || report.view.id !== view.id) {
    throw new Failure('E0302', findings[0] ?? 'the facts do not give the same report twice', {
      kept: 'nothing was written',
      hint: 'suture ledger verify',
    });
  }
  return reportFile({ ...report, blocks, ...(await deps.program()) });
}

function earlierKeys(entries: readonly ChainEntry[], trusted: ReadonlyMap<string, string>): readonly string[] {
  const keyIds = entries.flatMap(({ type, payloadText }) =>
    type === 'head-signed' && payloadText !== null ? (parseSignedHead(JSON.parse(payloadText))?.keyId ?? []) : [],
  );
  return [...new Set(keyIds)].flatMap((keyId) => trusted.get(keyId) ?? []);
}

function signedBy(
  signer: Pick<Signer, 'sign'>,
  blocks: EvidenceBlocks,
  head: LookedUpReport['view']['head'],
): EvidenceBlocks {
  const text = statementText(blocks, head);
  const signature = signer.sign(new TextEncoder().encode(statementSigned(text)));
  return { ...blocks, signature: signatureBlock(text, Buffer.from(signature).toString('base64')) };
}

function sizeOf({ facts, inventories }: EvidenceBlocks): number {
  return facts.length + inventories.length;
}

function tooLarge(facts: number, bytes: number): Failure {
  return new Failure(
    'E0902',
    `the facts of this report are too many for one page: ${facts} facts, ${spellBytes(bytes)}`,
    {
      why: `a page that proves itself holds up to ${spellBytes(BYTES_MAX)}`,
      kept: 'nothing was written',
      hint: 'suture report --line LINE --format html, or --format json with suture ledger export',
    },
  );
}
