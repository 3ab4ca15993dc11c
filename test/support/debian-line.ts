import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface DebianLine {
  /** Version of the one package that is built here. */
  readonly version: string;
  /** What stands under `registry` in suture.yaml. */
  readonly registry: string;
}

export const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
const archName = arch === 'arm64' ? 'aarch64' : 'x86_64';

/** Writes a catalog: a line on Debian with a package of our own that needs no compiler, and one flaw in its version 1.0. */
export function writeDebianLine(catalog: string, { version, registry }: DebianLine): void {
  for (const [path, text] of Object.entries(files(version, registry))) {
    mkdirSync(dirname(join(catalog, path)), { recursive: true });
    writeFileSync(join(catalog, path), text);
  }
}

/** The program says who it greets and as whom it runs. */
function files(version: string, registry: string): Readonly<Record<string, string>> {
  return {
    'suture.yaml': `name: conformance
changes: apart
registry: ${registry}
feeds:
  - osv: feeds/osv
build:
  timeout: 5m
  memory: 1GiB
`,
    'recipes/greeting.yaml': `package:
  name: greeting
  version: "${version}"
  epoch: 0
  description: Greets whoever it is told to
  target-architecture: [${archName}]
  copyright:
    - license: Apache-2.0
  dependencies:
    runtime: [dash]
environment:
  contents:
    repositories: ["debian:bookworm"]
    packages: [coreutils, dash]
pipeline:
  - name: install
    runs: |
      printf '#!/bin/sh\\necho "greetings, $1, from %s by $(id -u)"\\n' "\${{package.version}}" >greeting
      install -D -m 755 greeting \${{targets.destdir}}/usr/bin/greeting
test:
  pipeline:
    - runs: greeting Ada | grep 'greetings, Ada'
suture:
  upstream: pkg:generic/greeting
  stream: "1"
  scheme: semver
`,
    'lines/greeting.yaml': `contents:
  repositories: ["debian:bookworm"]
  packages: [base-files, base-passwd, coreutils, dash, greeting]
entrypoint:
  command: /usr/bin/greeting
cmd: world
accounts:
  users: [{ username: nonroot, uid: 65532 }]
  run-as: nonroot
archs: [${archName}]
suture:
  line: greeting:1
  test:
    args: [Ada]
    expect: greetings, Ada
`,
    'feeds/osv/CVE-2099-0001.json': JSON.stringify({
      schema_version: '1.7.0',
      id: 'CVE-2099-0001',
      published: '2026-01-01T00:00:00Z',
      modified: '2026-01-01T00:00:00Z',
      summary: 'greeting greets too loudly',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N' }],
      affected: [
        {
          package: { ecosystem: 'OSS-Fuzz', name: 'greeting', purl: 'pkg:generic/greeting' },
          ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.1' }] }],
        },
      ],
    }),
  };
}
