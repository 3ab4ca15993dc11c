import { Command } from 'commander';
import { Failure } from '../../core/failure.ts';
import { chainHash, type ChainEntry, envelopeText } from '../../core/ledger/envelope.ts';
import { payloadDigest } from '../../core/ledger/fact-id.ts';
import { restsOn } from '../../core/ledger/rests-on.ts';
import { clean, second } from './layout.ts';
import { itemOf, whyWithheld } from './ledger-list.ts';
import type { LedgerDeps } from './ledger-deps.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

export function showCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('show')
    .description('One fact: what it says, what it rests on, and how its hash is computed.')
    .argument('<fact>', 'its place, or the beginning of its id (8 digits at least)')
    .addHelpText('after', '\nExamples:\n  $ suture ledger show 12\n  $ suture ledger show 5b0c91d2e7 --json')
    .action(
      action(cli, async (session, named: string) => {
        const deps = await open(session.globals);
        try {
          const entry = await entryNamed(named, deps);
          const sealed = await deps.sealedUntil();
          const evidence = await Promise.all(
            restsOn(entry).map(async (digest) => ({ digest, state: await deps.evidence(digest) })),
          );
          const shown = { entry, evidence, withheld: entry.payloadText === null ? whyWithheld(entry, sealed) : null };
          session.answer({
            json: () => ({
              schema: 'suture/ledger-fact/1',
              generatedAt: session.now(),
              fact: itemOf(entry, sealed),
              evidence,
              ...computed(entry),
            }),
            table: () => shownText(shown),
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

/** The fact that people mean by a place or by the beginning of an id. E0902 when there is none, or more than one. */
export async function entryNamed(named: string, deps: Pick<LedgerDeps, 'entries'>): Promise<ChainEntry> {
  if (/^\d{1,7}$/.test(named)) {
    const seq = Number(named);
    for await (const entry of await deps.entries(seq - 1)) if (entry.seq === seq) return entry;
    throw noFact(named, `the ledger has no fact ${seq}`);
  }
  if (!/^[0-9a-f]{8,64}$/.test(named)) throw noFact(named, 'a place is a number, an id is 8 to 64 hex digits');
  const found: ChainEntry[] = [];
  for await (const entry of await deps.entries(0)) if (entry.id.startsWith(named)) found.push(entry);
  const [first, second] = found;
  if (first === undefined) throw noFact(named, 'no id begins so');
  if (second !== undefined) throw noFact(named, `facts ${first.seq} and ${second.seq} begin so`);
  return first;
}

function noFact(named: string, why: string): Failure {
  return new Failure('E0902', `There is no fact ${clean(named)}`, { why, hint: 'suture ledger list' });
}

function computed(entry: ChainEntry) {
  return {
    envelope: envelopeText(entry),
    hashed: `${entry.prev}${envelopeText(entry)}`,
    computedHash: chainHash(entry.prev, entry),
    computedPayloadDigest: entry.payloadText === null ? null : payloadDigest(entry.payloadText),
  };
}

interface Shown {
  readonly entry: ChainEntry;
  readonly evidence: readonly { readonly digest: string; readonly state: string }[];
  readonly withheld: string | null;
}

function shownText({ entry, evidence, withheld }: Shown): string {
  const { envelope, computedHash, computedPayloadDigest } = computed(entry);
  const mark = (holds: boolean): string => (holds ? '✔' : '✖');
  const payload = entry.payloadText === null ? '' : JSON.stringify(JSON.parse(entry.payloadText), null, 2);
  return [
    `fact ${entry.seq}  ${clean(entry.type)}  by ${clean(entry.by)}`,
    `id        ${entry.id}`,
    `happened  ${clean(entry.at.from)} to ${clean(entry.at.to)}`,
    `recorded  ${second(Temporal.Instant.from(entry.recordedAt))}`,
    '',
    withheld === null ? clean(payload) : `payload   ${withheld}`,
    '',
    ...evidence.map(({ digest, state }) => `evidence  ${mark(state === 'whole')} ${clean(digest)} ${state}`),
    `payload   ${computedPayloadDigest === null ? '○' : mark(computedPayloadDigest === entry.payloadDigest)} SHA-256 of its canonical JSON is ${entry.payloadDigest}`,
    `hash      ${mark(computedHash === entry.hash)} SHA-256( prev + envelope ) is ${entry.hash}`,
    `prev      ${entry.prev}`,
    `envelope  ${clean(envelope)}`,
  ].join('\n');
}
