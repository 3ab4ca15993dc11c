import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { Failure } from '../../core/failure.ts';
import { parseHeads } from '../../core/ledger/parse-heads.ts';
import type { ChainHead } from '../../core/ledger/head-signing.ts';
import { clean } from './layout.ts';
import { signedLines, unsignedTailOption } from './ledger-unsigned.ts';
import type { LedgerAnswer, LedgerDeps } from './ledger-deps.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

interface Options {
  readonly key?: readonly string[];
  readonly head?: readonly string[];
  readonly evidence: boolean;
  readonly unsignedTail?: number;
}

const SHOWN_MAX = 20;

export function verifyLedgerCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('verify')
    .description(
      'Recomputes the ledger from its first fact: chain, payloads, signed heads, evidence. Exits 2 when something does not hold.',
    )
    .argument('[folder]', 'an exported ledger; without it the one of this catalog')
    .addOption(new Option('--key <file>', 'a public key that you trust (more than one may be given)').argParser(listed))
    .addOption(
      new Option('--head <head>', 'SEQ:HASH that you kept, or a file of heads: each must stand').argParser(listed),
    )
    .addOption(unsignedTailOption())
    .option('--no-evidence', 'do not read the bytes that facts rest on')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, folder: string | undefined, options: Options) => {
        const heads = (await Promise.all((options.head ?? []).map(headsOf))).flat();
        const deps = await open(session.globals);
        try {
          const { key = [], evidence, unsignedTail: unsignedMax } = options;
          const onProgress = (facts: number): void =>
            session.progress.on({ step: 'verify', state: 'running', words: `${counted(facts, 'fact')} so far` });
          const asked = { bundle: folder ?? null, keys: key, heads, withEvidence: evidence, unsignedMax, onProgress };
          const answer = await deps.verify(asked);
          session.answer({
            json: () => ({
              schema: 'suture/ledger-verify/1',
              generatedAt: session.now(),
              ...verifiedJson(answer, heads.length),
            }),
            table: () => verifiedText(answer, heads.length),
          });
          return answer.findings.length === 0 ? 0 : 2;
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture ledger verify
  $ suture ledger verify ledger-2026-08 --key acme.pub
  $ suture ledger verify --head 1200:9f2c… --head kept-heads.jsonl`;

function listed(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

async function headsOf(given: string): Promise<readonly ChainHead[]> {
  const direct = parseHeads(given);
  if (direct !== undefined) return direct;
  const text = await readFile(given, 'utf8').catch(() => undefined);
  const heads = text === undefined ? undefined : parseHeads(text);
  if (heads !== undefined) return heads;
  throw new Failure('E0902', `--head ${clean(given)} is neither a head nor a file of heads`, {
    why: text === undefined ? 'no file has that name' : 'a line of it is no head',
    kept: 'nothing was checked',
    hint: 'a head is SEQ:HASH with 64 hex digits; a file holds one a line, or lines of heads.jsonl',
  });
}

export function verifiedJson(answer: LedgerAnswer, headsAsked: number) {
  const { findings, end, signed, withheld, evidenceChecked, keys } = answer;
  return {
    answer: findings.length === 0 ? 'yes' : 'no',
    facts: end.seq,
    head: end.hash,
    trouble: findings[0]?.message ?? null,
    findings,
    signed: { ...signed, keys },
    headsAsked,
    withheld,
    evidenceChecked,
  };
}

export function verifiedText(answer: LedgerAnswer, headsAsked: number): string {
  const { findings, end } = answer;
  if (findings.length > 0) {
    const more = findings.length > SHOWN_MAX ? [`   and ${findings.length - SHOWN_MAX} more: --json lists them`] : [];
    return [...findings.slice(0, SHOWN_MAX).map(({ message }) => ` ✖ ${clean(message)}`), ...more].join('\n');
  }
  return [
    ` ✔ ${counted(end.seq, 'fact')}, each follows from the one before`,
    ...signedLines(answer, headsAsked),
    ...(headsAsked === 0 ? [] : [` ✔ ${counted(headsAsked, 'head')} that you kept, still in their place`]),
    evidenceText(answer),
    ...withheldText(answer),
    `   head ${end.seq}:${end.hash}`,
  ].join('\n');
}

function evidenceText({ evidenceChecked }: LedgerAnswer): string {
  if (evidenceChecked === null) return ' ○ evidence was not read';
  return ` ✔ ${counted(evidenceChecked, 'piece')} of evidence, each gives its digest`;
}

function withheldText({ withheld: { sealed, erased } }: LedgerAnswer): readonly string[] {
  return [
    ...(sealed === 0 ? [] : [` ○ ${counted(sealed, 'fact')} sealed`]),
    ...(erased === 0 ? [] : [` ○ ${counted(erased, 'fact')} erased: what is erased counts as not said`]),
  ];
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
