import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../core/digest.ts';
import { encodeConfig, parseConfig } from './image-config.ts';
import type { ImageConfig } from './image-config.ts';

const config: ImageConfig = {
  created: '2026-01-01T00:00:00Z',
  architecture: 'amd64',
  os: 'linux',
  entrypoint: ['/usr/bin/hello'],
  cmd: ['--loud'],
  environment: { PATH: '/usr/bin', A: 'x=y' },
  workDir: '/app',
  user: '65532:65532',
  labels: { title: 'hello' },
  exposedPorts: ['80/tcp'],
  volumes: ['/data'],
  stopSignal: 'SIGQUIT',
  diffIds: [digestOf('tar')],
  history: ['hello 1.0-r0'],
};

test('encodeConfig() sorts what has no order and parseConfig() reads it back', () => {
  const bytes = encodeConfig(config);
  assert.deepEqual(parseConfig(bytes, 'x'), { ...config, environment: { A: 'x=y', PATH: '/usr/bin' } });
  assert.deepEqual(encodeConfig({ ...config, environment: { A: 'x=y', PATH: '/usr/bin' } }), bytes);
  assert.deepEqual(JSON.parse(Buffer.from(bytes).toString()).config.Env, ['A=x=y', 'PATH=/usr/bin']);
});

test('encodeConfig() leaves out what is empty', () => {
  const bare = {
    ...config,
    entrypoint: [],
    cmd: [],
    environment: {},
    workDir: '',
    user: '',
    labels: {},
    exposedPorts: [],
    volumes: [],
    stopSignal: '',
  };
  assert.deepEqual(JSON.parse(Buffer.from(encodeConfig(bare)).toString()).config, {});
});

test('parseConfig() takes nulls for nothing, as other tools write them, and refuses what has no layers', () => {
  const other = {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: null, Entrypoint: null, Labels: null },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  assert.deepEqual(parseConfig(Buffer.from(JSON.stringify(other)), 'x').entrypoint, []);
  for (const bad of [
    { ...other, rootfs: undefined },
    { ...other, rootfs: { type: 'layers', diff_ids: ['x'] } },
    { ...other, config: { Env: 'PATH' } },
  ]) {
    assert.throws(() => parseConfig(Buffer.from(JSON.stringify(bad)), 'x'), { code: 'E0404' });
  }
});
