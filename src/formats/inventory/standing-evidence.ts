import type { LayerEvidence } from './layer-evidence.ts';

/** What is left of the evidence of a stack of layers, by path, each with the layer that it comes from. */
export interface StandingEvidence {
  readonly databases: Standing<'databases'>;
  readonly documents: Standing<'documents'>;
  readonly distributions: Standing<'distributions'>;
  readonly found: Standing<'found'>;
  readonly owned: Standing<'owned'>;
}

export interface Placed<T> {
  readonly value: T;
  /** Counted from the bottom. */
  readonly layer: number;
}

type Kind = 'databases' | 'documents' | 'distributions' | 'found' | 'owned';
type Standing<K extends Kind> = ReadonlyMap<string, Placed<LayerEvidence[K][string]>>;

/** Reads a stack from above: each path is judged once, against everything that lies over it. Layers come bottom first. */
export function standingEvidence(layers: readonly LayerEvidence[]): StandingEvidence {
  const gone = new Set<string>();
  const standing = {
    databases: new Map<string, Placed<LayerEvidence['databases'][string]>>(),
    documents: new Map<string, Placed<LayerEvidence['documents'][string]>>(),
    distributions: new Map<string, Placed<LayerEvidence['distributions'][string]>>(),
    found: new Map<string, Placed<LayerEvidence['found'][string]>>(),
    owned: new Map<string, Placed<LayerEvidence['owned'][string]>>(),
  };
  for (let layer = layers.length - 1; layer >= 0; layer -= 1) {
    const evidence = layers[layer];
    if (evidence === undefined) continue;
    takeStanding(standing.databases, evidence.databases, { layer, gone });
    takeStanding(standing.documents, evidence.documents, { layer, gone });
    takeStanding(standing.distributions, evidence.distributions, { layer, gone });
    takeStanding(standing.found, evidence.found, { layer, gone });
    takeStanding(standing.owned, evidence.owned, { layer, gone });
    if (layer > 0) for (const path of evidence.removed) gone.add(path);
  }
  return standing;
}

function takeStanding<T>(
  standing: Map<string, Placed<T>>,
  stated: Readonly<Record<string, T>>,
  { layer, gone }: { readonly layer: number; readonly gone: ReadonlySet<string> },
): void {
  for (const [path, value] of Object.entries(stated)) {
    if (!isGone(path, gone)) standing.set(path, { value, layer });
  }
}

/** Taken away itself, or with a folder above it; an opaque root is the empty path. */
function isGone(path: string, gone: ReadonlySet<string>): boolean {
  if (gone.size === 0) return false;
  if (gone.has(path) || gone.has('')) return true;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (gone.has(path.slice(0, slash)) || gone.has(path.slice(0, slash + 1))) return true;
  }
  return false;
}
