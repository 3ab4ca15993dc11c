import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { signerOf, type Signer } from '../../formats/dsse/signing-key.ts';
import { readIfThere, writeOnce } from './key-file.ts';

/** File of the private key (PKCS #8 PEM, mode 0600) in the folder that `openSigner` is given. */
export const privateKeyFile = 'signing-key.pem';
/** File of the public key (SPKI PEM): what people who pull verify with. */
export const publicKeyFile = 'signing-key.pub';

/**
 * The key pair that signs, made at the first call. Two processes that start together end up with the same pair, and a
 * crash leaves either none or a whole one. E0303 when the file cannot be used or others can read it.
 */
export async function openSigner(folder: string): Promise<Signer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, privateKeyFile);
  const signer = (await readSigner(path)) ?? (await createSigner(folder, path));
  // The public half follows from the private one, so it is written again whenever it is missing.
  const published = join(folder, publicKeyFile);
  if ((await readIfThere(published)) !== signer.publicKey) {
    await rm(published, { force: true });
    await writeOnce(folder, published, { text: signer.publicKey, mode: 0o644 });
  }
  return signer;
}

/** The pair, where it was made and this user may read it; nothing is written. E0303 as `openSigner`. */
export async function signerAt(folder: string): Promise<Signer | undefined> {
  const path = join(folder, privateKeyFile);
  const isReadable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  return isReadable ? await readSigner(path) : undefined;
}

async function readSigner(path: string): Promise<Signer | undefined> {
  const pem = await readIfThere(path);
  if (pem === undefined) return undefined;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new Failure('E0303', `Others can read the signing key ${path}`, {
      at: path,
      kept: 'nothing was signed with it',
      hint: `chmod 600 ${path}`,
    });
  }
  try {
    return signerOf(createPrivateKey(pem));
  } catch (cause) {
    throw new Failure('E0303', `The signing key ${path} cannot be used`, {
      at: path,
      why: 'it is no private key in PEM form',
      kept: 'the file, as it is',
      hint: "restore it from a copy: with a new key, what was signed before would be a stranger's",
      cause,
    });
  }
}

async function createSigner(folder: string, path: string): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeOnce(folder, path, { text, mode: 0o600 });
  // Whoever came first has made the pair; it may not have been us.
  const signer = await readSigner(path);
  if (signer === undefined) throw new Failure('E0303', `The signing key ${path} vanished`, { at: path });
  return signer;
}
