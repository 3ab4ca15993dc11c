import { Command } from 'commander';
import { Failure } from '../../core/failure.ts';
import type { Catalog } from '../../core/catalog/catalog.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

export interface ConfigDeps {
  /** The whole catalog, read and checked; its faults are thrown with their place. */
  catalog(): Promise<Catalog>;
  /** JSON Schemas of the files, by name: `catalog`, `recipe`, `line`, `policy`. */
  schemas(): Promise<ReadonlyMap<string, unknown>>;
}

export function configCommand(cli: Cli, open: Open<ConfigDeps>): Command {
  const config = new Command('config').description('The catalog: check it, show it, and the schemas of its files.');
  config.addHelpText('after', EXAMPLE);
  config
    .command('check')
    .description('Reads every file and says what is wrong, with its place.')
    .addHelpText('after', '\nExample:\n  $ suture config check')
    .action(
      action(cli, async (session) => {
        const { name, recipes, lines, policy } = await (await open(session.globals)).catalog();
        const counts = { recipes: recipes.length, lines: lines.length };
        session.answer({
          json: () => ({ schema: 'suture/config-check/1', generatedAt: session.now(), name, ...counts }),
          table: () => ` ✔ ${name}: ${counts.recipes} recipes, ${counts.lines} lines, policy ${policy.name}`,
        });
        return 0;
      }),
    );
  config
    .command('show')
    .description('The catalog as it is understood, defaults filled in, as JSON.')
    .addHelpText('after', '\nExample:\n  $ suture config show')
    .action(
      action(cli, async (session) => {
        const catalog = await (await open(session.globals)).catalog();
        session.answer({ json: () => catalog, table: () => JSON.stringify(catalog, null, 2) });
        return 0;
      }),
    );
  config
    .command('schema')
    .description('The JSON Schema of a file, for editors.')
    .argument('<name>', 'catalog, recipe, line or policy')
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
  return config;
}

const EXAMPLE = `
Examples:
  $ suture config check
  $ suture config schema policy`;
