import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock, Obligation, Standing } from './standing.ts';
import { timePassed, waivedUntil } from './time-passed.ts';

const at = (text: string) => Temporal.Instant.from(text);
const due = at('2026-03-03T10:00:00Z');
const until = at('2026-03-20T00:00:00Z');

const cases: readonly {
  readonly what: string;
  readonly from: Obligation;
  readonly now: string;
  readonly standing: Standing;
  readonly missedAt: string | null;
}[] = [
  {
    what: 'at the deadline is in time',
    from: obligation('on-track'),
    now: '2026-03-03T10:00:00Z',
    standing: 'on-track',
    missedAt: null,
  },
  {
    what: 'one second after the deadline',
    from: obligation('on-track'),
    now: '2026-03-03T10:00:01Z',
    standing: 'overdue',
    missedAt: '2026-03-03T10:00:00Z',
  },
  {
    what: 'waived, past its deadline: the miss is latched, the waiver holds',
    from: obligation('excluded', { waiver: true }),
    now: '2026-03-19T23:59:59Z',
    standing: 'excluded',
    missedAt: '2026-03-03T10:00:00Z',
  },
  {
    what: 'the waiver expires on that instant: overdue at once',
    from: obligation('excluded', { waiver: true }),
    now: '2026-03-20T00:00:00Z',
    standing: 'overdue',
    missedAt: '2026-03-03T10:00:00Z',
  },
  {
    what: 'the waiver expires before the deadline of a later release, after a miss: overdue at once',
    from: obligation('excluded', { waiver: true, due: at('2026-04-01T00:00:00Z'), missedAt: due }),
    now: '2026-03-20T00:00:00Z',
    standing: 'overdue',
    missedAt: '2026-03-03T10:00:00Z',
  },
  {
    what: 'the waiver expires before there is a release',
    from: obligation('excluded', { waiver: true, due: null }),
    now: '2026-03-20T00:00:00Z',
    standing: 'waiting',
    missedAt: null,
  },
  {
    what: 'waiting has no deadline to pass',
    from: obligation('waiting', { due: null }),
    now: '2027-01-01T00:00:00Z',
    standing: 'waiting',
    missedAt: null,
  },
  {
    what: 'met stays met',
    from: obligation('met', { t1: due }),
    now: '2027-01-01T00:00:00Z',
    standing: 'met',
    missedAt: null,
  },
];

for (const { what, from, now, standing, missedAt } of cases) {
  test(`timePassed() is ${standing}: ${what}`, () => {
    const seen = timePassed(from, at(now));
    assert.equal(seen.standing, standing);
    assert.equal(seen.clock.missedAt?.toString() ?? null, missedAt);
  });
}

test('waivedUntil() is null for what ended under its waiver', () => {
  const open = obligation('excluded', { waiver: true });
  assert.equal(waivedUntil(open)?.toString(), until.toString());
  assert.equal(waivedUntil({ ...open, claims: [] }), null);
  assert.equal(waivedUntil(obligation('on-track', { waiver: true })), null);
});

function obligation(
  standing: Standing,
  given: {
    readonly due?: Temporal.Instant | null;
    readonly t1?: Temporal.Instant;
    readonly missedAt?: Temporal.Instant;
    readonly waiver?: true;
  } = {},
): Obligation {
  const clock: Clock = {
    t0: at('2026-03-01T10:00:00Z'),
    due: given.due === undefined ? due : given.due,
    t1: given.t1 ?? null,
    missedAt: given.missedAt ?? null,
    marginSeconds: null,
  };
  return {
    id: 'o',
    vulnerability: 'CVE-2026-0001',
    aliases: [],
    summary: '',
    line: 'hello:1',
    severity: { level: 'high', by: null },
    exploited: false,
    standing,
    clock,
    clocks: { release: clock, releaseAndKnown: clock },
    claims: [
      {
        upstream: 'pkg:generic/hello',
        stream: '1.0',
        standing,
        clock,
        versions: ['1.0.0'],
        packages: ['hello'],
        fix: null,
        endedBy: null,
        architectures: [],
      },
    ],
    discoveredAt: at('2026-03-01T10:00:00Z'),
    waiver: given.waiver === true ? { approver: 'ada', reason: 'not reachable', until } : null,
    hold: null,
  };
}
