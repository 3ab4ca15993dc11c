/** How the made-up project is built, in the words of a recipe file. */
export interface HelloRecipe {
  /** Address of the upstream repository. */
  readonly repository: string;
  readonly version: string;
  readonly expectedCommit: string;
  /** Also tests that a long name is cut: fails on 1.0.0, passes from 1.0.1 on. */
  readonly testLongNames: boolean;
}

export function helloRecipe(recipe: HelloRecipe): string {
  return `# hello greets; its program is assembled from source by node, without compiler or libraries.
package:
  name: hello
  version: ${recipe.version}
  epoch: 0
  description: Says hello
  copyright:
    - license: Apache-2.0
pipeline:
  - uses: git-checkout
    with:
      repository: ${recipe.repository}
      tag: v\${{package.version}}
      expected-commit: ${recipe.expectedCommit}
  - name: assemble
    runs: node build.mjs \${{build.arch}} \${{targets.destdir}}/usr/bin/hello
update:
  enabled: true
  git:
    strip-prefix: v
    tag-filter-prefix: v1.0.
test:
  pipeline:
    - name: greets the world
      runs: |
        test "$(hello)" = "hello \${{package.version}}: hello, world!"
${recipe.testLongNames ? LONG_NAMES : ''}suture:
  upstream: pkg:generic/hello
  stream: "1.0"
  scheme: semver
`;
}

const LONG_NAMES = `    - name: cuts long names
      runs: |
        test "$(hello 0123456789abcdefghij)" = "hello \${{package.version}}: hello, 0123456789abcdef!"
`;
