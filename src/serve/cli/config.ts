import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Catalog } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import { renderError } from './error-text.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

type Loaded =
  | { readonly kind: 'catalog'; readonly catalog: Catalog }
  | { readonly kind: 'problems'; readonly problems: readonly Failure[] };

export interface ConfigDeps {
  /** The whole catalog as its files lie in the folder, read and checked. */
  load(): Promise<Loaded>;
  /** The same, with what Suture changed where that is kept apart. */
  inForce(): Promise<Loaded>;
  /** Files that are not as they are committed: the factory works by what is. */
  uncommitted(): Promise<readonly string[]>;
  /** JSON Schemas of the files, by name: `suture`, `recipe`, `line`, `policy`, `exceptions`. */
  schemas(): Promise<ReadonlyMap<string, unknown>>;
}

export function configCommand(cli: Cli, open: Open<ConfigDeps>): Command {
  const config = new Command('config').description('The catalog: check it, show it, and the schemas of its files.');
  config.addHelpText('after', EXAMPLE);
  config.addCommand(checkCommand(cli, open));
  config.addCommand(showCommand(cli, open));
  config.addCommand(schemaCommand(cli, open));
  return config;
}

const EXAMPLE = `
Examples:
  $ suture config check
  $ suture config schema policy`;

function checkCommand(cli: Cli, open: Open<ConfigDeps>): Command {
  return new Command('check')
    .description('Reads every file and names everything that is wrong, each with its place.')
    .addHelpText('after', '\nExample:\n  $ suture config check')
    .action(
      action(cli, async (session) => {
        const deps = await open(session.globals);
        const [loaded, uncommitted] = [await deps.load(), await deps.uncommitted()];
        const rendered =
          loaded.kind === 'catalog' ? [] : loaded.problems.map((each) => renderProblem(each, session.paint));
        session.answer({
          json: () => ({
            schema: 'suture/config-check/1',
            generatedAt: session.now(),
            dataAsOf: session.now(),
            summary: { problems: rendered.length, ...countsOf(loaded) },
            items: rendered.map(({ problem }) => problem.error),
            uncommitted,
            next: null,
          }),
          table: () =>
            loaded.kind === 'problems'
              ? `${rendered.map(({ text }) => text).join('\n')}\n${rendered.length} ${rendered.length === 1 ? 'problem' : 'problems'}`
              : ` ✔ ${loaded.catalog.name}: ${loaded.catalog.recipes.length} recipes, ${loaded.catalog.lines.length} lines, policy ${loaded.catalog.policy.name}${notCounted(uncommitted)}`,
          rows: () => rendered.map(({ problem }) => problem.error),
        });
        return rendered[0]?.exitCode ?? 0;
      }),
    );
}

function notCounted(files: readonly string[]): string {
  return files.map((file) => `\n ▲ ${file} is not committed, so suture run does not go by it yet`).join('');
}

function showCommand(cli: Cli, open: Open<ConfigDeps>): Command {
  return new Command('show')
    .description('The catalog that is in force, defaults filled in, as JSON.')
    .addHelpText('after', '\nExample:\n  $ suture config show')
    .action(
      action(cli, async (session) => {
        const loaded = await (await open(session.globals)).inForce();
        if (loaded.kind === 'problems') throw loaded.problems[0] ?? new Failure('E0101', 'the catalog is not valid');
        const { catalog } = loaded;
        session.answer({ json: () => catalog, table: () => JSON.stringify(catalog, null, 2) });
        return 0;
      }),
    );
}

function schemaCommand(cli: Cli, open: Open<ConfigDeps>): Command {
  return new Command('schema')
    .description('The JSON Schema of a file, for editors.')
    .argument('<name>', 'suture, recipe, line, policy or exceptions')
    .addHelpText('after', '\nExample:\n  $ suture config schema recipe > recipe.schema.json')
    .action(
      action(cli, async (session, name: string) => {
        const schemas = await (await open(session.globals)).schemas();
        const schema = schemas.get(name);
        if (schema === undefined) {
          throw new Failure('E0902', `there is no schema '${name}'`, {
            why: `known: ${[...schemas.keys()].join(', ')}`,
          });
        }
        session.answer({ json: () => schema, table: () => JSON.stringify(schema, null, 2) });
        return 0;
      }),
    );
}

function renderProblem(failure: Failure, brush: Parameters<typeof renderError>[1]['paint']) {
  return renderError(failure, { paint: brush, debug: false, readFile });
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function countsOf(loaded: Loaded): Readonly<Record<string, number>> {
  return loaded.kind === 'problems'
    ? {}
    : { recipes: loaded.catalog.recipes.length, lines: loaded.catalog.lines.length };
}
