import { readFile } from 'node:fs/promises';
import { linkScript } from '../io/browser-script/link-script.ts';
import { programText } from '../serve/proof/program-text.ts';

const SOURCE = new URL('../', import.meta.url);

/** What a report that proves itself carries: our own modules, as a browser runs them, and the style of the pages. */
export async function proofProgram(): Promise<{ readonly script: string; readonly style: string }> {
  const [linked, style] = await Promise.all([
    linkedProof('serve/proof/prove.ts'),
    readFile(new URL('serve/http/style.css', SOURCE), 'utf8'),
  ]);
  return { script: programText(linked), style };
}

/** A module with all that it imports, as an expression for a browser. */
export async function linkedProof(module: string): Promise<string> {
  return await linkScript(new URL(module, SOURCE), {
    replaced: new Map([['node:crypto', new URL('serve/proof/hash-in-browser.ts', SOURCE)]]),
    nameOf: ({ href, pathname }) =>
      href.startsWith(SOURCE.href) ? href.slice(SOURCE.href.length) : (pathname.split('/node_modules/').at(-1) ?? ''),
  });
}
