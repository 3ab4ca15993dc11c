/** A small catalog that is right in every respect, by path; tests break it in one place. */
export function catalogFiles(change: Readonly<Record<string, string>> = {}): Map<string, string> {
  return new Map(Object.entries({ ...right, ...change }));
}

const right = {
  'suture.yaml': `name: demo
registry:
  embedded: { port: 5050 }
feeds:
  - osv: feeds/osv
  - kev: https://kev.example/list.json
build:
  root: root
  timeout: 30m
`,
  'policy.yaml': `name: strict
promise: { critical: 24h }
backport:
  approvals: 2
`,
  'patches/CVE-2099-0001.patch': '',
  'recipes/hello.yaml': `# Says hello.
package:
  name: hello
  version: 1.0.1 # the newest of 1.0
  epoch: 3 # CVE-2099-0001
  description: Says hello
  copyright:
    - license: Apache-2.0
  dependencies:
    runtime:
      - greeting

vars:
  soname: "1"

pipeline:
  - uses: git-checkout
    with:
      repository: https://git.example.org/hello.git
      tag: v\${{package.version}}
      expected-commit: fedcba9876543210fedcba9876543210fedcba98

  - name: compile
    runs: |
      make SONAME=\${{vars.soname}} DESTDIR=\${{targets.destdir}} install

test:
  pipeline:
    - runs: hello --version

update:
  enabled: true
  git:
    strip-prefix: v
    tag-filter-prefix: v1.0.
  ignore-regex-patterns:
    - rc\\d*$

suture:
  upstream: pkg:generic/hello
  stream: 1.0
  scheme: semver
  patches:
    - file: patches/CVE-2099-0001.patch
      fixes: [CVE-2099-0001]
`,
  'recipes/greeting.yaml': `package:
  name: greeting
  version: "2"
  epoch: 0
  copyright: [{ license: MIT }]
pipeline:
  - runs: mkdir -p \${{targets.destdir}}
suture: { stream: "2" }
`,
  'lines/hello.yaml': `contents:
  packages:
    - hello<1.1 # ada: ABI freeze
entrypoint:
  command: /usr/bin/hello 'a b'
cmd: --help
environment:
  LANG: C.UTF-8
accounts:
  users:
    - username: nonroot
      uid: 65532
  run-as: 65532
archs: [x86_64, arm64]
suture:
  line: hello:1
  support:
    until: 2027-04-30
  test:
    args: [--version]
    expect: hello 1.
`,
} as const;
