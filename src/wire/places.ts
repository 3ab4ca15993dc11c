import { join } from 'node:path';

/** Where a catalog's factory keeps its things, all below the catalog's own `.suture` folder. */
export interface Places {
  readonly catalog: string;
  readonly state: string;
  /** Repository of a catalog whose changes are kept apart; not there for others. */
  readonly apart: string;
  /** File of the embedded store, or the address in `DATABASE_URL`. */
  readonly store: string;
  readonly blobs: string;
  readonly registry: string;
  readonly keys: string;
  readonly cache: string;
  /** Present in a made-up world: its clock and its notice. */
  readonly world: string;
}

export function placesOf(
  catalog: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Places {
  const state = join(catalog, '.suture');
  return {
    catalog,
    state,
    apart: join(state, 'catalog'),
    store: environment['DATABASE_URL'] ?? join(state, 'suture.db'),
    blobs: join(state, 'blobs'),
    registry: join(state, 'registry'),
    keys: join(state, 'keys'),
    cache: join(state, 'cache'),
    world: join(state, 'world.json'),
  };
}
