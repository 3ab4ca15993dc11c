import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewFact } from '../../src/core/fact.ts';
import type { ChainEntry } from '../../src/core/ledger/envelope.ts';
import { chainVerifier } from '../../src/core/ledger/verify-chain.ts';
import { openSealed } from '../../src/factory/ledger/open-sealed.ts';
import { vaultOf } from '../../src/io/signing/vault.ts';
import { openStore, type Store } from '../../src/io/store/open-store.ts';
import { bySubject } from '../support/by-subject.ts';
import { look } from './a-look.ts';
import { aClockAt, type FreshStore } from './fresh-store.ts';

const at = Temporal.Instant.from('2026-03-01T10:00:00Z');
const thursday = '2026-03-05T12:00:00Z';
const vault = vaultOf(new Uint8Array(32).fill(7));
const waiver: NewFact = {
  type: 'exception-granted',
  at: { from: at, to: at },
  by: 'a person',
  payload: { kind: 'waiver', vulnerability: 'CVE-1', line: 'a:1', approver: 'Ada', reason: 'x', until: thursday },
  evidence: [],
};

/** Payloads that nobody reads yet, or any more; and a whole chain taken over from elsewhere. */
export function withheldContract(fresh: FreshStore): void {
  test('append() of a sealed fact: not read before its date; then stated again, and shown where it was sealed', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const clock = aClockAt('2026-03-01T12:00:00Z');
    const store = await openStore({ url, clock, vault });
    t.after(() => store.close());
    const sealed = { ...look('secret'), sealedUntil: Temporal.Instant.from(thursday) };
    await store.facts.append([look('1'), sealed, look('2')]);
    assert.deepEqual(await store.facts.append([sealed]), [], 'a retry is a no-op');
    const forEver = { ...look('never'), sealedUntil: Temporal.Instant.from('2099-01-01T00:00:00Z') };
    await assert.rejects(store.facts.append([forEver]), /more than 366 days/);
    const deps = { clock, facts: store.facts, store, vault };
    assert.deepEqual(await openSealed(deps), []);
    assert.deepEqual(await typesRead(store), ['looked', 'payload-sealed', 'looked']);
    assert.equal((await chainOf(store))[1]?.payloadText, null);

    clock.set('2026-03-05T11:59:59.999999Z');
    assert.deepEqual(await openSealed(deps), []);
    clock.set(thursday);
    assert.deepEqual(await openSealed(deps), [2]);
    assert.deepEqual(await openSealed(deps), []);
    const chain = await chainOf(store);
    assert.match(chain[1]?.payloadText ?? '', /"salt":"[0-9a-f]{32}".*"secret"/);
    assert.equal(chain[4]?.payloadText, chain[1]?.payloadText);
    assert.deepEqual(await typesRead(store), ['looked', 'payload-sealed', 'looked', 'looked'], 'counts once');
    assert.deepEqual(findings(chain), []);
  });

  test('openSealed() with another key: E0303, and it stays sealed', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const clock = aClockAt('2026-03-06T12:00:00Z');
    const store = await openStore({ url, clock, vault });
    t.after(() => store.close());
    await store.facts.append([{ ...look('secret'), sealedUntil: Temporal.Instant.from(thursday) }]);
    const other = vaultOf(new Uint8Array(32).fill(8));
    await assert.rejects(openSealed({ clock, facts: store.facts, store, vault: other }), { code: 'E0303' });
    assert.equal((await chainOf(store)).length, 2);
  });

  test('erase(): the payload is gone, salted, and the chain holds once a fact says so', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const clock = aClockAt('2026-03-01T12:00:00Z');
    const store = await openStore({ url, clock, vault });
    t.after(() => store.close());
    const [granted] = await store.facts.append([waiver, look('1')]);
    assert.equal('salt' in (granted?.payload ?? {}), true);
    await store.withheld.erase(1);
    assert.deepEqual(findings(await chainOf(store)), ['1 absent']);
    const payload = { fact: granted?.id ?? '', reason: 'asked for' };
    await store.facts.append([{ type: 'payload-erased', at: { from: at, to: at }, by: 'b', payload, evidence: [] }]);
    assert.deepEqual(findings(await chainOf(store)), []);
    assert.deepEqual(await typesRead(store), ['looked', 'payload-erased']);
  });

  test('importChain(): the same chain, sealed and erased as it was; a store with facts is refused', async (t) => {
    const [from, to] = [await fresh(t), await fresh(t)];
    if (from === undefined || to === undefined) return;
    const clock = aClockAt('2026-03-06T12:00:00Z');
    const first = await openStore({ url: from, clock, vault });
    t.after(() => first.close());
    await first.facts.append([look('1'), { ...look('secret'), sealedUntil: Temporal.Instant.from(thursday) }, waiver]);
    await openSealed({ clock, facts: first.facts, store: first, vault });
    await first.withheld.erase(4);
    const second = await openStore({ url: to, clock, vault });
    t.after(() => second.close());
    await assert.rejects(second.importChain(broken(first)), /cut off/);
    assert.deepEqual(await chainOf(second), []);
    await second.importChain(first.chain());
    assert.deepEqual(await chainOf(second), await chainOf(first));
    assert.deepEqual(await typesRead(second), await typesRead(first));
    await assert.rejects(second.importChain(first.chain()), { code: 'E0902' });
  });
}

async function* broken(store: Store): AsyncIterable<readonly ChainEntry[]> {
  yield* store.chain();
  throw new Error('cut off');
}

async function chainOf(store: Store): Promise<readonly ChainEntry[]> {
  return (await Array.fromAsync(store.chain())).flat();
}

async function typesRead(store: Store): Promise<readonly string[]> {
  const plain = bySubject((until) => store.facts.facts(0, until));
  const wanted = { subjects: [], startingWith: ['upstream ', 'vulnerability '] };
  const indexed = await Array.fromAsync(store.facts.factsAbout(wanted));
  assert.deepEqual(indexed, await Array.fromAsync(plain.factsAbout(wanted)), 'the index knows as much');
  return (await Array.fromAsync(store.facts.facts())).map(({ type }) => type);
}

function findings(chain: readonly ChainEntry[]): readonly string[] {
  const verifier = chainVerifier();
  for (const entry of chain) verifier.add(entry);
  return verifier.verdict().findings.map(({ seq, kind }) => `${seq} ${kind}`);
}
