import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { toolPath } from '../../../test/support/tool.ts';
import { zipOf } from '../../../test/support/zip.ts';
import { bytesInMemory } from '../program/random-bytes.ts';
import { jarComponents } from './jar-components.ts';

const pom = (group: string, artifact: string, version: string) => ({
  [`META-INF/maven/${group}/${artifact}/pom.properties`]: `#Created by Maven\ngroupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
});
const library = zipOf({ ...pom('org.x', 'lib', '2.17.1'), 'org/x/Lib.class': Buffer.from('cafebabe') });
const look = (bytes: Buffer, path: string) => {
  const { components, unread } = jarComponents(bytesInMemory(bytes), path);
  return { components: components.map(({ purl, inside }) => [purl, inside ?? '']), unread };
};

test('jarComponents() of a library that Maven built, and of the ones unpacked into it', () => {
  const shaded = zipOf({ ...pom('org.x', 'app', '1.0'), ...pom('org.x', 'lib', '2.17.1') });
  assert.deepEqual(look(shaded, 'opt/app-1.0.jar').components, [
    ['pkg:maven/org.x/app@1.0', ''],
    ['pkg:maven/org.x/lib@2.17.1', ''],
  ]);
});

test('jarComponents() looks into archives inside, packed or only stored, and says where', () => {
  const war = zipOf({ 'WEB-INF/lib/lib-2.17.1.jar': library, 'WEB-INF/web.xml': '<web-app/>' });
  const ear = zipOf({ 'shop-1.0.war': war, 'lib/other.jar': zipOf(pom('org.y', 'other', '3')) });
  assert.deepEqual(look(ear, 'opt/all-1.ear'), {
    components: [
      ['pkg:generic/all@1', ''],
      ['pkg:generic/shop@1.0', 'shop-1.0.war'],
      ['pkg:maven/org.x/lib@2.17.1', 'shop-1.0.war!/WEB-INF/lib/lib-2.17.1.jar'],
      ['pkg:maven/org.y/other@3', 'lib/other.jar'],
    ],
    unread: [],
  });
});

test('jarComponents() stops at its depth, and names what it did not look into', () => {
  let jar = library;
  for (const name of ['e', 'd', 'c', 'b']) jar = zipOf({ [`${name}.jar`]: jar });
  assert.deepEqual(look(jar, 'a-1.jar'), {
    components: [['pkg:generic/a@1', '']],
    unread: ['b.jar!/c.jar!/d.jar!/e.jar'],
  });
});

test('jarComponents() without pom.properties: name and manifest, a group only where it is known for sure', () => {
  const manifest =
    'Manifest-Version: 1.0\r\nImplementation-Title: a very long tit\r\n le\r\nImplementation-Version: 5.3.17\r\n\r\nName: x\r\n';
  const spring = zipOf({ 'META-INF/MANIFEST.MF': manifest, 'org/springframework/beans/Bean.class': 'x' });
  const stranger = zipOf({ 'META-INF/MANIFEST.MF': manifest, 'com/other/Bean.class': 'x' });
  assert.deepEqual(look(spring, 'lib/spring-beans-5.3.17.jar').components, [
    ['pkg:maven/org.springframework/spring-beans@5.3.17', ''],
  ]);
  assert.deepEqual(look(spring, 'lib/spring-beans.jar').components, [
    ['pkg:maven/org.springframework/spring-beans@5.3.17', ''],
  ]);
  assert.deepEqual(look(stranger, 'lib/spring-beans-5.3.17.jar').components, [['pkg:generic/spring-beans@5.3.17', '']]);
});

test('jarComponents() passes over a script in front of the archive', () => {
  const jar = Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0"\n'), library]);
  assert.deepEqual(look(jar, 'x.jar'), { components: [['pkg:maven/org.x/lib@2.17.1', '']], unread: [] });
});

test('jarComponents() reads what the jar command writes', (t) => {
  const jar = toolPath(t, 'jar');
  if (jar === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'suture-jar-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(pom('org.x', 'lib', '2.17.1'))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  execFileSync(jar, ['cf', 'lib.jar', 'META-INF'], { cwd: folder });
  assert.deepEqual(look(readFileSync(join(folder, 'lib.jar')), 'lib.jar').components, [
    ['pkg:maven/org.x/lib@2.17.1', ''],
  ]);
});

test('jarComponents() names archives that are damaged, encrypted or unpack to more than they say', () => {
  const damaged = Buffer.from(library);
  damaged[library.indexOf('groupId=org.x') + 8] = 0x78;
  const cut = library.subarray(0, library.length - 30);
  const encrypted = Buffer.from(library);
  encrypted[library.indexOf('PK\x01\x02', 'latin1') + 8] = 1;
  for (const bytes of [damaged, cut, encrypted, Buffer.from('no zip'), Buffer.alloc(0)]) {
    assert.deepEqual(look(bytes, 'x-1.jar'), { components: [], unread: [''] });
  }
});
