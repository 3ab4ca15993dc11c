import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { Fact, ImagePublished } from '../../core/fact.ts';
import { invariant } from '../../core/invariant.ts';
import { receiptsDone } from '../../core/plan/digest-record.ts';
import type { Stock } from '../../core/plan/stock.ts';
import type { Step } from '../../core/plan/step.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import { timePassed } from '../../core/promise/time-passed.ts';
import { listedObligations } from '../../formats/in-toto/digest-receipt.ts';
import type { ClockDeps, FactStore, ObligationStore } from '../deps.ts';
import type { StepDone } from '../run-step.ts';
import { attachDigestReceipt, attachReceipts, type ReceiptsDeps, type ReceiptsTarget } from './attach-receipts.ts';
import type { Registry } from './image.ts';

export interface RunReceiptsDeps extends ReceiptsDeps {
  readonly registry: Pick<Registry, 'attach' | 'detach' | 'referrers' | 'resolve'>;
  readonly clock: ClockDeps;
  readonly stock: () => Stock;
  readonly obligations: Pick<ObligationStore, 'obligations'>;
  readonly head: FactStore['head'];
  /** One fact by its id. */
  readonly fact: (id: string) => Promise<Fact | undefined>;
}

/**
 * After the confirmation: attaches the signed receipt of what ended to the digest that ended it, then the one statement
 * of all that the published digest ended or holds.
 */
export async function runReceipts(step: Step, deps: RunReceiptsDeps): Promise<StepDone> {
  invariant(step.kind === 'attach-receipts', 'only an attach-receipts step attaches receipts');
  const { line } = step.line;
  const published = deps.stock().published.get(line);
  invariant(published !== undefined, `${line} is published before it gets receipts`);
  const known = await deps.obligations.obligations({ line }, null);
  const current = await currentTarget(published, deps.registry);
  const wanted = new Set(step.obligations);
  const placed: { readonly obligation: Obligation; readonly target: ReceiptsTarget }[] = [];
  for (const obligation of known.filter((each) => wanted.has(each.id))) {
    placed.push({ obligation, target: await targetOf(obligation, current, deps) });
  }
  const receipts: Digest[] = [];
  for (const together of Map.groupBy(placed, ({ target }) => target.subject.digest).values()) {
    const obligations = together.map((one) => one.obligation);
    const target = together[0]?.target ?? current;
    receipts.push(...(await attachReceipts(obligations, target, deps)).map((one) => one.digest));
  }
  const confirmed = deps.stock().confirmed.get(line) ?? [];
  const now = deps.clock.now();
  await attachDigestReceipt(
    {
      line,
      digest: published.digest,
      images: confirmed
        .map(({ architecture, digest, inventory, advisorySet, fact }) => ({
          architecture,
          digest,
          inventory,
          advisorySet,
          fact,
        }))
        .toSorted((a, b) => (a.architecture < b.architecture ? -1 : 1)),
      writtenAt: now.toString({ smallestUnit: 'second' }),
      validUntil: now.add({ seconds: step.record.validSeconds }).toString({ smallestUnit: 'second' }),
      ledger: await deps.head(),
      obligations: listedObligations(
        known.map((each) => timePassed(each, now)),
        confirmed.map((each) => each.fact),
      ),
    },
    current,
    deps,
  );
  return { facts: [], result: { receipts, ...receiptsDone(step) } };
}

async function currentTarget(published: ImagePublished, registry: RunReceiptsDeps['registry']) {
  const { repository, digest, manifests, line } = published;
  const target = await targetAt(repository, digest, registry);
  if (target !== undefined) return { ...target, digests: [digest, ...Object.values(manifests)] };
  throw new Failure('E0603', `The registry no longer has ${repository}@${digest}`, {
    why: `The receipts of ${line} belong to it.`,
  });
}

/** The digest that ended it, which a later one may have followed already; the current one where that is gone. */
async function targetOf(
  { claims }: Obligation,
  current: ReceiptsTarget,
  deps: Pick<RunReceiptsDeps, 'registry' | 'fact'>,
): Promise<ReceiptsTarget> {
  const ends = claims.flatMap((claim) => claim.endedBy ?? []);
  for (const id of ends) {
    const fact = await deps.fact(id);
    if (fact?.type !== 'image-confirmed') continue;
    const { digest } = fact.payload;
    if (current.digests.includes(digest)) return current;
    const earlier = await targetAt(current.repository, digest, deps.registry);
    if (earlier !== undefined) return earlier;
  }
  return current;
}

async function targetAt(
  repository: string,
  digest: Digest,
  registry: Pick<Registry, 'resolve'>,
): Promise<ReceiptsTarget | undefined> {
  const manifest = await registry.resolve(repository, digest);
  if (manifest === undefined) return undefined;
  const { mediaType, bytes } = manifest;

  return { repository, subject: { mediaType, digest, sizeBytes: bytes.length }, digests: [digest] };
}
