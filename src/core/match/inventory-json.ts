import { invariant } from '../invariant.ts';
import type { Inventory } from './inventory.ts';

/** The bytes under which an inventory is kept as evidence; the same inventory gives the same bytes. */
export function encodeInventory(inventory: Inventory): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ components: inventory.components, packages: inventory.packages }));
}

/** Reads what `encodeInventory` wrote; the caller has checked the digest, so other bytes are our own mistake. */
export function decodeInventory(bytes: Uint8Array): Inventory {
  const value: Partial<Inventory> = JSON.parse(new TextDecoder().decode(bytes));
  invariant(
    Array.isArray(value.components) && Array.isArray(value.packages),
    'an inventory blob holds components and packages',
  );
  return { packages: value.packages, components: value.components };
}
