import type { FactOf } from '../fact.ts';
import { withInOrder } from './dated.ts';
import { fileFact } from './file-fact.ts';
import { releaseIn, upstreamIn, watchOf, type History, type UpstreamHistory } from './history.ts';
import { linesThatMayHold } from './may-hold.ts';
import type { Pair } from './pair.ts';
import { dropMoved, holdsDespite } from './starts.ts';
import { reclassify, type Vulnerability } from './vulnerability.ts';

export function takeRelease(history: History, fact: FactOf<'release-observed'>): readonly Pair[] {
  const upstream = upstreamIn(history, fact.payload.upstream);
  const watch = watchOf(upstream);
  const entry = fileFact(history, fact, { says: fact.payload, lists: [], subject: upstream });
  watch.observations = withInOrder(watch.observations, entry);
  return pairsThatStartOtherwise(history, upstream, holdsDespite(releaseIn(watch, fact.payload.version)));
}

export function takeReleaseWithdrawal(history: History, fact: FactOf<'release-withdrawn'>): readonly Pair[] {
  const upstream = upstreamIn(history, fact.payload.upstream);
  const watch = watchOf(upstream);
  const entry = fileFact(history, fact, { says: fact.payload, lists: [], subject: upstream });
  watch.withdrawals = withInOrder(watch.withdrawals, entry);
  return pairsThatStartOtherwise(history, upstream, holdsDespite(releaseIn(watch, fact.payload.version)));
}

export function takeStreamEnd(history: History, fact: FactOf<'stream-ended'>): readonly Pair[] {
  const upstream = upstreamIn(history, fact.payload.upstream);
  const { stream } = fact.payload;
  const watch = watchOf(upstream);
  const ends = watch.streamEnds.get(stream) ?? [];
  watch.streamEnds = new Map(watch.streamEnds).set(stream, ends);
  fileFact(history, fact, { says: fact.payload, lists: [ends], subject: upstream });
  return pairsThatStartOtherwise(history, upstream, (_, { question }) => question.floor.component.stream !== stream);
}

/** Somebody looked at the code: touches the vulnerability's lines, whatever its advisories say (edge case 30). */
export function takeVerification(history: History, fact: FactOf<'fix-verified'>): readonly Pair[] {
  const upstream = upstreamIn(history, fact.payload.upstream);
  const watch = watchOf(upstream);
  const { version } = fact.payload;
  const verifications = watch.verifications.get(version) ?? [];
  watch.verifications = new Map(watch.verifications).set(version, verifications);
  fileFact(history, fact, { says: fact.payload, lists: [verifications], subject: upstream });
  for (const record of upstream.records) {
    for (const line of linesThatMayHold(history, record)) record.lines.add(line);
  }
  return reclassify(history, [fact.payload.vulnerability]);
}

/** Which form of source our recipe uses decides which moment of a release counts (promise rule 3). */
export function takeBuild(history: History, fact: FactOf<'package-built'>): readonly Pair[] {
  const { form, name } = fact.payload;
  const upstream = upstreamIn(history, fact.payload.upstream);
  if (form === undefined || upstream.watch?.forms.get(name) === form) return [];
  const watch = watchOf(upstream);
  watch.forms = new Map(watch.forms).set(name, form);
  return pairsOfUpstream(history, upstream);
}

export function pairsOfUpstream(history: History, upstream: UpstreamHistory): readonly Pair[] {
  return vulnerabilitiesIn(history, upstream).flatMap((vulnerability) => {
    vulnerability.starts.clear();
    return [...vulnerability.pairs.values()];
  });
}

/** Only pairs whose start may move are touched, and those that nobody has judged since they were touched before. */
function pairsThatStartOtherwise(
  history: History,
  upstream: UpstreamHistory,
  holds: Parameters<typeof dropMoved>[2],
): readonly Pair[] {
  return vulnerabilitiesIn(history, upstream).flatMap((vulnerability) => {
    const moved = dropMoved(vulnerability, upstream, holds);
    const isTouched = ({ judged }: Pair): boolean => judged === null || judged.answered.some((each) => moved.has(each));
    return [...vulnerability.pairs.values()].filter(isTouched);
  });
}

function vulnerabilitiesIn(history: History, upstream: UpstreamHistory): readonly Vulnerability[] {
  return [...new Set([...upstream.records].flatMap((record) => history.vulnerabilities.get(record.id) ?? []))];
}
