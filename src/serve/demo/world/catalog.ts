import { helloRecipe } from './hello/recipe.ts';

/** The files of the made-up catalog: one recipe, one line that follows it, and one that somebody holds back. */
export function worldCatalog(upstream: {
  readonly repository: string;
  readonly version: string;
  readonly commit: string;
}): ReadonlyMap<string, string> {
  const { repository, version, commit } = upstream;
  return new Map([
    ['suture.yaml', sutureYaml],
    ['recipes/hello-1.0.yaml', helloRecipe({ repository, version, expectedCommit: commit, testLongNames: false })],
    ['lines/hello.yaml', lineYaml({ tag: '1', wanted: 'hello' })],
    [
      'lines/hello-kiosk.yaml',
      lineYaml({ tag: 'kiosk', wanted: 'hello<1.0.1 # ada: the kiosk was certified with 1.0.0, ask her first' }),
    ],
    ['.gitignore', '.suture/\n'],
  ]);
}

const sutureYaml = `# The made-up world's catalog. Its upstream is ../upstream/hello, its advisories are in ../feeds/osv.
name: demo

registry:
  embedded:
    port: 0

feeds:
  - osv: ../feeds/osv

build:
  root: ../root
  timeout: 5m
  memory: 1GiB
`;

function lineYaml({ tag, wanted }: { readonly tag: string; readonly wanted: string }): string {
  return `contents:
  packages:
    - ${wanted}

entrypoint:
  command: /usr/bin/hello

accounts:
  users:
    - username: nonroot
      uid: 65532
  run-as: nonroot

archs:
  - x86_64
  - aarch64

suture:
  line: hello:${tag}
  support:
    until: 2027-03-01
  test:
    expect: "hello, world!"
`;
}
