import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { instant } from '../../../test/support/literals.ts';
import type { HistorySource } from '../../factory/replay/history-sources.ts';
import { writeHistory as writeRepository } from '../git/write-history.ts';
import { readHistory, writeHistory } from './history-folder.ts';
import { importHistory } from './import-history.ts';

const author = { name: 'Somebody', email: 'somebody@example.com' };
const from = instant('2024-01-01T00:00:00Z');
const to = instant('2024-02-01T00:00:00Z');

type Commits = readonly (readonly [at: string, files: Readonly<Record<string, string>>])[];

async function repository(commits: Commits): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-import-'));
  const list = commits.map(([at, files], index) => ({
    branch: 'main',
    files: new Map(Object.entries(files)),
    message: `commit ${index + 1}`,
    at: instant(at),
  }));
  await writeRepository(folder, author, list);
  return folder;
}

function advisory(module: string, fixed: string | null): string {
  const events = [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])];
  const affected = [{ package: { ecosystem: 'Go', name: module }, ranges: [{ type: 'SEMVER', events }] }];
  return JSON.stringify({ id: 'GO-2024-1', modified: '0001-01-01T00:00:00Z', details: 'long', affected });
}

function compiler(version: string): string {
  return `package:\n  name: go-1.21\n  version: ${version}\n  epoch: 0\n`;
}

function program(epoch: number, raised = ''): string {
  const bump = raised === '' ? '' : `  - uses: go/bump\n    with:\n      deps: ${raised}\n`;
  return `package:\n  name: app\n  version: 2.0.0\n  epoch: ${epoch}\nupdate:\n  github:\n    identifier: acme/app\npipeline:\n${bump}  - uses: go/build\n`;
}

const other = 'package:\n  name: other\n  version: 1\n  epoch: 0\n';

const vulndb = repository([
  ['2023-12-01T00:00:00Z', { 'data/osv/GO-2024-1.json': advisory('stdlib', null), 'data/osv/x/y.json': '{' }],
  ['2024-01-03T00:00:00Z', { 'data/osv/GO-2024-1.json': advisory('stdlib', '1.21.6') }],
  ['2024-01-04T00:00:00Z', { 'data/osv/GO-2024-1.json': advisory('github.com/acme/app/v2', '2.0.1') }],
  ['2024-03-01T00:00:00Z', { 'data/osv/GO-2024-1.json': advisory('example.com/late', '9.9.9') }],
]);
const wolfi = repository([
  ['2023-12-01T00:00:00Z', { 'go-1.21.yaml': compiler('1.21.5'), 'app.yaml': program(0), 'other.yaml': other }],
  ['2024-01-05T00:00:00Z', { 'go-1.21.yaml': compiler('1.21.6'), 'app.yaml': program(0), 'other.yaml': other }],
  ['2024-01-06T00:00:00Z', { 'go-1.21.yaml': compiler('1.21.6'), 'app.yaml': program(1), 'other.yaml': other }],
  ['2024-01-07T00:00:00Z', { 'go-1.21.yaml': compiler('1.21.6'), 'other.yaml': other }],
]);

async function imported(names: readonly HistorySource[] = ['golang-vulndb', 'wolfi-os']) {
  const folders = new Map<HistorySource, string>([
    ['golang-vulndb', await vulndb],
    ['wolfi-os', await wolfi],
  ]);
  const gitFolders = new Map([...folders].filter(([name]) => names.includes(name)));
  const folder = mkdtempSync(join(tmpdir(), 'suture-history-'));
  await writeHistory(folder, importHistory({ gitFolders, from, to, onProgress: () => {} }));
  return await readHistory(folder);
}

test('importHistory() says what was named, stated and held, each as of its commit', async () => {
  const [head, ...events] = await imported();
  assert.equal(head?.kind, 'history');
  const told = events.map((event) => {
    switch (event.kind) {
      case 'release':
        return `${event.at.toString()} release ${event.upstream} ${event.stream} ${event.version}`;
      case 'advisory':
        return `${event.at.toString()} advisory ${event.record.affected.map((each) => each.package).join(' ')}`;
      case 'line':
      case 'held':
        return `${event.at.toString()} ${event.kind} ${event.line} ${event.components.map((each) => `${each.upstream}@${each.version}`).join(' ')}`;
      case 'end':
        return `${event.at.toString()} end ${event.line}`;
      case 'history':
        return 'another head';
    }
  });
  assert.deepEqual(told, [
    '2023-12-01T00:00:00Z advisory pkg:golang/stdlib',
    '2024-01-01T00:00:00Z release pkg:golang/stdlib 1.21 1.21.5',
    '2024-01-01T00:00:00Z release pkg:golang/github.com/acme/app/v2 2 2.0.0',
    '2024-01-01T00:00:00Z line app pkg:golang/stdlib@1.21.5 pkg:golang/github.com/acme/app/v2@2.0.0',
    '2024-01-03T00:00:00Z release pkg:golang/stdlib 1.21 1.21.6',
    '2024-01-03T00:00:00Z advisory pkg:golang/stdlib',
    '2024-01-04T00:00:00Z release pkg:golang/github.com/acme/app/v2 2 2.0.1',
    '2024-01-04T00:00:00Z advisory pkg:golang/github.com/acme/app/v2',
    '2024-01-06T00:00:00Z held app pkg:golang/stdlib@1.21.6 pkg:golang/github.com/acme/app/v2@2.0.0',
    '2024-01-07T00:00:00Z end app',
  ]);
});

test('importHistory() needs both clones, and each to be one', async () => {
  await assert.rejects(imported(['wolfi-os']), { code: 'E0902' });
  const folder = mkdtempSync(join(tmpdir(), 'suture-no-clone-'));
  const gitFolders = new Map<HistorySource, string>([
    ['golang-vulndb', folder],
    ['wolfi-os', folder],
  ]);
  const history = importHistory({ gitFolders, from, to, onProgress: () => {} });
  await assert.rejects(history.next(), { code: 'E0203' });
});
