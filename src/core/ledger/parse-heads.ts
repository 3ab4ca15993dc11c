import type { ChainHead } from './head-signing.ts';
import { readJson } from './withheld.ts';

/**
 * Heads as people keep them, one a line: `SEQ:HASH` or the JSON of a signed head. Empty lines are passed over; undefined when
 * a line is neither, or there is none.
 */
export function parseHeads(text: string): readonly ChainHead[] | undefined {
  const heads = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(headOf);
  return heads.length > 0 && heads.every((head) => head !== undefined) ? heads : undefined;
}

function headOf(line: string): ChainHead | undefined {
  const [, digits, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(line) ?? [];
  if (digits !== undefined) return { seq: Number(digits), hash };
  const value = readJson(line);
  if (typeof value !== 'object' || value === null || !('seq' in value) || !('hash' in value)) return undefined;
  if (!Number.isSafeInteger(value.seq) || typeof value.hash !== 'string') return undefined;
  return { seq: Number(value.seq), hash: value.hash };
}
