import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { verifierOf } from '../../formats/dsse/signing-key.ts';
import { openSigner, privateKeyFile, publicKeyFile } from './keys.ts';

test('openSigner() makes a pair once, the private half for its owner alone', async (t) => {
  const folder = await temporary(t);
  const first = await openSigner(folder);
  const again = await openSigner(folder);
  assert.equal(again.keyId, first.keyId);
  assert.equal((await stat(join(folder, privateKeyFile))).mode & 0o777, 0o600);
  assert.equal(await readFile(join(folder, publicKeyFile), 'utf8'), first.publicKey);
  assert.deepEqual((await readdir(folder)).sort(), [privateKeyFile, publicKeyFile]);
  const bytes = new TextEncoder().encode('hello');
  assert.equal(verifierOf(first.publicKey).verifies(bytes, again.sign(bytes)), true);
});

test('openSigner() gives all who start together the same pair', async (t) => {
  const folder = await temporary(t);
  const signers = await Promise.all(Array.from({ length: 8 }, () => openSigner(folder)));
  assert.equal(new Set(signers.map((signer) => signer.keyId)).size, 1);
});

test('openSigner() refuses a key that others can read, and one that is damaged', async (t) => {
  const folder = await temporary(t);
  await openSigner(folder);
  const path = join(folder, privateKeyFile);
  await chmod(path, 0o644);
  await assert.rejects(openSigner(folder), { code: 'E0303' });
  await chmod(path, 0o600);
  await writeFile(path, 'damaged');
  await assert.rejects(openSigner(folder), { code: 'E0303' });
});

test('openSigner() mends a public half that is missing or another', async (t) => {
  const folder = await temporary(t);
  const { publicKey } = await openSigner(folder);
  await writeFile(join(folder, publicKeyFile), 'something else');
  await openSigner(folder);
  assert.equal(await readFile(join(folder, publicKeyFile), 'utf8'), publicKey);
});

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
