import { canonicalJson } from './canonical-json.ts';
import type { ChainEntry } from './envelope.ts';

/** A fact as one line of an export: canonical JSON, without the line feed. The payload's text is canonical already. */
export function factLine(entry: ChainEntry): string {
  const { at, by, evidence, hash, id, payloadDigest, payloadText, prev, recordedAt, seq, type, v } = entry;
  const first = JSON.stringify({ at: { from: at.from, to: at.to }, by, evidence, hash, id });
  const last = JSON.stringify({ payloadDigest, prev, recordedAt, seq, type, v });
  const payload = payloadText === null ? '' : `"payload":${payloadText},`;
  return `${first.slice(0, -1)},${payload}${last.slice(1)}`;
}

/** Reads such a line; undefined when it is not the one text that `factLine` writes for it. */
export function parseFactLine(line: string): ChainEntry | undefined {
  try {
    const value = JSON.parse(line) as LineOf<ChainEntry>;
    const payloadText = value.payload === undefined ? null : canonicalJson(value.payload);
    const { at, by, evidence, hash, id, payloadDigest, prev, recordedAt, seq, type, v } = value;
    if (!isShaped(value)) return undefined;
    const entry = { at, by, evidence, hash, id, payloadDigest, payloadText, prev, recordedAt, seq, type, v };
    return factLine(entry) === line ? entry : undefined;
  } catch {
    return undefined;
  }
}

type LineOf<Entry> = Omit<Entry, 'payloadText'> & { readonly payload?: unknown };

function isShaped({ at, by, evidence, hash, id, payloadDigest, prev, recordedAt, seq, type, v }: LineOf<ChainEntry>) {
  const texts: readonly unknown[] = [at.from, at.to, by, hash, id, payloadDigest, prev, recordedAt, type, ...evidence];
  return (
    v === 1 && Array.isArray(evidence) && Number.isSafeInteger(seq) && texts.every((each) => typeof each === 'string')
  );
}
