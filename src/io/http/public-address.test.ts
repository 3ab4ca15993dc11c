import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

test('isPublicAddress() is false for every network with a purpose of its own, also inside IPv6', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    'not-an-address',
  ]) {
    assert.equal(isPublicAddress(address), false, address);
  }
});

test('isPublicAddress() is true next to them', () => {
  for (const address of [
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '126.0.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
  ]) {
    assert.equal(isPublicAddress(address), true, address);
  }
});

test('isLoopbackAddress() knows both families', () => {
  assert.deepEqual(['127.9.9.9', '::1', '8.8.8.8', 'localhost'].map(isLoopbackAddress), [true, true, false, false]);
});
