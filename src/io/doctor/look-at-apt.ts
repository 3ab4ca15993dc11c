import { Failure } from '../../core/failure.ts';
import { readUserSources, sourcesOfSuites } from '../debian/user-sources.ts';
import type { UserSourcesPlace } from '../debian/user-sources.ts';
import { findProgram } from '../sandbox/find-program.ts';
import { absent, warns, works } from './check.ts';
import type { Finding } from './check.ts';

/** Whether packages of Debian can be had: apt is there, and its user has named an archive and a security archive. */
export async function lookAtApt(place: UserSourcesPlace = {}): Promise<Finding> {
  if ((await findProgram('apt-get')) === undefined) {
    return absent('not installed: needed only to fetch packages of Debian');
  }
  try {
    sourcesOfSuites(await readUserSources(place), ['stable', 'stable-security']);
    return works('any suite of Debian, with its security updates');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return warns(error.message, error.detail.hint ?? 'see sources.list(5)');
  }
}
