import { openStore } from '../../src/io/store/open-store.ts';

/** Holds the daemon's lock until it is killed: `node daemon-child.ts URL`. */
const store = await openStore({ url: process.argv[2] ?? '', clock: { now: () => Temporal.Now.instant() } });
await store.daemonLock();
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
