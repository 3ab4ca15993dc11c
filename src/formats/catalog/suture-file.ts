import { posix } from 'node:path';
import { isScalar } from 'yaml';
import {
  type BuildSettings,
  type Catalog,
  type FeedSource,
  type LedgerSettings,
  feedKinds,
  type RegistryTarget,
} from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import { checkShape, type Shaped } from './check-shape.ts';
import { problemAt } from './problem.ts';
import { sutureSchema } from './suture-schema.ts';
import { nodeAt, readYaml, type YamlFile } from './yaml-file.ts';

export interface SutureFile {
  readonly name: string;
  readonly registry: RegistryTarget;
  readonly feeds: readonly FeedSource[];
  readonly build: BuildSettings;
  readonly ledger: LedgerSettings;
  readonly changes: Catalog['changes'];
}

/** Reads `suture.yaml`; relative paths are taken from the catalog's folder (absolute). */
export function readSuture(yaml: YamlFile, folder: string): Shaped<SutureFile> {
  const shaped = checkShape(yaml, sutureSchema);
  if (shaped.kind === 'problems') return shaped;
  const { name, registry, feeds, build, ledger, changes } = shaped.value;
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
        feedKinds.flatMap((kind) => {
          const from = feed[kind];
          return from === undefined ? [] : [{ kind, from: absolute(from) }];
        }),
      ),
      build: { root: absolute(build.root), timeoutSeconds: build.timeout, memoryBytes: build.memory },
      ledger: { signEverySeconds: ledger['sign-every'], signFacts: ledger['sign-facts'] },
      changes,
    },
  };
}

/** Only where changes go, from the text of a `suture.yaml` that may have other faults; it is never guessed. */
export function changesOf(text: string): Catalog['changes'] | Failure {
  const yaml = readYaml('suture.yaml', text);
  if (yaml instanceof Failure) return yaml;
  const node = nodeAt(yaml, ['changes']);
  if (node === undefined) return 'here';
  if (isScalar(node) && (node.value === 'here' || node.value === 'apart')) return node.value;
  return problemAt(yaml, ['changes'], { code: 'E0101', what: '`changes` must be one of here, apart' });
}
