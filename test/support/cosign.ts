import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { newSigner } from './published-line.ts';
import { conformanceTool } from './tools-root.ts';

/** cosign with a public key and a stranger's, apart from the public logs, which need a network. */
export interface CosignJudge {
  /** The signature of an image: the key's, and nobody else's. */
  verify(image: string): Promise<void>;
  /** A signed document about an image. `tag`: as older versions look for it, in one manifest under a tag. */
  verifyAttestation(image: string, type: string, form?: 'bundle' | 'tag'): Promise<void>;
}

export async function cosignJudge(t: TestContext, publicKey: string): Promise<CosignJudge | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-cosign-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const cosign = await conformanceTool(t, 'cosign', [folder]);
  if (cosign === undefined) return undefined;
  const [key, stranger, root] = ['key.pub', 'stranger.pub', 'root.json'].map((name) => join(folder, name));
  assert.ok(key !== undefined && stranger !== undefined && root !== undefined);
  await writeFile(key, publicKey);
  await writeFile(stranger, newSigner().publicKey);
  // Without a root of its own cosign asks the network for one.
  await writeFile(root, '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}');
  const offline = ['--insecure-ignore-tlog=true', '--allow-http-registry'];
  const judge = async (words: readonly string[], image: string): Promise<void> => {
    const asked = (with_: string) => cosign.run([...words, '--key', with_, ...offline, image], { HOME: folder });
    await asked(key);
    await assert.rejects(asked(stranger), /no matching (signatures|attestations)|failed to verify|invalid signature/);
  };
  return {
    verify: (image) => judge(['verify'], image),
    verifyAttestation: (image, type, form = 'bundle') => {
      const bundles = form === 'bundle' ? ['--new-bundle-format', '--trusted-root', root] : [];
      return judge(['verify-attestation', '--type', type, ...bundles], image);
    },
  };
}
