import { foundComponent, type FoundComponent } from '../inventory/found-component.ts';
import type { GoBuildInfo } from './build-info.ts';

/**
 * What a Go program is made of: its main module, the modules linked into it, and the standard library of the compiler,
 * whose fixes come with the compiler's releases (pkg.go.dev/vuln: module `stdlib`).
 */
export function goComponents(info: GoBuildInfo): readonly FoundComponent[] {
  const { goVersion, main, dependencies } = info;
  const version = /^go([0-9]+(?:\.[0-9]+)*(?:(?:beta|rc)[0-9]+)?)/.exec(goVersion)?.[1];
  return [
    // A compiler from a work tree is of no release: the name stays, so that nobody takes it for absent.
    foundComponent({
      ecosystem: 'Go',
      name: 'stdlib',
      version: version ?? '(devel)',
      edge: 'compiled-by',
      stream: /^[0-9]+\.[0-9]+/.exec(version ?? '')?.[0] ?? '',
    }),
    main === null ? undefined : moduleComponent(main, 'contains'),
    ...dependencies.map((one) => moduleComponent(one, 'static')),
  ].filter((one) => one !== undefined);
}

function moduleComponent(
  { path, version }: { readonly path: string; readonly version: string },
  edge: 'contains' | 'static',
): FoundComponent | undefined {
  return foundComponent({ ecosystem: 'Go', name: path, version: version === '' ? '(devel)' : version, edge });
}
