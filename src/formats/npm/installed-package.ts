import * as z from 'zod';
import { foundComponent, type FoundComponent } from '../inventory/found-component.ts';

/**
 * An installed npm package, from the `package.json` in its own folder below `node_modules` (docs.npmjs.com, "package.json").
 * Undefined for a folder that is no package of a registry: without name or version nothing can be looked up.
 */
export function npmComponent(bytes: Uint8Array): FoundComponent | undefined {
  const parsed = manifest.safeParse(jsonOf(bytes));
  if (!parsed.success) return undefined;
  return foundComponent({ ecosystem: 'npm', ...parsed.data, edge: 'contains' });
}

const manifest = z.object({
  name: z.string().regex(/^(?:@[^/@]+\/)?[^/@]+$/),
  version: z.string().transform((version) => version.trim().replace(/^[v=]+/, '')),
});

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
