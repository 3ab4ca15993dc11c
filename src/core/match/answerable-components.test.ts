import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerableComponents } from './answerable-components.ts';
import type { Component } from './inventory.ts';

const component = (purl: string, over: Partial<Component> = {}): Component => ({
  purl,
  version: '1.0',
  scheme: 'pypi',
  upstream: purl.replace(/@.*$/, ''),
  stream: '',
  edge: 'is',
  package: '',
  patched: [],
  ...over,
});

const module = component('pkg:pypi/requests@2.28.1', { edge: 'contains', ownedBy: 'python3-requests' });

for (const [owner, isAnswered] of [
  ['pkg:deb/debian/python3-requests@2.28.1%2Bdfsg-1?distro=debian-12', true],
  ['pkg:deb/ubuntu/python3-requests@2.28.1', true],
  ['pkg:rpm/redhat/python3-requests@2.28.1', true],
  ['pkg:apk/alpine/python3-requests@2.28.1-r0', false],
  ['pkg:generic/requests@2.28.1', false],
] as const) {
  test(`answerableComponents(): a module owned by ${owner} is ${isAnswered ? 'left to it' : 'held against advisories'}`, () => {
    const installed = component(owner, { package: 'python3-requests' });
    const found = answerableComponents({ packages: [], components: [installed, module] });
    assert.deepEqual(found, isAnswered ? [installed] : [installed, module]);
  });
}

test('answerableComponents(): what a package of ours holds by its own list, and what nobody owns, stays', () => {
  const components = [
    component('pkg:deb/debian/python3@3.11', { package: 'python3' }),
    component('pkg:pypi/flask@2.0', { edge: 'contains' }),
    component('pkg:pypi/click@8.0', { edge: 'contains', ownedBy: 'app' }),
  ];
  assert.deepEqual(answerableComponents({ packages: [], components }), components);
});
