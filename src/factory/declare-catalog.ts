import { digestOf } from '../core/digest.ts';
import type { Catalog } from '../core/catalog/catalog.ts';
import type { Fact, FactPayloads, InstantText, NewFact } from '../core/fact.ts';
import { declareExceptions } from './declare-exceptions.ts';
import { heldPackages } from '../core/plan/held-packages.ts';
import type { Stock } from '../core/plan/stock.ts';
import { canonicalJson } from '../core/ledger/canonical-json.ts';
import type { ClockDeps, FactStore } from './deps.ts';
import type { Memory } from './memory.ts';

export interface DeclareCatalogDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'append'>;
}

/** Puts into the ledger what the catalog declares: lines, policy and exceptions, whenever they changed. */
export async function declareCatalog(
  catalog: Catalog,
  memory: Pick<Memory, 'stock' | 'declared'>,
  deps: DeclareCatalogDeps,
): Promise<readonly Fact[]> {
  const { stock, declared } = memory;
  if (declared?.catalog === catalog && declared.declarations === stock.declarations) return [];
  const facts = declarations(catalog, stock, deps.clock.now());
  if (facts.length > 0) return deps.facts.append(facts);
  // What begins later is asked about until it has begun.
  if (catalog.exceptions.some(({ granted }) => isAhead(granted, deps.clock.now()))) return [];
  memory.declared = { catalog, declarations: stock.declarations };
  return [];
}

function declarations(catalog: Catalog, stock: Stock, now: Temporal.Instant): NewFact[] {
  const common = { at: { from: now, to: now }, by: 'suture', evidence: [], sourceKey: now.toString() };
  const facts: NewFact[] = [];
  const digest = digestOf(canonicalJson(catalog.policy));
  if (stock.policy !== digest) {
    facts.push({
      ...common,
      type: 'policy-adopted',
      payload: { digest, from: now.toString(), policy: catalog.policy },
    });
  }
  facts.push(...declareExceptions(catalog.exceptions, stock, now).map((fact) => ({ ...common, ...fact })));
  const declared = new Set<string>();
  for (const each of catalog.lines) {
    const { line, architectures, supportUntil } = each;
    declared.add(line);
    const held = heldPackages(each);
    const payload = { line, architectures, supportUntil, ...(held.length === 0 ? {} : { held }) };
    if (!isSameDeclaration(stock.lines.get(line), payload)) facts.push({ ...common, type: 'line-declared', payload });
  }
  // A line that left the catalog is promised on no architecture any more.
  for (const [line, { supportUntil, architectures }] of stock.lines) {
    if (!declared.has(line) && architectures.length > 0) {
      facts.push({ ...common, type: 'line-declared', payload: { line, architectures: [], supportUntil } });
    }
  }
  return facts;
}

function isAhead(granted: InstantText, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(granted, now) > 0;
}

function isSameDeclaration(
  known: FactPayloads['line-declared'] | undefined,
  next: FactPayloads['line-declared'],
): boolean {
  return (
    known !== undefined &&
    known.supportUntil === next.supportUntil &&
    known.architectures.join() === next.architectures.join() &&
    heldText(known) === heldText(next)
  );
}

function heldText({ held = [] }: FactPayloads['line-declared']): string {
  return held.map(({ name, bound }) => `${name}${bound}`).join();
}
