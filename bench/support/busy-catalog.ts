import type { Catalog, Line, LinePackage, Recipe } from '../../src/core/catalog/catalog.ts';
import type { Architecture } from '../../src/core/fact.ts';
import type { Component, Inventory } from '../../src/core/match/inventory.ts';
import { catalog, line, recipe } from '../../test/support/literals.ts';

export const recipeCount = 3_400;
export const lineCount = 10_000;
/** Modules that packages bring along; nobody here builds them. */
export const moduleCount = 4_000;
const architectures: readonly Architecture[] = ['amd64', 'arm64'];
/** Packages that nearly everything is made of. */
const baseCount = 60;
const basesPerLine = 7;
const modulesPerLine = 32;
/** A module is held in so many versions, by different lines. */
export const moduleVersions = 5;

/** A catalog of the size that the factory promises to keep up with: about three lines for each product. */
export function busyCatalog(): Catalog {
  return catalog({
    name: 'busy',
    recipes: Array.from({ length: recipeCount }, (_, index) => recipeOf(index)),
    lines: Array.from({ length: lineCount }, (_, index) => lineOf(index)),
    feeds: [{ kind: 'osv', from: 'https://feeds.example' }],
  });
}

/** Every tenth recipe has gone on to a newer version, which some lines hold back. */
export function versionOf(recipeIndex: number): string {
  return recipeIndex % 10 === 0 ? '1.0.5' : '1.0.0';
}

export function projectOf(recipeIndex: number): string {
  return `pkg:generic/project-${recipeIndex}`;
}

export function moduleOf(index: number): string {
  return `pkg:golang/example.org/module-${index % moduleCount}`;
}

export function productOf(lineIndex: number): number {
  return lineIndex % recipeCount;
}

export function isHeld(lineIndex: number): boolean {
  return lineIndex >= recipeCount && productOf(lineIndex) % 10 === 0;
}

/** Modules of a line with the minor version that it holds of each. */
export function modulesOf(lineIndex: number): readonly { readonly module: number; readonly minor: number }[] {
  const product = productOf(lineIndex);
  return Array.from({ length: modulesPerLine }, (_, index) => {
    const module = (product * 11 + index * 127) % moduleCount;
    return { module, minor: (product + index) % moduleVersions };
  });
}

/** What the bytes of a line hold; `before` is the image that it had before its newest one. Lines of a product share it. */
export function inventoryOf(
  lineIndex: number,
  { architecture, before }: { readonly architecture: Architecture; readonly before: boolean },
): Inventory {
  const product = productOf(lineIndex);
  const ownVersion = before ? '0.9.0' : isHeld(lineIndex) ? '1.0.0' : versionOf(product);
  const own = [product, ...basesOf(lineIndex)].map((index): Component => {
    const version = index === product ? ownVersion : versionOf(index);
    return component(projectOf(index), { version, scheme: 'semver', stream: '1.0', edge: 'is', owner: index });
  });
  const contained = modulesOf(lineIndex).map(({ module, minor }) =>
    component(moduleOf(module), {
      version: `1.${minor}.0`,
      scheme: 'go',
      stream: '1',
      edge: 'contains',
      owner: product,
    }),
  );
  const packages = own.map(({ package: name, version }) => {
    return { name, version: `${version}-r0`, architecture, origin: `${name}-1.0`, license: 'Apache-2.0' };
  });
  return { packages, components: [...own, ...contained] };
}

function component(
  upstream: string,
  about: Pick<Component, 'version' | 'scheme' | 'stream' | 'edge'> & { readonly owner: number },
): Component {
  const { owner, ...rest } = about;
  return { purl: `${upstream}@${about.version}`, upstream, package: `project-${owner}`, patched: [], ...rest };
}

function recipeOf(index: number): Recipe {
  const name = `project-${index}`;
  const version = versionOf(index);
  return recipe({
    name,
    recipe: `${name}-1.0`,
    file: `recipes/${name}-1.0.yaml`,
    version,
    architectures,
    upstream: { purl: projectOf(index), stream: '1.0', scheme: 'semver' },
    source: {
      kind: 'git',
      repository: `https://git.example/${name}`,
      tag: `v${version}`,
      expectedCommit: `${index}`.padStart(40, '0'),
    },
    steps: [
      { name: 'configure', runs: './configure --prefix=/usr --sysconfdir=/etc --disable-static' },
      { name: 'make', runs: 'make' },
      { name: 'install', runs: 'make install DESTDIR="$DESTDIR"' },
    ],
    tests: [{ name: 'version', runs: `${name} --version` }],
  });
}

function lineOf(index: number): Line {
  const product = productOf(index);
  const repository = `project-${product}`;
  const tag = `1.${Math.floor(index / recipeCount)}`;
  const file = `lines/${repository}.yaml`;
  const own: LinePackage = isHeld(index)
    ? { name: repository, bound: { operator: '<', version: '1.0.5' }, note: 'ABI freeze', at: `${file}:4:5` }
    : { name: repository, bound: null, note: null, at: `${file}:4:5` };
  const bases = basesOf(index).map((each): LinePackage => {
    return { name: `project-${each}`, bound: null, note: null, at: `${file}:5:5` };
  });
  return line({ line: `${repository}:${tag}`, file, repository, tag, architectures, packages: [own, ...bases] });
}

function basesOf(lineIndex: number): readonly number[] {
  const product = productOf(lineIndex);
  const bases = Array.from({ length: basesPerLine }, (_, index) => (product * 7 + index * 13) % baseCount);
  return bases.filter((each) => each !== product);
}
