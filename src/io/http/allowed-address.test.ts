import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { checkUrl, type Reach, reachFrom } from './allowed-address.ts';

test('reachFrom() keeps what begins out there out there, and lets what begins here stay', () => {
  const rows: readonly [string, Reach, Reach][] = [
    ['https://feeds.example/', 'public-and-loopback', 'public'],
    ['https://localhost.example/', 'public-and-loopback', 'public'],
    ['http://127.0.0.1:1/', 'public-and-loopback', 'public-and-loopback'],
    ['http://[::1]:1/', 'public-and-loopback', 'public-and-loopback'],
    ['http://localhost:1/', 'public-and-loopback', 'public-and-loopback'],
    ['https://mirror.example/', 'anywhere', 'anywhere'],
  ];
  for (const [url, reach, expected] of rows) assert.equal(reachFrom(new URL(url), reach), expected, url);
});

test('checkUrl() allows https everywhere public, and http to this machine only where that is within reach', () => {
  const rows: readonly [string, Reach, boolean][] = [
    ['https://feeds.example/x', 'public', true],
    ['http://feeds.example/x', 'anywhere', false],
    ['http://127.0.0.1/x', 'public', false],
    ['http://127.0.0.1/x', 'public-and-loopback', true],
    ['http://10.0.0.1/x', 'anywhere', false],
    ['https://10.0.0.1/x', 'anywhere', true],
    ['https://10.0.0.1/x', 'public-and-loopback', false],
    ['https://me:secret@feeds.example/', 'anywhere', false],
    ['ftp://feeds.example/', 'anywhere', false],
  ];
  for (const [url, reach, allowed] of rows) {
    if (allowed) assert.equal(checkUrl(url, reach).href, url);
    else
      assert.throws(
        () => checkUrl(url, reach),
        (error) => error instanceof Failure && error.code === 'E0206',
        url,
      );
  }
});

test('checkUrl() never repeats a password', () => {
  assert.throws(
    () => checkUrl('https://me:secret@feeds.example/', 'public'),
    (error) => error instanceof Failure && !JSON.stringify([error.message, error.detail]).includes('secret'),
  );
});
