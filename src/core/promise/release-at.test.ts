import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseAt, type ReleaseEvidence } from './release-at.ts';

const LOOKS = { lastLookWithout: '2026-03-01T08:00:00Z', firstSighting: '2026-03-01T10:00:00Z' };

const CASES: readonly {
  readonly name: string;
  readonly evidence: Partial<Record<keyof ReleaseEvidence, string | null>>;
  readonly expect: readonly [from: string, to: string];
}[] = [
  { name: 'no date: between our looks', evidence: {}, expect: [LOOKS.lastLookWithout, LOOKS.firstSighting] },
  {
    name: 'no earlier look and no date: since ever',
    evidence: { lastLookWithout: null },
    expect: ['1970-01-01T00:00:00Z', LOOKS.firstSighting],
  },
  {
    name: 'a registry date between our looks is the moment',
    evidence: { publishedAt: '2026-03-01T09:00:00Z', authoredAt: '2026-03-01T08:30:00Z' },
    expect: ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z'],
  },
  {
    name: 'a registry date exactly at the look without it',
    evidence: { publishedAt: LOOKS.lastLookWithout },
    expect: [LOOKS.lastLookWithout, LOOKS.lastLookWithout],
  },
  {
    name: 'a registry date exactly at the first sighting',
    evidence: { publishedAt: LOOKS.firstSighting },
    expect: [LOOKS.firstSighting, LOOKS.firstSighting],
  },
  {
    name: 'a registry date one second before our looks is not believed',
    evidence: { publishedAt: '2026-03-01T07:59:59Z' },
    expect: [LOOKS.lastLookWithout, LOOKS.firstSighting],
  },
  {
    name: 'a registry date one second after the first sighting is not believed',
    evidence: { publishedAt: '2026-03-01T10:00:01Z' },
    expect: [LOOKS.lastLookWithout, LOOKS.firstSighting],
  },
  {
    name: "an author's date between our looks is a lower bound",
    evidence: { authoredAt: '2026-03-01T08:30:00Z' },
    expect: ['2026-03-01T08:30:00Z', LOOKS.firstSighting],
  },
  {
    name: "an author's date before our looks says nothing",
    evidence: { authoredAt: '2026-02-22T00:00:00Z' },
    expect: [LOOKS.lastLookWithout, LOOKS.firstSighting],
  },
];

for (const { name, evidence, expect } of CASES) {
  test(`releaseAt(): ${name}`, () => {
    const { from, to } = releaseAt(evidenceFrom({ ...LOOKS, ...evidence }));
    assert.deepEqual([from.toString(), to.toString()], expect);
  });
}

function evidenceFrom(texts: Partial<Record<keyof ReleaseEvidence, string | null>>): ReleaseEvidence {
  const at = (text: string | null | undefined): Temporal.Instant | null =>
    text === null || text === undefined ? null : Temporal.Instant.from(text);
  return {
    lastLookWithout: at(texts.lastLookWithout),
    firstSighting: Temporal.Instant.from(LOOKS.firstSighting),
    publishedAt: at(texts.publishedAt),
    authoredAt: at(texts.authoredAt),
  };
}
