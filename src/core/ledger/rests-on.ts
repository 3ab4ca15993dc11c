import type { ChainEntry } from './envelope.ts';
import { readJson } from './withheld.ts';

/** Digests of the bytes without which a fact's figures cannot be computed again: the inventory of a confirmed image. */
export function inventoriesOf({ type, payloadText }: ChainEntry): readonly string[] {
  if (type !== 'image-confirmed' || payloadText === null) return [];
  const payload = readJson(payloadText);
  const named =
    typeof payload === 'object' && payload !== null && 'inventory' in payload ? payload.inventory : undefined;
  return typeof named === 'string' ? [named] : [];
}

/** Everything that a fact rests on, each digest once. */
export function restsOn(entry: ChainEntry): readonly string[] {
  return [...new Set([...entry.evidence, ...inventoriesOf(entry)])];
}
