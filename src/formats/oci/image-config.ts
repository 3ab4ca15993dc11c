import * as z from 'zod';
import { digestSchema } from './descriptor.ts';
import { encodeJson, parseJson } from './json-bytes.ts';
import type { Digest } from '../../core/digest.ts';
import type { InstantText } from '../../core/fact.ts';

/** An image configuration (OCI image-spec config.md), the fields that we use. */
export interface ImageConfig {
  readonly created: InstantText;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workDir: string;
  /** `uid:gid` or a name; empty = root. */
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string;
  /** Bottom first. */
  readonly diffIds: readonly Digest[];
  /** One sentence per layer. */
  readonly history: readonly string[];
}

/** Equal configurations give equal bytes: environment, labels, ports and volumes are sorted, empty fields left out. */
export function encodeConfig(config: ImageConfig): Uint8Array {
  const inner = {
    ...textField('User', config.user),
    ...listField('ExposedPorts', setOf(config.exposedPorts)),
    ...listField(
      'Env',
      sorted(config.environment).map(([key, value]) => `${key}=${value}`),
    ),
    ...listField('Entrypoint', config.entrypoint),
    ...listField('Cmd', config.cmd),
    ...listField('Volumes', setOf(config.volumes)),
    ...textField('WorkingDir', config.workDir),
    ...listField('Labels', Object.fromEntries(sorted(config.labels))),
    ...textField('StopSignal', config.stopSignal),
  };
  return encodeJson({
    created: config.created,
    architecture: config.architecture,
    ...textField('variant', config.variant ?? ''),
    os: config.os,
    config: inner,
    rootfs: { type: 'layers', diff_ids: config.diffIds },
    history: config.history.map((created_by) => ({ created: config.created, created_by })),
  });
}

/** E0404 when it is no image configuration, E0205 beyond 4 MiB. */
export function parseConfig(bytes: Uint8Array, at: string): ImageConfig {
  const { config, rootfs, history, variant, ...base } = parseJson(bytes, configSchema, {
    what: 'image configuration',
    at,
  });
  return {
    ...base,
    ...(variant === undefined ? {} : { variant }),
    entrypoint: config?.Entrypoint ?? [],
    cmd: config?.Cmd ?? [],
    environment: Object.fromEntries((config?.Env ?? []).map(pairOf)),
    workDir: config?.WorkingDir ?? '',
    user: config?.User ?? '',
    labels: config?.Labels ?? {},
    exposedPorts: Object.keys(config?.ExposedPorts ?? {}).toSorted(),
    volumes: Object.keys(config?.Volumes ?? {}).toSorted(),
    stopSignal: config?.StopSignal ?? '',
    diffIds: rootfs.diff_ids,
    history: (history ?? []).map((step) => step.created_by ?? ''),
  };
}

const list = z.array(z.string()).max(10_000).nullish();
const set = z.record(z.string(), z.unknown()).nullish();

const configSchema = z.object({
  created: z.string().default('1970-01-01T00:00:00Z'),
  architecture: z.string(),
  os: z.string(),
  variant: z.string().optional(),
  config: z
    .object({
      User: z.string().nullish(),
      Env: list,
      Entrypoint: list,
      Cmd: list,
      WorkingDir: z.string().nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
      ExposedPorts: set,
      Volumes: set,
      StopSignal: z.string().nullish(),
    })
    .nullish(),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(digestSchema).max(1000) }),
  history: z
    .array(z.object({ created_by: z.string().optional() }))
    .max(10_000)
    .nullish(),
});

function pairOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function setOf(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.toSorted().map((name) => [name, {}]));
}

function textField(key: string, value: string): Record<string, string> {
  return value === '' ? {} : { [key]: value };
}

function listField<T extends object>(key: string, value: T): Record<string, T> {
  return Object.keys(value).length === 0 ? {} : { [key]: value };
}
