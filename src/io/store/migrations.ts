import type { Engine } from './engine.ts';

interface Migration {
  readonly name: string;
  readonly statements: (kind: Engine['kind']) => readonly string[];
}

/** Never edited, only added to: a store in the field has run these very statements. */
export const migrations: readonly Migration[] = [
  { name: 'facts', statements: facts },
  { name: 'work', statements: work },
  { name: 'obligations', statements: obligations },
  { name: 'reasons', statements: reasons },
  { name: 'outcome changes', statements: outcomeChanges },
  { name: 'sealed payloads', statements: sealedPayloads },
  { name: 'runs and pulse', statements: runsAndPulse },
  { name: 'fact subjects', statements: factSubjects },
];

function facts(kind: Engine['kind']): readonly string[] {
  // SQLite keeps rows in the order of a key that is spelled exactly `integer primary key`.
  const key = kind === 'sqlite' ? 'integer primary key' : 'bigint primary key';
  return [
    `create table facts (
      seq ${key}, id text not null unique, type text not null, at_from text not null, at_to text not null,
      recorded_at text not null, recorded_us bigint not null, by text not null, payload_digest text not null,
      evidence text not null, prev text not null, hash text not null)`,
    `create table payloads (seq ${key} references facts (seq), json text not null)`,
  ];
}

function work(kind: Engine['kind']): readonly string[] {
  const identity =
    kind === 'sqlite' ? 'integer primary key autoincrement' : 'bigint generated always as identity primary key';
  return [
    `create table steps (
      key text primary key, worker text, attempt integer not null, leased_until_us bigint, outcome text)`,
    `create table operations (
      id ${identity}, at text not null, step text not null, message text not null, level text not null)`,
    `create table looks (
      upstream text not null, form text not null, at text not null, at_us bigint not null,
      versions_digest text not null, primary key (upstream, form))`,
    `create table daemon_holder (
      one integer primary key, pid integer not null, host text not null, since text not null)`,
  ];
}

/** The indices beside the keys are what the board stands on: see board.ts for which question uses which. */
function obligations(kind: Engine['kind']): readonly string[] {
  // Sorted by bytes in both engines, whatever language the server speaks.
  const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
  return [
    `create table obligations (
      id ${text} not null, recorded_from_us bigint not null, recorded_to_us bigint, vulnerability ${text} not null,
      line ${text} not null, severity text not null, standing text not null, rank bigint not null, t0_us bigint,
      due_us bigint, t1_us bigint, missed_us bigint, margin_seconds double precision, waiver_until_us bigint,
      json text not null, primary key (id, recorded_from_us))`,
    'create unique index obligations_current on obligations (id) where recorded_to_us is null',
    'create index obligations_board on obligations (standing, rank, id) where recorded_to_us is null',
    `create index obligations_margin on obligations (standing, margin_seconds)
      where recorded_to_us is null and margin_seconds is not null`,
    `create index obligations_waivers on obligations (standing, waiver_until_us)
      where recorded_to_us is null and waiver_until_us is not null`,
    `create index obligations_as_of on obligations
      (recorded_from_us, recorded_to_us, standing, rank, due_us, waiver_until_us, margin_seconds, id)`,
    'create index obligations_vulnerability on obligations (vulnerability)',
    'create index obligations_line on obligations (line)',
    'create table obligation_aliases (alias text not null, id text not null, primary key (alias, id))',
    'create table obligation_counts (standing text primary key, n bigint not null)',
    'create table projection (one integer primary key, seq bigint not null)',
    'insert into projection (one, seq) values (1, 0)',
  ];
}

function outcomeChanges(): readonly string[] {
  return [
    'alter table steps add column changed bigint not null default 0',
    'update steps set changed = 1 where outcome is not null',
    'create index steps_changed on steps (changed, key)',
  ];
}

function reasons(kind: Engine['kind']): readonly string[] {
  const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
  return [
    `create table reasons (
      obligation ${text} not null, from_us bigint not null, who text not null, text text not null,
      primary key (obligation, from_us))`,
  ];
}

function sealedPayloads(kind: Engine['kind']): readonly string[] {
  const key = kind === 'sqlite' ? 'integer primary key' : 'bigint primary key';
  return [`create table sealed_payloads (seq ${key} references facts (seq), until text not null, box text, json text)`];
}

function runsAndPulse(): readonly string[] {
  return [
    'alter table operations add column kind text',
    'alter table operations add column target text',
    'alter table operations add column seconds double precision',
    'create index operations_target on operations (target, id)',
    'create table pulse (one integer primary key, at text not null, json text not null)',
  ];
}

/** Filled by the program (fact-subjects.ts): what a fact is about is not said in SQL. */
function factSubjects(kind: Engine['kind']): readonly string[] {
  const [text, end] = kind === 'sqlite' ? ['text', ' without rowid'] : ['text collate "C"', ''];
  return [
    `create table fact_subjects (subject ${text} not null, seq bigint not null, primary key (subject, seq))${end}`,
    'create table fact_subjects_form (one integer primary key, form integer not null)',
    'insert into fact_subjects_form (one, form) values (1, 0)',
  ];
}
