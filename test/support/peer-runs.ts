import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PeerComponent } from './peer-components.ts';

/** What a program says of a component: ids of records by purl. */
export type Said = ReadonlyMap<string, readonly string[]>;

const SUTURE = join(import.meta.dirname, '../../bin/suture');

/** Ours, by the command that users type: what is affected, and what it could not determine. */
export function saidBySuture(
  sbom: string,
  { feeds, folder }: { readonly feeds: readonly string[]; readonly folder: string },
): { readonly affected: Said; readonly undetermined: Said } {
  const args = [SUTURE, 'scan', sbom, ...feeds.flatMap((feed) => ['--feed', feed]), '--json', '--progress', 'none'];
  const answer = ran('sh', args, { folder, variables: {} }) as Record<'items' | 'undetermined', readonly OurRow[]>;
  return { affected: byPurl(answer.items), undetermined: byPurl(answer.undetermined) };
}

/** OSV-Scanner with a database in a folder (`writeOsvScannerData`), without the network. */
export function saidByOsvScanner(
  sbom: string,
  {
    program,
    folder,
    components,
  }: { readonly program: string; readonly folder: string; readonly components: readonly PeerComponent[] },
): Said {
  const variables = { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: folder };
  const answer = ran(program, ['scan', 'source', '--offline', '--format', 'json', '-L', sbom], { folder, variables });
  const purls = new Map(components.map((each) => [asked(each), each.purl]));
  const { results } = answer as { readonly results: readonly { readonly packages: readonly TheirRow[] }[] };
  return new Map(
    results
      .flatMap(({ packages }) => packages)
      .map(({ package: about, vulnerabilities }) => {
        const purl = purls.get(asked(about));
        assert.ok(purl !== undefined, `nobody asked about ${JSON.stringify(about)}`);
        return [purl, vulnerabilities.map(({ id }) => id)] as const;
      }),
  );
}

interface OurRow {
  readonly purl: string;
  readonly records: readonly { readonly id: string; readonly verdict: string }[];
}

interface TheirRow {
  readonly package: { readonly ecosystem: string; readonly name: string; readonly version: string };
  readonly vulnerabilities: readonly { readonly id: string }[];
}

/** They write Go's versions with their `v`, and Python's names in one spelling. */
function asked({ ecosystem, name, version }: TheirRow['package']): string {
  const spelled = ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
  return `${ecosystem} ${spelled} ${version.replace(/^v/, '')}`;
}

function byPurl(rows: readonly OurRow[]): Said {
  const groups = Map.groupBy(rows, ({ purl }) => purl);
  const ids = (some: readonly OurRow[]): readonly string[] =>
    some.flatMap(({ records }) => records.filter(({ verdict }) => verdict !== 'not-affected').map(({ id }) => id));
  return new Map([...groups].map(([purl, some]) => [purl, ids(some)]));
}

/** Its answer in JSON. Scanners end with 1 where they found something. */
function ran(
  program: string,
  args: readonly string[],
  { folder, variables }: { readonly folder: string; readonly variables: Readonly<Record<string, string>> },
): unknown {
  const output = join(folder, 'answer.json');
  const file = openSync(output, 'w');
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), ...variables };
  try {
    const { status, stderr } = spawnSync(program, args, { env, stdio: ['ignore', file, 'pipe'], timeout: 600_000 });
    assert.ok(status === 0 || status === 1, `${program} ends with ${status}: ${stderr.toString().slice(-500)}`);
  } finally {
    closeSync(file);
  }
  return JSON.parse(readFileSync(output, 'utf8'));
}
