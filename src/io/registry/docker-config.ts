import { readFile } from 'node:fs/promises';
import { Failure } from '../../core/failure.ts';
import type { Credentials } from './authorize.ts';

const CONFIG_BYTES_MAX = 1024 * 1024;

/**
 * Credentials from the file that `docker login`, skopeo and others write (`~/.docker/config.json`, `auth.json`).
 * Without the file nobody is logged in anywhere. Passwords that lie with a credential helper are not fetched: E0303
 * says so, for running programs that a file names is not ours to do.
 */
export function dockerCredentials(path: string): (host: string) => Promise<Credentials | undefined> {
  return async (host) => {
    const config = await readConfig(path);
    const entry = [host, `https://${host}`, `https://${host}/v1/`].map((key) => config.auths?.[key]).find(Boolean);
    if (entry?.auth !== undefined && entry.auth !== '') return passwordIn(entry.auth, path);
    if (entry?.registrytoken !== undefined) return { kind: 'token', token: entry.registrytoken };
    if (config.credHelpers?.[host] !== undefined || (entry !== undefined && config.credsStore !== undefined)) {
      throw new Failure('E0303', `The password for ${host} lies with a credential helper`, {
        at: path,
        why: 'Suture reads passwords from the file itself only.',
      });
    }
    return undefined;
  };
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly registrytoken?: string } | undefined>>;
  readonly credHelpers?: Readonly<Record<string, string | undefined>>;
  readonly credsStore?: string;
}

async function readConfig(path: string): Promise<DockerConfig> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    if (text.length > CONFIG_BYTES_MAX) throw new Error('it is too large');
    const config = JSON.parse(text) as DockerConfig | null;
    if (typeof config !== 'object' || config === null) throw new Error('it is no object');
    return config;
  } catch {
    // Without the cause: the parser's message would quote the file, and passwords with it.
    throw new Failure('E0303', `The credentials in ${path} cannot be read`, { at: path, why: 'It is not JSON.' });
  }
}

/** `base64(username:password)`; a password may hold colons itself. */
function passwordIn(auth: string, path: string): Credentials {
  const text = Buffer.from(String(auth), 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw new Failure('E0303', `The credentials in ${path} cannot be read`, { at: path });
  return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1) };
}
