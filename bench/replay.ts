import { invariant } from '../src/core/invariant.ts';
import { defaultAssumptions } from '../src/factory/replay/assumptions.ts';
import { replay } from '../src/factory/replay/replay.ts';
import { parseRecordedEvent, type RecordedEvent } from '../src/formats/replay/recorded-event.ts';
import type { Measured } from './main.ts';

const EVENTS = Number(process.env['SUTURE_BENCH_EVENTS'] ?? 100_000);
const LINES = 300;
const UPSTREAMS = 60;
const COMPONENTS = 4;
/** Of a hundred events; the rest say what lines were seen to hold. */
const RELEASES = 1;
const ADVISORIES = 9;
const LIMIT_S = 120;

/** A year of many events, read and replayed; against the limit of two minutes. */
export async function run(): Promise<Measured> {
  const texts = [...madeUpYear()];
  const [readS, events] = await timed(async () =>
    texts.map((text, index) => parseRecordedEvent(text, `line ${index + 1}`)),
  );
  const [replayS, { ours }] = await timed(
    async () => await replay(events satisfies readonly RecordedEvent[], defaultAssumptions),
  );
  invariant(ours.ended > 0, 'fixes reach the lines');
  // Of this process alone: the machine may be busy with others.
  const cpuS = process.cpuUsage().user / 1e6;
  return {
    figures: {
      events: texts.length,
      readS: rounded(readS),
      replayS: rounded(replayS),
      cpuS: rounded(cpuS),
      obligations: ours.counted,
      rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    },
    ratio: { against: `${LIMIT_S} s of processor`, value: rounded(cpuS / LIMIT_S) },
  };
}

function* madeUpYear(): Generator<string> {
  const begins = Temporal.Instant.from('2024-01-01T00:00:00Z');
  const ends = begins.add({ hours: 365 * 24 });
  const at = (index: number): string => {
    const share = index / EVENTS;
    return begins.add({ seconds: Math.round(share * 365 * 86_400) }).toString();
  };
  const upstream = (index: number): string => `pkg:golang/example.com/module-${index % UPSTREAMS}`;
  const componentsOf = (line: number, patch: number) =>
    Array.from({ length: COMPONENTS }, (_, index) => ({
      upstream: upstream(line * 7 + index * 13),
      version: `1.0.${patch}`,
    }));
  const head = { kind: 'history', schema: 'suture/replay-history/1', name: 'made up', from: begins, to: ends };
  yield JSON.stringify(head);
  for (let line = 0; line < LINES; line += 1)
    yield JSON.stringify({ kind: 'line', at: at(0), line: `line-${line}`, components: componentsOf(line, 0) });
  for (let index = LINES + 1; index < EVENTS; index += 1) {
    const turn = index % 100;
    const patch = 1 + Math.floor((index * RELEASES) / 100 / UPSTREAMS);
    const of = upstream(Math.floor(index / 100));
    if (turn < RELEASES)
      yield JSON.stringify({ kind: 'release', at: at(index), upstream: of, version: `1.0.${patch}` });
    else if (turn < RELEASES + ADVISORIES)
      yield JSON.stringify(advisory(of, `1.0.${patch}`, { at: at(index), turn, index }));
    else {
      const line = index % LINES;
      yield JSON.stringify({
        kind: 'held',
        at: at(index),
        line: `line-${line}`,
        components: componentsOf(line, patch - 1),
      });
    }
  }
}

/** A record for each ten releases is new; the others say of one that it changed. */
function advisory(
  of: string,
  fixed: string,
  said: { readonly at: string; readonly turn: number; readonly index: number },
) {
  const id = `OSV-2024-${Math.floor(said.index / 1000)}`;
  const events = [{ introduced: '0' }, { fixed }];
  const affected = [
    { package: { ecosystem: 'Go', name: of.slice('pkg:golang/'.length) }, ranges: [{ type: 'SEMVER', events }] },
  ];
  const record = { id, modified: said.at, summary: `said ${said.turn} times`, affected };
  return { kind: 'advisory', at: said.at, source: 'osv', record };
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
