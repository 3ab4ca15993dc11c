/**
 * The files of a new catalog, by path: a package that builds without any network, an image line of it, and the policy
 * written out. Valid as they stand; with `.suture/schema/` beside them, editors complete and check them.
 */
export function starterFiles({ name }: { readonly name: string }): ReadonlyMap<string, string> {
  return new Map([
    ['suture.yaml', sutureYaml(name)],
    ['policy.yaml', policyYaml],
    ['recipes/hello.yaml', recipeYaml],
    ['lines/hello.yaml', lineYaml],
    ['.gitignore', gitignore],
  ]);
}

/** A folder's name as the name of a catalog: lower-case words with hyphens. */
export function starterName(folderName: string): string {
  const words = folderName.toLowerCase().match(/[a-z0-9]+/g);
  return words?.join('-').slice(0, 63).replace(/-$/, '') ?? 'images';
}

const sutureYaml = (name: string) => `# yaml-language-server: $schema=./.suture/schema/suture.json
name: ${name}

# Where images are published: our own registry on this machine, or any other (host: registry.example).
registry:
  embedded:
    port: 5050

# What is known about vulnerabilities: folders, files or https addresses.
feeds: []
#  - osv: feeds/osv
#  - kev: feeds/kev.json
#  - epss: feeds/epss.csv.gz

# Builds run offline in this root; suture init made it from this machine's own tools.
build:
  root: .suture/root
  timeout: 30m
  memory: 2GiB
`;

const recipeYaml = `# yaml-language-server: $schema=../.suture/schema/recipe.json
package:
  name: hello
  version: 1.0.0
  epoch: 0
  description: Says hello
  target-architecture: [x86_64]
  copyright:
    - license: Apache-2.0

pipeline:
  # A recipe with an upstream begins with its checkout:
  #  - uses: git-checkout
  #    with:
  #      repository: https://git.example.org/hello.git
  #      tag: v\${{package.version}}
  # A static program for x86-64, byte by byte, so that this starter builds without a compiler.
  - name: write the program
    runs: |
      mkdir -p \${{targets.destdir}}/usr/bin
      printf '\\177ELF\\002\\001\\001\\000\\000\\000\\000\\000\\000\\000\\000\\000\\002\\000>\\000\\001\\000\\000\\000x\\000@' >program
      printf '\\000\\000\\000\\000\\000@\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000' >>program
      printf '\\000\\000@\\000\\070\\000\\001\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\005\\000\\000\\000\\000' >>program
      printf '\\000\\000\\000\\000\\000\\000\\000\\000\\000@\\000\\000\\000\\000\\000\\000\\000@\\000\\000\\000\\000\\000\\245' >>program
      printf '\\000\\000\\000\\000\\000\\000\\000\\245\\000\\000\\000\\000\\000\\000\\000\\000\\020\\000\\000\\000\\000\\000\\000' >>program
      printf '\\270\\001\\000\\000\\000\\277\\001\\000\\000\\000\\276\\227\\000@\\000\\272\\016\\000\\000\\000\\017\\005\\270<' >>program
      printf '\\000\\000\\000\\061\\377\\017\\005hello, world!\\012' >>program
      install -m 755 program \${{targets.destdir}}/usr/bin/hello

test:
  pipeline:
    - runs: test "$(hello)" = "hello, world!"

# Releases of the upstream that belong to this recipe; there is no upstream to watch yet.
update:
  enabled: false
#  git:
#    strip-prefix: v
#    tag-filter-prefix: v1.0.

# Whose releases and advisories count.
suture:
  upstream: pkg:generic/hello
  stream: "1.0"
  scheme: semver
`;

const lineYaml = `# yaml-language-server: $schema=../.suture/schema/line.json
contents:
  packages:
    - hello

entrypoint:
  command: /usr/bin/hello

accounts:
  users:
    - username: nonroot
      uid: 65532
  run-as: nonroot

# Each of them must be clean before a deadline counts as met.
archs:
  - x86_64

# What is promised about this image.
suture:
  line: hello:1
  test:
    expect: hello, world!
`;

const policyYaml = `# yaml-language-server: $schema=./.suture/schema/policy.json
# The stated conditions of the promise. What is left out is as it stands here.
name: default
promise: { critical: 48h, high: 48h, medium: 14d, low: 14d, exploited: 48h }
clock:
  start: release           # or release-and-known: never before the release was publicly tied to the vulnerability
severity:
  sources: [vendor, cna, ghsa, nvd, cisa-adp]   # the first that rates wins
  unscored: high
high-profile:
  any:
    - { severity: [critical, high], lines-share: 0.25 }
    - { exploited: true, lines-share: 0.1 }
    - { declared: true }
  target: 24h
compiler-updates: only-if-it-patches            # or scanner-clean, any-release
backport:
  all:
    - { line: supported }
    - { upstream-release-for-line: none }
  automatic: { lines-changed-max: 20, gates: all }
  approvals: 1
  approvals-if:
    - { severity: critical, diff-of-diffs: not-empty, approvals: 2 }
cherry-pick:
  all:
    - { upstream-release: none }
    - any:
        - { severity: [critical, high] }
        - { exploited: true }
        - { epss-min: 0.6 }
    - { source: [upstream-merged, upstream-posted, distro-consensus] }
  approvals: 2
  review-every: 30d
compatibility:
  refuse: [soname-removed, symbol-removed, file-removed, config-changed, entrypoint-changed, user-changed, setuid-added]
`;

const gitignore = `# What Suture keeps beside the catalog; only the schemas for editors are part of it.
/.suture/*
!/.suture/schema/
/root/
`;
