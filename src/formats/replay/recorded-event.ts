import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, VersionScheme } from '../../core/match/advisory.ts';
import { branchOf } from '../../core/match/stream-of.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { packageKey } from '../osv/package-key.ts';

/** What a recorded public history says, in the order in which it happened (docs/how-to/replay-a-history.md). */
export type RecordedEvent = HistoryHead | Happening;

export type Happening =
  | RecordedRelease
  | { readonly kind: 'advisory'; readonly at: Temporal.Instant; readonly record: AdvisoryRecord }
  | RecordedLine
  /** It is no longer kept. */
  | { readonly kind: 'end'; readonly at: Temporal.Instant; readonly line: string };

/** The first line of a history: what it is, and the period that figures are about. */
export interface HistoryHead {
  readonly kind: 'history';
  readonly name: string;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  /** What can and cannot be known from where it was taken, in sentences. */
  readonly notes: readonly string[];
}

export interface RecordedRelease {
  readonly kind: 'release';
  /** When it became available, as far as the history can know. */
  readonly at: Temporal.Instant;
  readonly upstream: string;
  readonly stream: string;
  readonly version: string;
}

/** `line`: it is kept from now on, with these components. `held`: what the recorded line was seen to hold from now on. */
export interface RecordedLine {
  readonly kind: 'line' | 'held';
  readonly at: Temporal.Instant;
  readonly line: string;
  readonly components: readonly RecordedComponent[];
}

export interface RecordedComponent {
  readonly upstream: string;
  readonly version: string;
  readonly stream: string;
  readonly scheme: VersionScheme;
}

const SCHEMA = 'suture/replay-history/1';
const word = z.string().min(1).max(500);
const component = z.strictObject({ upstream: word, version: word, stream: word.optional() });
const at = z.string();
const event = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('history'),
    schema: z.literal(SCHEMA),
    name: word,
    from: at,
    to: at,
    notes: z.array(z.string()).default([]),
  }),
  z.strictObject({ kind: z.literal('release'), at, upstream: word, version: word, stream: word.optional() }),
  z.strictObject({ kind: z.literal('advisory'), at, source: word, record: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.enum(['line', 'held']), at, line: word, components: z.array(component).max(10_000) }),
  z.strictObject({ kind: z.literal('end'), at, line: word }),
]);

/** One line of `history.jsonl`; `where` is its file and number. Throws Failure E0904 when it is none. */
export function parseRecordedEvent(text: string, where: string): RecordedEvent {
  const parsed = event.safeParse(jsonOf(text, where));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(where, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no event'}`);
  }
  const { data } = parsed;
  switch (data.kind) {
    case 'history':
      return { ...data, from: instantOf(data.from, where), to: instantOf(data.to, where) };
    case 'release':
      return {
        ...data,
        at: instantOf(data.at, where),
        stream: data.stream ?? branchOf(data.upstream, data.version),
      };
    case 'advisory': {
      const observedAt = instantOf(data.at, where);
      const record = parseOsv(data.record, { name: where, source: data.source, observedAt });
      return { kind: 'advisory', at: observedAt, record };
    }
    case 'line':
    case 'held':
      return { ...data, at: instantOf(data.at, where), components: data.components.map(componentOf) };
    case 'end':
      return { ...data, at: instantOf(data.at, where) };
  }
}

/** An event as it is written: what `parseRecordedEvent` reads. An advisory is written in its publisher's words. */
export type WrittenEvent =
  | (Omit<HistoryHead, 'from' | 'to'> & { readonly from: string; readonly to: string })
  | {
      readonly kind: 'release';
      readonly at: string;
      readonly upstream: string;
      readonly version: string;
      readonly stream?: string;
    }
  | { readonly kind: 'advisory'; readonly at: string; readonly source: string; readonly record: unknown }
  | {
      readonly kind: 'line' | 'held';
      readonly at: string;
      readonly line: string;
      readonly components: readonly { readonly upstream: string; readonly version: string; readonly stream?: string }[];
    }
  | { readonly kind: 'end'; readonly at: string; readonly line: string };

export function encodeRecordedEvent(written: WrittenEvent): string {
  return JSON.stringify(written.kind === 'history' ? { ...written, schema: SCHEMA } : written);
}

function componentOf({ upstream, version, stream }: z.infer<typeof component>): RecordedComponent {
  const scheme = packageKey({ ecosystem: '', name: 'x', purl: upstream })?.scheme ?? 'generic';
  return { upstream, version, stream: stream ?? branchOf(upstream, version), scheme };
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable(where, 'it is not JSON', cause);
  }
}

function instantOf(text: string, where: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch (cause) {
    throw unusable(where, `${text} is no instant; a date, a time and a zone are needed`, cause);
  }
}

function unusable(where: string, why: string, cause?: unknown): Failure {
  return new Failure('E0904', 'A line of the history is no event', {
    at: where,
    why,
    kept: 'nothing was replayed',
    hint: 'docs/how-to/replay-a-history.md shows each kind of event',
    ...(cause === undefined ? {} : { cause }),
  });
}
