import { posix } from 'node:path';
import type { BuildSettings, FeedSource, RegistryTarget } from '../../core/catalog/catalog.ts';
import { checkShape, type Shaped } from './check-shape.ts';
import { sutureSchema } from './suture-schema.ts';
import type { YamlFile } from './yaml-file.ts';

export interface SutureFile {
  readonly name: string;
  readonly registry: RegistryTarget;
  readonly feeds: readonly FeedSource[];
  readonly build: BuildSettings;
}

/** Reads `suture.yaml`; relative paths are taken from the catalog's folder (absolute). */
export function readSuture(yaml: YamlFile, folder: string): Shaped<SutureFile> {
  const shaped = checkShape(yaml, sutureSchema);
  if (shaped.kind === 'problems') return shaped;
  const { name, registry, feeds, build } = shaped.value;
  const absolute = (path: string) => (/^https?:\/\//.test(path) ? path : posix.resolve(folder, path));
  return {
    kind: 'shaped',
    value: {
      name,
      registry:
        registry.host === undefined
          ? { kind: 'embedded', port: registry.embedded?.port ?? 5050 }
          : {
              kind: 'remote',
              host: registry.host,
              plainHttp: registry['plain-http'] ?? false,
              repositoryPrefix: registry['repository-prefix'] ?? '',
            },
      feeds: feeds.flatMap((feed) =>
        (['osv', 'kev', 'epss'] as const).flatMap((kind) => {
          const from = feed[kind];
          return from === undefined ? [] : [{ kind, from: absolute(from) }];
        }),
      ),
      build: { root: absolute(build.root), timeoutSeconds: build.timeout, memoryBytes: build.memory },
    },
  };
}
