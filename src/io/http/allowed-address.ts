import { lookup as lookUp } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { Failure } from '../../core/failure.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** Where requests may go. Feeds and upstreams are on the public internet; tests and mirrors may be nearer. */
export type Reach = 'public' | 'public-and-loopback' | 'anywhere';

/**
 * Refuses (E0206) what is not https, except to this machine where that is within reach, and addresses with a password
 * in them. Names are judged later, by what they resolve to at the moment of connecting.
 */
export function checkUrl(text: string, reach: Reach): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refused(text, 'it is no address');
  if (url.username !== '' || url.password !== '') throw refused(url.origin, 'it carries a user name or password');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isWithin(host, reach)) throw refused(url.origin, `${host} is not on the public internet`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && reach !== 'public' && isNear(url))) return url;
  throw refused(url.origin, 'only https is used');
}

/** A server out there leads nobody to this machine: only what begins here may stay here. */
export function reachFrom(url: URL, reach: Reach): Reach {
  return reach === 'public-and-loopback' && !isNear(url) ? 'public' : reach;
}

function isNear({ hostname }: URL): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}

/**
 * Name resolution for one connection: every address of the name must be within reach, and the connection goes to an
 * address that was judged, so that a name that changes its answer meanwhile gains nothing.
 */
export function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    void lookUp(hostname, { all: true, family: familyOf(options.family) }).then(
      (addresses) => {
        const outside = addresses.find(({ address }) => !isWithin(address, reach));
        const [first] = addresses;
        if (outside !== undefined || first === undefined) {
          callback(
            refused(hostname, `it resolves to ${outside?.address ?? 'nothing'}, which is not on the public internet`),
            '',
          );
        } else if (options.all === true) {
          callback(null, addresses);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function familyOf(family: number | 'IPv4' | 'IPv6' | undefined): 0 | 4 | 6 {
  if (family === 4 || family === 'IPv4') return 4;
  return family === 6 || family === 'IPv6' ? 6 : 0;
}

function isWithin(address: string, reach: Reach): boolean {
  if (reach === 'anywhere' || isPublicAddress(address)) return true;
  return reach === 'public-and-loopback' && isLoopbackAddress(address);
}

function refused(where: string, why: string): Failure {
  return new Failure('E0206', `The address ${where} is not allowed`, {
    at: where,
    why,
    kept: 'nothing was sent there',
    hint: 'use the public https address of the service',
    retryable: false,
  });
}
