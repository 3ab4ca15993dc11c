import { after } from 'node:test';
import { startPostgres } from '../support/postgres.ts';
import { storeContract } from './store.contract.ts';

const server = await startPostgres();
after(() => server?.stop());

storeContract('PostgreSQL', async (t) => {
  if (server === undefined) t.skip('skipped: no PostgreSQL on this machine (initdb not found)');
  return server?.database();
});
