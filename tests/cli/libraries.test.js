// What `signet version --full` says of the libraries, held against the loader, the package manager and the
// published schema of CycloneDX: none of them ours.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

import Ajv from 'ajv';
import addFormats from 'ajv-formats';

import { binary, cli } from '../lib/signet.js';

const print = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });
const has = (program) => process.env.PATH.split(':').some((folder) => existsSync(join(folder, program)));

/** The component with its properties as members: file, linkage, versionRunning, versionBuilt, packageBuilt. */
function flat(component) {
  const member = (name) => name.replace('signet:', '').replace(/-./, (text) => text[1].toUpperCase());
  return { ...component, ...Object.fromEntries(component.properties.map(({ name, value }) => [member(name), value])) };
}

const { code, stdout } = await cli(['version', '--full', '--json']);
const bill = JSON.parse(stdout);
const libraries = bill.components.map(flat);

/** file name -> path, of all that the loader brings before the program starts. */
const loaded = new Map(
  print('ldd', binary)
    .split('\n')
    .map((line) => line.match(/(\/\S+)\s+\(0x/)?.[1])
    .filter(Boolean)
    .map((path) => [basename(path), path]),
);
const ofLibc = /^(libc|libm|ld-linux|libasan|libtsan|libubsan|libgcc_s|libstdc\+\+)\b/; // one package, and what a sanitizer brings

function schema(name) {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
  return JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8'));
}

test('the bill of materials is CycloneDX 1.5, by its published schema, which knows the licences too', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('idn-email', /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat('iri-reference', /^\S*$/);
  ajv.addSchema(schema('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json');
  ajv.addSchema(schema('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json');
  const validate = ajv.compile(schema('bom-1.5'));
  assert.equal(code, 0);
  assert.ok(validate(bill), ajv.errorsText(validate.errors));
  const known = new Set(schema('spdx').enum);
  for (const { name, licenses } of libraries) {
    const said = licenses[0].expression ?? licenses[0].license.id;
    assert.ok(said.split(' OR ').every((licence) => known.has(licence)), `${name}: ${said}`);
  }
  assert.ok(!validate({ ...bill, specVersion: 5 }), 'the schema refuses what it should');
});

test('what is linked is what the loader brings, no more and no less', () => {
  const told = libraries.filter(({ linkage }) => linkage === 'linked').map(({ file }) => file);
  const brought = [...loaded.keys()].filter((file) => !ofLibc.test(file));
  assert.deepEqual(told.filter((file) => !ofLibc.test(file)).sort(), brought.sort());
  assert.ok(told.includes('libc.so.6') && loaded.has('libc.so.6'));
  for (const { file, linkage } of libraries.filter((library) => library.linkage !== 'linked')) {
    assert.ok(!loaded.has(file), `${file} is ${linkage}`);
  }
});

test('each library belongs to the package that is told', { skip: has('dpkg') ? false : 'not a Debian' }, () => {
  const paths = new Map(
    libraries
      .filter(({ linkage }) => linkage !== 'inside')
      .map(({ name, file }) => [name, loaded.get(file) ?? print('/sbin/ldconfig', '-p').match(new RegExp(`\\t${file} .*=> (.*)`))?.[1]]),
  );
  // dpkg knows a file by the path that its package has, which may be the one behind a link, with or without /usr.
  const spellings = (path) => [path, realpathSync(path)].flatMap((one) => [one, one.replace(/^\/usr/, ''), `/usr${one}`]);
  const { stdout: owners } = spawnSync('dpkg', ['-S', ...[...paths.values()].flatMap(spellings)], { encoding: 'utf8' });
  for (const { name, purl } of libraries.filter((library) => paths.has(library.name))) {
    const line = owners.split('\n').find((text) => spellings(paths.get(name)).includes(text.split(': ')[1]));
    assert.equal(purl, `pkg:deb/debian/${line?.split(':')[0]}`, name);
  }
});

test('the versions of the build are those that the packages have, and they are what runs', { skip: has('dpkg-query') ? false : 'not a Debian' }, () => {
  for (const { name, version, versionBuilt, versionRunning, packageBuilt } of libraries) {
    const [source, full] = packageBuilt.split(' ');
    assert.equal(print('dpkg-query', '-W', '-f', '${Version}', source), full, name);
    const upstream = full.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
    const same = (text) => `${text}.0`.startsWith(`${upstream}.`) || `${text}.`.startsWith(`${upstream}.`);
    assert.ok(same(versionBuilt), `${name}: built with ${versionBuilt}, of the package ${full}`);
    assert.equal(version, versionRunning || versionBuilt, name);
    if (name !== 'inih') { // which has no function that tells
      assert.ok(same(versionRunning), `${name}: runs on ${versionRunning}, ${full} is installed`);
    }
  }
});

test('libsodium is inside the program, and says which one', () => {
  const [sodium] = libraries.filter(({ linkage }) => linkage === 'inside');
  assert.equal(sodium.name, 'libsodium');
  assert.ok(readFileSync(binary).includes(`\0${sodium.versionRunning}\0`));
});

test('the table for people says the same', async () => {
  const { stdout: table } = await cli(['version', '--full']);
  for (const { name, versionRunning, versionBuilt, linkage, packageBuilt } of libraries) {
    const line = table.split('\n').find((text) => text.startsWith(`${name} `));
    assert.deepEqual(line.split(/ {2,}/).slice(0, 5), [name, versionRunning || '-', versionBuilt, linkage, packageBuilt]);
  }
  assert.equal((await cli(['version', '--json'])).code, 2);
});
