import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from './store.contract.ts';

storeContract('SQLite', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'not yet there', 'suture.db');
});
