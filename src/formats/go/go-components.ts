import { foundComponent, type FoundComponent } from '../inventory/found-component.ts';
import type { LinkedCode } from '../../core/match/inventory.ts';
import type { GoBuildInfo } from './build-info.ts';
import type { GoModule } from './module-info.ts';

/**
 * What a Go program is made of: its main module, the modules linked into it, and the standard library of the compiler,
 * whose fixes come with the compiler's releases (pkg.go.dev/vuln: module `stdlib`); with what of each was linked, where
 * somebody looked.
 */
export function goComponents(info: GoBuildInfo, linkedOf: LinkedOf = () => undefined): readonly FoundComponent[] {
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
      linked: linkedOf('stdlib'),
    }),
    main === null ? undefined : moduleComponent(main, 'contains', linkedOf),
    ...dependencies.map((one) => moduleComponent(one, 'static', linkedOf)),
  ].filter((one) => one !== undefined);
}

type LinkedOf = (module: string) => LinkedCode | undefined;

function moduleComponent(
  { path, version }: GoModule,
  edge: 'contains' | 'static',
  linkedOf: LinkedOf,
): FoundComponent | undefined {
  const known = version === '' ? '(devel)' : version;
  return foundComponent({ ecosystem: 'Go', name: path, version: known, edge, linked: linkedOf(path) });
}
