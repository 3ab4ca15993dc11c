import { parseDigest, type Digest } from '../digest.ts';
import type { Fact, FactType, NewFact } from '../fact.ts';
import { invariant } from '../invariant.ts';
import { canonicalJson } from './canonical-json.ts';
import { factIdOf, payloadDigest } from './fact-id.ts';
import { sha256 } from './sha256.ts';

/** The `prev` of the first fact. */
export const beforeFirst = '0'.repeat(64);

/**
 * A fact as the chain holds it: the envelope, its place, and beside it the payload. The envelope speaks of the payload
 * by digest only, so a payload can be sealed or erased and the chain still verifies. Instants are RFC 3339 text in UTC.
 */
export interface ChainEntry extends Envelope {
  /** Position, from 1. */
  readonly seq: number;
  /** Hash of the entry before, 64 zeros for the first. */
  readonly prev: string;
  /** SHA-256 hex of `prev` (as text) followed by the envelope's canonical JSON. */
  readonly hash: string;
  /** Canonical JSON of the payload; null when it is sealed or erased. */
  readonly payloadText: string | null;
}

interface Envelope {
  readonly v: number;
  readonly id: string;
  readonly type: string;
  readonly at: { readonly from: string; readonly to: string };
  readonly recordedAt: string;
  readonly by: string;
  readonly payloadDigest: string;
  readonly evidence: readonly string[];
}

/** A fact as plain JSON, for exports and reports: what `factFromJson` reads. */
export interface FactJson extends Envelope {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly payload: unknown;
}

/** Something about to be appended, with what does not depend on its place in the chain. */
export interface Draft {
  readonly fact: NewFact;
  readonly id: string;
  readonly payloadDigest: Digest;
  readonly payloadText: string;
}

/** Throws a TypeError when the payload is not plain JSON. */
export function draftOf(fact: NewFact): Draft {
  const payloadText = canonicalJson(fact.payload);
  const digest = payloadDigest(payloadText);
  return { fact, id: factIdOf(fact.type, digest, fact.sourceKey), payloadDigest: digest, payloadText };
}

/** Gives a draft its place after `previous` (null: the first). */
export function chain(
  draft: Draft,
  previous: { readonly seq: number; readonly hash: string } | null,
  recordedAt: Temporal.Instant,
): { readonly entry: ChainEntry; readonly fact: Fact } {
  const { type, at, by, evidence, payload } = draft.fact;
  const prev = previous?.hash ?? beforeFirst;
  const envelope: Envelope = {
    v: 1,
    id: draft.id,
    type,
    at: { from: at.from.toString(), to: at.to.toString() },
    recordedAt: recordedAt.toString(),
    by,
    payloadDigest: draft.payloadDigest,
    evidence,
  };
  const place = { seq: (previous?.seq ?? 0) + 1, prev, hash: chainHash(prev, envelope) };
  const entry = { ...envelope, ...place, payloadText: draft.payloadText };
  // The payload goes out as it would come back from the store: undefined members are not part of it.
  const whole = { v: 1, id: draft.id, type, at, recordedAt, by, payloadDigest: draft.payloadDigest, evidence, payload };
  return { entry, fact: { ...whole, ...place } as Fact };
}

/** The hash that the chain holds for this envelope after `prev`. */
export function chainHash(prev: string, envelope: Envelope): string {
  return sha256(prev + envelopeText(envelope));
}

/** Equal to `canonicalJson` of the envelope: the members stand here in their canonical order already. */
export function envelopeText(envelope: Envelope): string {
  const { at, by, evidence, id, payloadDigest: digest, recordedAt, type, v } = envelope;
  return JSON.stringify({
    at: { from: at.from, to: at.to },
    by,
    evidence,
    id,
    payloadDigest: digest,
    recordedAt,
    type,
    v,
  });
}

/** Undefined when the payload is sealed or erased. */
export function factFromEntry(entry: ChainEntry): Fact | undefined {
  if (entry.payloadText === null) return undefined;
  return factOf(entry, JSON.parse(entry.payloadText));
}

export function entryFromFact(fact: Fact): ChainEntry {
  const { payload, ...rest } = factToJson(fact);
  return { ...rest, payloadText: canonicalJson(payload) };
}

export function factToJson(fact: Fact): FactJson {
  return {
    v: fact.v,
    id: fact.id,
    type: fact.type,
    at: { from: fact.at.from.toString(), to: fact.at.to.toString() },
    recordedAt: fact.recordedAt.toString(),
    by: fact.by,
    payloadDigest: fact.payloadDigest,
    evidence: fact.evidence,
    seq: fact.seq,
    prev: fact.prev,
    hash: fact.hash,
    payload: fact.payload,
  };
}

/** Reads what `factToJson` wrote, of this program's own making; foreign bytes are verified as a chain first. */
export function factFromJson(json: FactJson): Fact {
  return factOf(json, json.payload);
}

function factOf(from: Omit<FactJson, 'payload'>, payload: unknown): Fact {
  const digest = parseDigest(from.payloadDigest);
  invariant(digest !== undefined, `fact ${from.seq} names its payload by a digest`);
  const fact = {
    v: 1,
    id: from.id,
    type: from.type as FactType,
    at: { from: Temporal.Instant.from(from.at.from), to: Temporal.Instant.from(from.at.to) },
    recordedAt: Temporal.Instant.from(from.recordedAt),
    by: from.by,
    payload,
    payloadDigest: digest,
    evidence: from.evidence as readonly Digest[],
    seq: from.seq,
    prev: from.prev,
    hash: from.hash,
  };
  return fact as Fact;
}
