import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsWanted } from './accounts-wanted.ts';

for (const [script, expected] of [
  ['adduser --quiet --system --no-create-home --home /run/sshd --shell /usr/sbin/nologin sshd', ['sshd']],
  ['adduser --system --group --gecos "Some Server" \\\n  $quiet some-server || true', ['some-server']],
  ['MESSAGEUSER=messagebus\nin_sysroot adduser --system --group "$MESSAGEUSER"', ['messagebus']],
  ['groupadd -f -g 42 shadow || (\n groupdel x; )', ['shadow']],
  ['useradd -r -g www -d /srv -s /bin/false -c "a b" web; addgroup --system --gid 7 web', ['web']],
  ['if ! getent passwd a >/dev/null; then adduser --system a; fi\naddgroup --system b\n', ['a', 'b']],
  ['adduser postgres ssl-cert', []],
  ['adduser --system $NAME', []],
  ['adduser --system "$prefix-x"', []],
  ['command -v adduser x', []],
  ['echo "adduser x"', []],
  ['deluser x', []],
] as const) {
  test(`accountsWanted() of ${script.split('\n').at(-1)} is ${expected.join(', ') || 'nobody'}`, () => {
    assert.deepEqual(accountsWanted(script), expected);
  });
}
