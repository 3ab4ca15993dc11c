import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { invariant } from '../src/core/invariant.ts';
import { forArchitecture } from '../src/core/catalog/for-architecture.ts';
import { standardEnvironment } from '../src/factory/build/build-package.ts';
import { writeTree } from '../src/io/sandbox/write-tree.ts';
import { exampleSources, type ExampleSources } from '../test/support/example-sources.ts';
import type { Measured } from './main.ts';

/** A small source and a middle one. */
const SOURCES = (process.env['SUTURE_BENCH_SOURCES'] ?? 'zlib expat').split(' ');
const TURNS = Number(process.env['SUTURE_BENCH_TURNS'] ?? 5);

/**
 * What a build step costs above its commands: the same commands in the same root by plain bubblewrap, on sources that lie
 * there already, against a whole build with its fetch from the cache, its sandbox, the tests on the package, the packing
 * and the log. Root and archive are there. In turns, so that a busy moment falls on both alike.
 */
export async function run(): Promise<Measured> {
  const folder = process.env['SUTURE_BENCH_FOLDER'] ?? mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const example = await exampleSources(folder);
    const costs: Cost[] = [];
    for (const source of SOURCES) costs.push(await costOf(source, example));
    const figures = costs.flatMap(({ source, bareS, buildS, commandsS }) => [
      [`${source}BareS`, bareS],
      [`${source}BuildS`, buildS],
      // Of the build alone, so that it holds on a machine that is busy with other things as well.
      [`${source}OutsideCommandsS`, buildS - commandsS],
    ]);
    const last = costs.at(-1);
    invariant(last !== undefined, 'some source is measured');
    return {
      figures: {
        overheadS: rounded(Math.max(...costs.map(({ bareS, buildS }) => buildS - bareS))),
        overheadPercent: rounded((last.buildS / last.bareS - 1) * 100),
        ...Object.fromEntries(figures.map(([name, value]) => [name, rounded(Number(value))])),
        turns: TURNS,
      },
      ratio: { against: `the bare commands of ${last.source}`, value: rounded(last.buildS / last.bareS) },
    };
  } finally {
    if (process.env['SUTURE_BENCH_FOLDER'] === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Medians, in seconds. */
interface Cost {
  readonly source: string;
  readonly bareS: number;
  readonly buildS: number;
  /** What of `buildS` the recipe's commands took, each with its sandbox. */
  readonly commandsS: number;
}

async function costOf(source: string, example: ExampleSources): Promise<Cost> {
  await example.build(source); // makes the root, fetches the archive
  const bare: number[] = [];
  const builds: { readonly wallSeconds: number; readonly seconds: number }[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    bare.push(await bareSeconds(source, example));
    const { wallSeconds, built } = await example.build(source);
    builds.push({ wallSeconds, seconds: built.seconds });
  }
  const typical = builds.toSorted((a, b) => a.wallSeconds - b.wallSeconds)[Math.floor(TURNS / 2)];
  invariant(typical !== undefined, 'at least one turn is measured');
  const bareS = bare.toSorted((a, b) => a - b)[Math.floor(TURNS / 2)] ?? 0;
  return { source, bareS, buildS: typical.wallSeconds, commandsS: typical.seconds };
}

async function bareSeconds(name: string, example: ExampleSources): Promise<number> {
  const { recipe: written, root, source, architecture } = await example.given(name);
  const recipe = forArchitecture(written, architecture);
  const home = mkdtempSync(join(tmpdir(), 'suture-bare-'));
  try {
    await writeTree(home, source.entries);
    const environment = { ...standardEnvironment(source.epoch), ...recipe.environment };
    const words = ['--unshare-user', '--uid', '1000', '--gid', '1000', '--unshare-net', '--clearenv'];
    const files = ['--ro-bind', root, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'];
    const variables = Object.entries(environment).flatMap(([key, value]) => ['--setenv', key, value]);
    const place = ['--bind', home, '/home/build', '--chdir', '/home/build'];
    const started = performance.now();
    for (const { runs } of recipe.steps) {
      const shell = ['--', '/bin/sh', '-e', '-c', `umask 022\n${runs}`];
      const { status, stderr } = spawnSync('bwrap', [...words, ...files, ...variables, ...place, ...shell], {
        maxBuffer: 64 * 1024 ** 2,
      });
      invariant(status === 0, `the bare commands of ${name} end well: ${stderr.toString().slice(-500)}`);
    }
    return (performance.now() - started) / 1000;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
