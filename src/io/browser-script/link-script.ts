import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { invariant } from '../../core/invariant.ts';

export interface LinkOptions {
  /** Where a module lies that is asked for by such a name, in place of what Node has under it. */
  readonly replaced: ReadonlyMap<string, URL>;
  /** A name for a module that does not depend on where this program is installed. */
  readonly nameOf: (module: URL) => string;
}

/**
 * Modules of this program as one script for a browser: types are taken off, each module becomes a function, and all else
 * stays as it is, comments included, so that people can read what runs. An expression whose value is the exports of the
 * entry. It understands the way in which we write imports and exports, and stops at any other.
 */
export async function linkScript(entry: URL, options: LinkOptions): Promise<string> {
  const linked = new Map<string, string>();
  await link(entry, options, { linked, path: [] });
  const modules = [...linked.values()].join('\n');
  const script = `(() => {\n'use strict';\nconst modules = {};\n${modules}\nreturn modules[${JSON.stringify(options.nameOf(entry))}];\n})()`;
  // In a page these would end the script, or hide it; in strings, templates, patterns and comments they mean the same.
  return script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

interface Linking {
  readonly linked: Map<string, string>;
  /** Modules whose imports are being linked: one that comes up again is a circle. */
  readonly path: readonly string[];
}

async function link(module: URL, options: LinkOptions, { linked, path }: Linking): Promise<void> {
  const name = options.nameOf(module);
  invariant(!path.includes(name), `modules import each other in a circle: ${[...path, name].join(', ')}`);
  if (linked.has(name)) return;
  const source = await readFile(module, 'utf8');
  const plain = module.pathname.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  const { code, exported, imports } = rewritten(plain, (specifier) =>
    options.nameOf(resolved(specifier, module, options)),
  );
  for (const specifier of imports)
    await link(resolved(specifier, module, options), options, { linked, path: [...path, name] });
  linked.set(
    name,
    `${await noticeOf(module)}modules[${JSON.stringify(name)}] = (() => {\n${code}\nreturn { ${exported.join(', ')} };\n})();`,
  );
}

/** Whose code it is, as their licence asks whoever hands it on to say. */
async function noticeOf(module: URL): Promise<string> {
  const [, folder, name] = /^(.*\/node_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(module.href) ?? [];
  if (folder === undefined || name === undefined) return '';
  return `/*\n${name}\n\n${(await readFile(new URL(`${folder}${name}/LICENSE`), 'utf8')).trim()}\n*/\n`;
}

function resolved(specifier: string, from: URL, { replaced }: LinkOptions): URL {
  const other = replaced.get(specifier);
  if (other !== undefined) return other;
  if (specifier.startsWith('.')) return new URL(specifier, from);
  invariant(!specifier.startsWith('node:'), `${from.pathname} imports ${specifier}, which a browser has not`);
  return new URL(import.meta.resolve(specifier));
}

interface Rewritten {
  readonly code: string;
  /** Members of the object that stands for the module's exports. */
  readonly exported: readonly string[];
  readonly imports: readonly string[];
}

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*['"]([^'"]+)['"];?/gm;
const REEXPORT = /^export\s*\{([^}]*)\}\s*from\s*['"]([^'"]+)['"];?/gm;
const EXPORT_LIST = /^export\s*\{([^}]*)\};?/gm;
const EXPORT = /^export\s+((?:async\s+)?function\b\*?|const|class)\s+([A-Za-z_$][\w$]*)/gm;

function rewritten(source: string, nameOf: (specifier: string) => string): Rewritten {
  const exported: string[] = [];
  const imports = new Set<string>();
  const from = (specifier: string): string => {
    imports.add(specifier);
    return `modules[${JSON.stringify(nameOf(specifier))}]`;
  };
  const code = source
    .replaceAll(IMPORT, (_, names: string, specifier: string) => {
      const members = namesIn(names).map(([name, as]) => (name === as ? name : `${name}: ${as}`));
      // Only types stood there: nothing of that module is needed.
      return members.length === 0 ? '' : `const { ${members.join(', ')} } = ${from(specifier)};`;
    })
    .replaceAll(REEXPORT, (_, names: string, specifier: string) => {
      for (const [name, as] of namesIn(names)) exported.push(`${as}: ${from(specifier)}.${name}`);
      return '';
    })
    .replaceAll(EXPORT_LIST, (_, names: string) => {
      for (const [name, as] of namesIn(names)) exported.push(`${as}: ${name}`);
      return '';
    })
    .replaceAll(EXPORT, (_, kind: string, name: string) => {
      exported.push(name);
      return `${kind} ${name}`;
    });
  const left = /^(?:import|export)\b.*|\bimport\s*[.(].*/m.exec(withoutComments(code))?.[0];
  invariant(left === undefined, `this cannot be linked for a browser: ${left}`);
  return { code, exported, imports: [...imports] };
}

/** `a, b as c` as pairs of what it is called there and here. */
function namesIn(list: string): readonly (readonly [string, string])[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [name = '', as = name] = each.split(/\s+as\s+/);
      return [name, as] as const;
    });
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
