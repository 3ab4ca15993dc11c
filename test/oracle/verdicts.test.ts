import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComponentVerdict } from '../../src/core/match/component-verdict.ts';
import { onLinux } from '../../src/core/match/component-verdict.ts';
import { verdictOn } from '../../src/core/match/verdict-on.ts';
import { packageKey } from '../../src/formats/osv/package-key.ts';
import { languageRecords } from '../support/advisory-sets.ts';
import { fixtureText } from '../support/fixtures.ts';

/** Verdicts on what others found in real images, and what people said of it afterwards. */

type Records = NonNullable<ReturnType<typeof languageRecords>>;

interface Asked {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly ids: readonly string[];
}

/** The strongest of all records that speak of the package under any of the ids; null where none does. */
function verdictFor({ ecosystem, name, version, ids }: Asked, records: Records): ComponentVerdict | null {
  const key = packageKey({ ecosystem, name });
  if (key === undefined) return null;
  const { purl: upstream, scheme } = key;
  const component = { purl: upstream, version, scheme, upstream, stream: '', package: '', patched: [] };
  const all = new Set(ids.flatMap(records));
  const said = [...all].flatMap((record) => verdictOn({ ...component, edge: 'contains' }, record, onLinux) ?? []);
  return said.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))[0] ?? null;
}

const ORDER: readonly ComponentVerdict['verdict'][] = ['affected', 'indeterminate', 'not-affected'];

/**
 * Why we say `not-affected` of what a scanner found, by record: it followed another database, GitHub's of that day, and these
 * are the ecosystem's own records, some of them newer.
 */
const DISAGREEMENTS: Readonly<Record<string, string>> = {
  'GO-2024-2748':
    'fixed in 0.16.13, 0.17.9 and 0.18.7-rc.0 by this record; found in all later versions of k8s.io/apimachinery',
  'GO-2023-2331': 'begins at 0.37.0 by this record; found in 0.25.0 and 0.35.0',
  'GO-2023-2328': 'fixed in 2.11.0 by this record; found in it',
  'GO-2023-2409': 'the version found is the very commit that this record names as the fix',
  'GO-2024-2454': 'fixed in 1.2.28 by this record; found in it',
  'RUSTSEC-2024-0376': 'begins at 0.12.2 by this record; found in 0.6.2 to 0.11.0',
  'GO-2024-2659': 'begins at 25.0.0 by this record; found in 20.10 and 23.0.3, which it does not speak of',
  'GO-2024-3186': 'fixed in 1.37.1 by this record; found in 1.37.5',
  // Here the record is wrong: its own text says that 6.6 was patched in 6.6.3.1.
  'CVE-2024-27281': 'this record calls all from rdoc 6.5.1.1 on patched; found in 6.6.2',
};

/** Records that are about Windows alone: the scanner does not ask. */
const ELSEWHERE: readonly string[] = [
  'GO-2023-1568',
  'GO-2023-2048',
  'GO-2023-2170',
  'GO-2023-2330',
  'GO-2024-3141',
  'RUSTSEC-2021-0145',
  'RUSTSEC-2023-0001',
  'RUSTSEC-2024-0019',
  'RUSTSEC-2024-0445',
];

/** Ecosystems of which a database lies here. Of Java, npm and .NET none does, of binaries there is none. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  'go-module': 'Go',
  python: 'PyPI',
  gem: 'RubyGems',
  'rust-crate': 'crates.io',
};

interface Detection {
  readonly aliases: readonly string[];
  readonly ctype: string;
  readonly cname: string;
  readonly cver: string;
  readonly fp: string | null;
}

interface Figures {
  found: number;
  affected: number;
  undetermined: number;
  /** Not affected, and explained above: by the system, or by a record that says more, or less, than the scanner's. */
  elsewhere: number;
  otherRecord: number;
  /** Found, and later called a false positive by people; and of these what we would not have called affected. */
  falsePositives: number;
  avoided: number;
}

test('verdictOn() agrees with what was found in the packages of a distribution and never called a false positive', (t) => {
  const text = fixtureText(t, 'wolfi-detections', '*/detections-before-2025.jsonl');
  const records = languageRecords(t, text ?? '');
  if (text === undefined || records === undefined) return;
  const figures = new Map<string, Figures>();
  const unexplained = new Set<string>();
  for (const line of text.trim().split('\n')) {
    const { ctype, cname: name, cver: version, aliases: ids, fp }: Detection = JSON.parse(line);
    const ecosystem = ECOSYSTEMS[ctype];
    const said = ecosystem === undefined ? null : verdictFor({ ecosystem, name, version, ids }, records);
    if (said === null) continue;
    const of = figures.get(ctype) ?? noFigures();
    figures.set(ctype, of);
    if (fp === null)
      count(of, said, () => unexplained.add(`${ctype} ${name} ${version}: ${said.words} (${said.record.id})`));
    else {
      of.falsePositives += 1;
      if (said.verdict !== 'affected') of.avoided += 1;
    }
  }
  for (const [ctype, of] of figures) t.diagnostic(`${ctype}: ${words(of)}`);
  assert.deepEqual([...unexplained], []);
  // Neither a record of another database nor a rule about systems is an error of ours; being undetermined may be.
  for (const [ctype, { found, affected, elsewhere, otherRecord }] of figures) {
    assert.ok(affected / (found - elsewhere - otherRecord) >= 0.99, `${ctype} agrees on 99 %`);
  }
});

function noFigures(): Figures {
  return { found: 0, affected: 0, undetermined: 0, elsewhere: 0, otherRecord: 0, falsePositives: 0, avoided: 0 };
}

function count(of: Figures, { verdict, because, record }: ComponentVerdict, surprise: () => void): void {
  of.found += 1;
  if (verdict === 'affected') of.affected += 1;
  else if (verdict === 'indeterminate') of.undetermined += 1;
  else if (because.kind === 'elsewhere' && ELSEWHERE.includes(record.id)) of.elsewhere += 1;
  else if (because.kind === 'outside' && record.id in DISAGREEMENTS) of.otherRecord += 1;
  else surprise();
}

function words(of: Figures): string {
  const { found, affected, undetermined, elsewhere, otherRecord, falsePositives, avoided } = of;
  const agreed = (affected / (found - elsewhere - otherRecord)) * 100;
  return (
    `${found} found, ${affected} affected (${((affected / found) * 100).toFixed(1)} %), ${undetermined} to be looked at, ` +
    `${elsewhere} for other systems only, ${otherRecord} where the records differ; ${agreed.toFixed(2)} % without these two; ` +
    `${avoided} of ${falsePositives} false positives not called affected`
  );
}

/** True positives by people that a record here denies, with what it says: a database more may know better. */
const LABELLED: Readonly<Record<string, string>> = {
  'CVE-2021-28965': 'rexml 3.2.3.1 is among the patched versions, beside 3.1.9.1 and 3.2.5',
  'PYSEC-2021-439': 'begins at Django 2.2; labelled in 1.11.29',
  'GO-2022-0274': 'begins at runc 1.0.1-0.20211012131345-9c444070ec7b; labelled in v0.1.1',
  'PYSEC-2021-855': 'ends at numpy 1.10.0; labelled in 1.21.2',
};

interface Label {
  readonly vulnerability_id?: string;
  readonly effective_cve?: string;
  readonly label: string;
  readonly package?: { readonly name?: string; readonly version?: string };
}

test('verdictOn() loses no true positive that people labelled, where the records here can decide', (t) => {
  const text = fixtureText(t, 'vulnerability-match-labels', '*/labels.jsonl');
  const records = languageRecords(t, text ?? '');
  if (text === undefined || records === undefined) return;
  const counts = new Map<string, number>();
  const lost = new Set<string>();
  for (const line of text.trim().split('\n')) {
    const { vulnerability_id: id, effective_cve: cve, label, package: about }: Label = JSON.parse(line);
    const ids = [id, cve].filter((each) => each !== undefined);
    // Labels do not say of which ecosystem a package is: its name and the record tell.
    const said = Object.values(ECOSYSTEMS).flatMap(
      (ecosystem) =>
        verdictFor({ ecosystem, name: about?.name ?? '', version: about?.version ?? '', ids }, records) ?? [],
    );
    const verdict = ORDER.find((each) => said.some((one) => one.verdict === each));
    const first = said.find((one) => one.verdict === verdict);
    if (first === undefined) continue;
    counts.set(`${label} ${first.verdict}`, (counts.get(`${label} ${first.verdict}`) ?? 0) + 1);
    const isLost = label === 'TP' && first.verdict === 'not-affected';
    if (isLost && !(first.record.id in LABELLED))
      lost.add(`${about?.name} ${about?.version} ${first.record.id}: ${first.words}`);
  }
  const of = (label: string, verdict: string): number => counts.get(`${label} ${verdict}`) ?? 0;
  for (const label of ['TP', 'FP']) {
    t.diagnostic(`${label}: ${ORDER.map((verdict) => `${of(label, verdict)} ${verdict}`).join(', ')}`);
  }
  assert.deepEqual([...lost], []);
  assert.ok(of('TP', 'affected') > 90);
});
