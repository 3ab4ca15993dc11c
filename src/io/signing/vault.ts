import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { Vault } from '../../factory/deps.ts';
import { readIfThere, writeOnce } from './key-file.ts';

/** File of the key that seals (64 hex digits, mode 0600); may be held apart and put back when something is to open. */
export const sealingKeyFile = 'sealing-key';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const SALT_HEX = 32;

/** The vault of a folder of keys; its key is made at the first call. E0303 when it cannot be used. */
export async function openVault(folder: string): Promise<Vault> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, sealingKeyFile);
  if ((await readIfThere(path)) === undefined)
    await writeOnce(folder, path, { text: `${randomBytes(32).toString('hex')}\n`, mode: 0o600 });
  const text = (await readIfThere(path))?.trim() ?? '';
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0 || !/^[0-9a-f]{64}$/.test(text)) {
    throw new Failure('E0303', `The sealing key ${path} cannot be used`, {
      at: path,
      why: (mode & 0o077) === 0 ? 'it is not 64 hex digits' : 'others can read it',
      kept: 'nothing was sealed or opened with it',
      hint: `chmod 600 ${path}, or restore it from a copy`,
    });
  }
  return vaultOf(Buffer.from(text, 'hex'));
}

/** AES-256-GCM; the box is Base64 of nonce, tag and ciphertext, and is bound to what it is about. */
export function vaultOf(key: Uint8Array): Vault {
  return {
    salt: (text) => createHmac('sha256', key).update(`salt\n${text}`).digest('hex').slice(0, SALT_HEX),
    seal(text, about) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(box, about) {
      const bytes = Buffer.from(box, 'base64');
      try {
        const iv = bytes.subarray(0, IV_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about));
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        );
      } catch (cause) {
        throw new Failure('E0303', `What was sealed about ${about} does not open with this key`, {
          kept: 'it stays sealed',
          hint: `put the ${sealingKeyFile} that it was sealed with into the folder of keys`,
          cause,
        });
      }
    },
  };
}
