import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Failure } from '../../core/failure.ts';
import { dockerCredentials } from './docker-config.ts';

const auth = Buffer.from('me:pass:word').toString('base64');

test('dockerCredentials() finds a login by host, with or without https', async (t) => {
  const at = dockerCredentials(
    await file(t, { auths: { 'one.example': { auth }, 'https://two.example/v1/': { auth } } }),
  );
  const login = { kind: 'password', username: 'me', password: 'pass:word' };
  assert.deepEqual(await at('one.example'), login);
  assert.deepEqual(await at('two.example'), login);
  assert.equal(await at('three.example'), undefined);
});

test('dockerCredentials() knows nobody without a file', async () => {
  assert.equal(await dockerCredentials('/nonexistent/config.json')('one.example'), undefined);
});

test('dockerCredentials() says so where a helper keeps the password', async (t) => {
  const stored = dockerCredentials(await file(t, { auths: { 'one.example': {} }, credsStore: 'desktop' }));
  await assert.rejects(stored('one.example'), { code: 'E0303' });
  assert.equal(await stored('two.example'), undefined);
  const helped = dockerCredentials(await file(t, { credHelpers: { 'one.example': 'cloud' } }));
  await assert.rejects(helped('one.example'), { code: 'E0303' });
});

test('dockerCredentials() quotes nothing of a damaged file', async (t) => {
  for (const content of [`{"auths":{"one.example":{"auth":"${auth}`, { auths: { 'one.example': { auth: 'AAAA' } } }]) {
    await assert.rejects(dockerCredentials(await file(t, content))('one.example'), (error: Failure) => {
      assert.equal(error.code, 'E0303');
      assert.ok(!`${error.message} ${JSON.stringify(error.detail)}`.includes(auth));
      return true;
    });
  }
});

async function file(t: TestContext, content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-config-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'config.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
