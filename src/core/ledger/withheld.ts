import type { FactType } from '../fact.ts';
import type { ChainEntry } from './envelope.ts';
import type { ChainFinding } from './chain-finding.ts';
import { maySealUntil, SEALED_DAYS_MAX } from './sealed-until.ts';

/**
 * Facts that may be erased: each only excuses or decides about work, so a figure without it is the same or worse. What ends
 * an excuse (`exception-ended`) may not: without it a miss could look excused.
 */
const erasable: ReadonlySet<string> = new Set<FactType>(['exception-granted', 'review-decided']);

/** What the chain itself needs in the clear. */
const neverSealed: ReadonlySet<string> = new Set<FactType>(['payload-sealed', 'payload-erased', 'head-signed']);

export function mayBeErased(type: string): boolean {
  return erasable.has(type);
}

export function mayBeSealed(type: string): boolean {
  return !neverSealed.has(type);
}

export interface Withheld {
  /** Each entry of the chain, in order. */
  add(entry: ChainEntry): void;
  verdict(): {
    readonly findings: readonly ChainFinding[];
    /** How many facts cannot be read, by reason. */
    readonly sealed: number;
    readonly erased: number;
  };
}

/** Watches that no payload is gone without a fact that says why. */
export function withheldWatch(): Withheld {
  const absent: ChainEntry[] = [];
  const sealed = new Set<string>();
  const erased = new Map<string, number>();
  const erasableIds = new Set<string>();
  const wrong: ChainFinding[] = [];
  let before: string | undefined;
  return {
    add(entry) {
      if (entry.payloadText === null) absent.push(entry);
      if (mayBeErased(entry.type)) erasableIds.add(entry.id);
      const fact = factNamedBy(entry);
      if (fact !== undefined && entry.type === 'payload-erased') erased.set(fact, entry.seq);
      // Sealed is a fact from its first moment: nobody hides one later that has become inconvenient.
      if (fact !== undefined && entry.type === 'payload-sealed') {
        if (fact === before) sealed.add(fact);
        else wrong.push(notBefore(entry.seq, fact));
        const until = untilOf(entry);
        if (!maySealUntil(entry.recordedAt, until)) wrong.push(tooLong(entry.seq, { fact, until }));
      }
      before = entry.id;
    },
    verdict() {
      const unexplained = absent.filter(({ id }) => !sealed.has(id) && !erased.has(id));
      const refused = [...erased].filter(([fact]) => !erasableIds.has(fact));
      const erasedCount = absent.filter(({ id }) => erased.has(id)).length;
      return {
        findings: [...unexplained.map(gone), ...wrong, ...refused.map(([fact, seq]) => notErasable(seq, fact))],
        sealed: absent.length - unexplained.length - erasedCount,
        erased: erasedCount,
      };
    },
  };
}

const naming: ReadonlySet<string> = new Set<FactType>(['payload-sealed', 'payload-erased']);

/** The id in the payload of `payload-sealed` or `payload-erased`; undefined for other facts, or where it names none. */
export function factNamedBy({ type, payloadText }: ChainEntry): string | undefined {
  if (!naming.has(type) || payloadText === null) return undefined;
  const payload: unknown = readJson(payloadText);
  const fact = typeof payload === 'object' && payload !== null && 'fact' in payload ? payload.fact : undefined;
  return typeof fact === 'string' ? fact : undefined;
}

function untilOf({ payloadText }: ChainEntry): string {
  const payload = readJson(payloadText ?? '') as { readonly until?: unknown };
  return typeof payload.until === 'string' ? payload.until : '';
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function gone({ seq }: ChainEntry): ChainFinding {
  const message = `The payload of fact ${seq} is gone, and no fact says that it was sealed or erased`;
  return { seq, kind: 'absent', message };
}

function notBefore(seq: number, fact: string): ChainFinding {
  return { seq, kind: 'absent', message: `Fact ${seq} seals fact ${fact}, which is not the one before it` };
}

function tooLong(seq: number, { fact, until }: { readonly fact: string; readonly until: string }): ChainFinding {
  const when = until === '' ? 'for ever' : `until ${until.slice(0, 40)}`;
  const message = `Fact ${seq} seals fact ${fact} ${when}: nothing may be sealed for more than ${SEALED_DAYS_MAX} days`;
  return { seq, kind: 'absent', message };
}

function notErasable(seq: number, fact: string): ChainFinding {
  const message = `Fact ${seq} says that fact ${fact} was erased: that is none that may be`;
  return { seq, kind: 'absent', message };
}
