import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipe } from '../../../test/support/literals.ts';
import { forArchitecture } from './for-architecture.ts';

test('forArchitecture() puts the names of the architecture into steps, tests and environment', () => {
  const both = recipe({
    steps: [{ name: 'a', runs: 'make ${{build.arch}} ${{host.triplet.gnu}} $ARCH' }],
    tests: [{ name: 'b', runs: 'echo ${{build.goarch}}' }],
    environment: { RUST: '${{host.triplet.rust}}' },
  });
  const arm = forArchitecture(both, 'arm64');
  assert.equal(arm.steps[0]?.runs, 'make aarch64 aarch64-unknown-linux-gnu $ARCH');
  assert.equal(arm.tests[0]?.runs, 'echo arm64');
  assert.deepEqual(arm.environment, { RUST: 'aarch64-unknown-linux-gnu' });
  assert.equal(forArchitecture(both, 'amd64').steps[0]?.runs, 'make x86_64 x86_64-pc-linux-gnu $ARCH');
});

test('forArchitecture() leaves a recipe that names no architecture as it is', () => {
  assert.deepEqual(forArchitecture(recipe(), 'arm64'), recipe());
});
