import assert from 'node:assert/strict';
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import type { AdvisoryRecord } from '../../src/core/match/advisory.ts';
import { verdictOn } from '../../src/core/match/verdict-on.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { inventoryOfTree } from '../../src/formats/inventory/inventory-of-tree.ts';
import { parseOsv } from '../../src/formats/osv/parse-osv.ts';
import { bytesInMemory } from '../../src/formats/program/random-bytes.ts';
import { fixtureFolder } from '../support/fixtures.ts';
import { toolPath } from '../support/tool.ts';

/** A server as many are: parsers that read what comes from outside, and modules of some age. */
const program = {
  'go.mod': 'module example.com/p\n\ngo 1.24\n\nrequire golang.org/x/net v0.30.0\n\nrequire gopkg.in/yaml.v3 v3.0.0\n',
  'main.go': `package main

import (
	"archive/zip"
	"crypto/x509"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/html"
	"gopkg.in/yaml.v3"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		var v any
		fmt.Fprintln(w, yaml.Unmarshal([]byte(r.URL.Path), &v), xml.Unmarshal([]byte(r.URL.Path), &v))
		node, err := html.Parse(strings.NewReader(r.URL.Path))
		fmt.Fprintln(w, node, err)
	})
	fmt.Println(zip.OpenReader("x"))
	fmt.Println(x509.SystemCertPool())
	http.ListenAndServe("127.0.0.1:0", nil)
}
`,
};
/** An older compiler, of which many flaws are known. */
const toolchain = 'go1.24.1';

test('verdictOn() agrees with govulncheck on what a program was linked from, and keeps it when it is stripped', (t) => {
  if (process.env['SUTURE_LONG'] !== '1') return t.skip('skipped: fetches a compiler, see SUTURE_LONG');
  const [go, feed] = [toolPath(t, 'go'), fixtureFolder(t, 'advisories/govulndb-osv')];
  if (go === undefined || feed === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'suture-govulncheck-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(program)) writeFileSync(join(folder, name), text);
  const run = (args: readonly string[], env: Readonly<Record<string, string>>): void => {
    const options: ExecFileSyncOptions = { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000 };
    execFileSync(go, args, { ...options, env: { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0', ...env } });
  };
  run(['install', 'golang.org/x/vuln/cmd/govulncheck@v1.9.0'], { GOBIN: folder });
  run(['build', '-o', 'plain', '.'], { GOTOOLCHAIN: toolchain });
  run(['build', '-ldflags=-s -w', '-o', 'stripped', '.'], { GOTOOLCHAIN: toolchain });

  const files = globSync('data/osv/*.json', { cwd: feed }).map((name) => join(feed, name));
  const records = files.map((file) => recordIn(file));
  const expected = findingsOf(folder, asDatabase(files, join(folder, 'db')));
  assert.ok(expected.length > 20);
  for (const name of ['plain', 'stripped']) {
    const bytes = bytesInMemory(readFileSync(join(folder, name)));
    const { inventory } = inventoryOfTree([{ path: name, kind: 'file', bytes }], { linked: true });
    const affected = inventory.components.flatMap((component) =>
      records.filter((record) => {
        const verdict = verdictOn(component, record, { os: 'linux', architecture: process.arch });
        return verdict?.verdict === 'affected';
      }),
    );
    assert.deepEqual([...new Set(affected.map(({ id }) => id))].toSorted(), expected, name);
  }
  t.diagnostic(`${expected.length} vulnerabilities in a program by ${toolchain}, the same when it is stripped`);
});

function recordIn(file: string): AdvisoryRecord {
  const name = basename(file);
  const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');
  return parseOsv(parseFeedJson(readFileSync(file), name), { name, source: 'govulndb', observedAt });
}

/** What govulncheck says is in the program, by its symbols. */
function findingsOf(folder: string, database: string): readonly string[] {
  const db = pathToFileURL(database).href;
  const options = { encoding: 'utf8', maxBuffer: 2 ** 27 } as const;
  const program = join(folder, 'plain');
  const said = execFileSync(
    join(folder, 'govulncheck'),
    ['-db', db, '-mode=binary', '-format', 'json', program],
    options,
  );
  const findings = said.split(/(?<=\n})\n/).flatMap((text) => {
    const message: { finding?: { osv: string; trace: readonly { function?: string }[] } } =
      text.trim() === '' ? {} : JSON.parse(text);
    return message.finding?.trace[0]?.function === undefined ? [] : [message.finding.osv];
  });
  return [...new Set(findings)].toSorted();
}

/** The records as govulncheck wants to have them served (go.dev/doc/security/vuln/database, "API"). */
function asDatabase(files: readonly string[], folder: string): string {
  const modules = new Map<string, { id: string; modified: string; fixed: string }[]>();
  const write = (path: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, `${path}.json`), content);
  for (const part of ['ID', 'index']) mkdirSync(join(folder, part), { recursive: true });
  const vulns = files.map((file) => {
    const bytes = readFileSync(file);
    write(`ID/${basename(file, '.json')}`, bytes);
    const record = JSON.parse(bytes.toString()) as OsvRecord;
    const { id, modified, aliases = [] } = record;
    for (const { package: named, ranges = [] } of record.affected ?? []) {
      const fixed = ranges.flatMap(({ events }) => events.flatMap((event) => event.fixed ?? [])).at(-1) ?? '';
      modules.set(named.name, [...(modules.get(named.name) ?? []), { id, modified, fixed }]);
    }
    return { id, modified, aliases };
  });
  write(
    'index/db',
    JSON.stringify({
      modified: vulns
        .map(({ modified }) => modified)
        .toSorted()
        .at(-1),
    }),
  );
  write('index/vulns', JSON.stringify(vulns));
  write('index/modules', JSON.stringify([...modules].map(([path, listed]) => ({ path, vulns: listed }))));
  return folder;
}

interface OsvRecord {
  readonly id: string;
  readonly modified: string;
  readonly aliases?: readonly string[];
  readonly affected?: readonly {
    readonly package: { readonly name: string };
    readonly ranges?: readonly { readonly events: readonly { readonly fixed?: string }[] }[];
  }[];
}
