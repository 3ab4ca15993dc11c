let writes = 0;

/**
 * Called after every durable write. With `SUTURE_CRASH_AT=n` the process kills itself after the n-th one, as a power
 * cut would; with `SUTURE_CRASH_COUNT=1` the number of writes is printed to stderr at exit.
 */
export function crashPoint(_what: string): void {
  writes += 1;
  if (String(writes) === process.env['SUTURE_CRASH_AT']) process.kill(process.pid, 'SIGKILL');
  if (writes === 1 && process.env['SUTURE_CRASH_COUNT'] === '1') {
    process.on('exit', () => process.stderr.write(`durable writes: ${writes}\n`));
  }
}
