// S29. Whatever is uploaded at every route that takes files: pages and programs that look like pictures, pictures that carry
// something, that lie about their size, that are cut or bent at every place. What is served is never what was sent and has
// nothing of it but the pixels, is of one type, and the process neither grows nor falls over. What decodes them is confined:
// src/picture/confine_test.c.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { call } from '../lib/client.js';
import { assertGrewLess, memoryOf } from '../lib/memory.js';
import { form, GIF, JPEG, jpegFrom, MOVING_GIF, movingWebp, png, textChunk, WEBP, webpSize } from '../lib/pictures.js';
import { operations } from './lib/operations.js';
import { LONG, statement, together } from './lib/statement.js';
import { FACES, newUser, startWorld, tokenOf } from './lib/world.js';

/** Stands in everything that is sent, and in nothing that is served. */
const MARK = 'Zx7kWq9f';
const PAGE = `<html><script>alert('${MARK}')</script><!--`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('${MARK}')"><image href="file:///etc/passwd"/></svg>`;
const PHP = `<?php system('${MARK}'); ?>`;
const ROOM = 64 << 10; // KiB

const text = (value) => Buffer.from(value, 'latin1');
const le32 = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value >>> 0); return bytes; };
const riff = (...chunks) => { const body = Buffer.concat([text('WEBP'), ...chunks]); return Buffer.concat([text('RIFF'), le32(body.length), body]); };
const riffChunk = (name, data) => Buffer.concat([text(name), le32(data.length), data, Buffer.alloc(data.length % 2)]);
const comment = (value) => Buffer.concat([Buffer.from([0x21, 0xfe]), Buffer.from([value.length]), text(value), Buffer.from([0])]);
const gifWith = (...more) => Buffer.concat([GIF.subarray(0, 19), ...more, GIF.subarray(19)]);
const jpegWith = (marker, data) => Buffer.concat([JPEG.subarray(0, 2), Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff]), data, JPEG.subarray(2)]);
const jpegOf = (width, height) => { const bytes = Buffer.from(JPEG); const at = bytes.indexOf(Buffer.from([0xff, 0xc0])) + 5; bytes.writeUInt16BE(height, at); bytes.writeUInt16BE(width, at + 2); return bytes; };
const gifOf = (width, height) => { const bytes = Buffer.from(GIF); bytes.writeUInt16LE(width, 6); bytes.writeUInt16LE(height, 8); return bytes; };
const extended = (flags, width, height, ...chunks) => riff(riffChunk('VP8X', Buffer.from([flags, 0, 0, 0, ...[width - 1, height - 1].flatMap((side) => [side & 0xff, (side >> 8) & 0xff, side >> 16])])), ...chunks);

/** Pictures that carry something with them: drawn anew without it, or refused. */
const CARRYING = {
  'a PNG and a page': Buffer.concat([png(16, 16), text(PAGE)]), 'a PNG and an archive': Buffer.concat([png(16, 16), text(`PK\x03\x04${MARK}`)]), 'a PNG with text': png(16, 16, { more: [textChunk(PAGE)] }), 'a PNG with much text': png(16, 16, { more: Array(200).fill(textChunk(`${SVG}${'x'.repeat(900)}`)) }),
  'a PNG and another': Buffer.concat([png(16, 16, { more: [textChunk(MARK)] }), png(32, 32)]), 'a GIF with a comment': gifWith(comment(PHP)), 'a GIF and a script': Buffer.concat([GIF, text(`=1;alert('${MARK}')`)]), 'a moving GIF and more': Buffer.concat([MOVING_GIF, text(PAGE)]), 'a JPEG with a comment': jpegWith(0xfe, text(PHP)), 'a JPEG with Exif': jpegFrom(MARK),
  'a JPEG with a profile of colours': jpegWith(0xe2, text(`ICC_PROFILE\0\x01\x01${MARK}${'\0'.repeat(400)}`)), 'a JPEG with XMP': jpegWith(0xe1, text(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${MARK}</x:xmpmeta>`)), 'a JPEG and an archive': Buffer.concat([JPEG, text(`PK\x05\x06${MARK}`)]), 'a JPEG with IPTC': jpegWith(0xed, text(`Photoshop 3.0\x008BIM${MARK}`)),
  'a WebP with Exif': extended(8, 24, 16, WEBP.subarray(12), riffChunk('EXIF', text(`Exif\0\0MM\0*${MARK}`))), 'a WebP with XMP': extended(4, 24, 16, WEBP.subarray(12), riffChunk('XMP ', text(PAGE))), 'a WebP with a profile': extended(32, 24, 16, riffChunk('ICCP', text(MARK.repeat(20))), WEBP.subarray(12)), 'a WebP with a chunk of its own': riff(WEBP.subarray(12), riffChunk('EVIL', text(PAGE))), 'a WebP and a page': Buffer.concat([WEBP, text(PAGE)]),
};

/** What is none of the four, or none that may be taken. */
const NO_PICTURES = {
  'an SVG': text(SVG), 'an SVG by its declaration': text(`<?xml version="1.0"?>${SVG}`), 'a page': text(PAGE), 'a program': text(PHP), 'a BMP': Buffer.concat([text('BM'), le32(70), Buffer.alloc(4), le32(54), le32(40), le32(4), le32(4), Buffer.from([1, 0, 24, 0]), Buffer.alloc(24), text(MARK)]), 'a TIFF': Buffer.concat([text('II*\0'), le32(8), text(MARK), Buffer.alloc(40)]),
  'an icon': Buffer.concat([Buffer.from([0, 0, 1, 0, 1, 0, 16, 16]), Buffer.alloc(60), text(MARK)]), 'an AVIF': Buffer.concat([Buffer.from([0, 0, 0, 28]), text('ftypavif'), Buffer.alloc(60), text(MARK)]), 'a JPEG 2000': Buffer.concat([Buffer.from([0, 0, 0, 12]), text('jP  \r\n\x87\n'), text(MARK)]), 'a script that begins as a GIF': text(`GIF89a=/*${SVG}*/0;alert('${MARK}')`), 'a page that begins as a PNG': Buffer.concat([png(16, 16).subarray(0, 8), text(PAGE)]), 'a page that begins as a JPEG': Buffer.concat([JPEG.subarray(0, 4), text(PAGE)]),
  'a film': riff(riffChunk('AVI ', text(MARK))), 'a moving WebP': movingWebp(), 'an archive': text(`PK\x03\x04${MARK}`), 'an image of ImageMagick': text(`push graphic-context\nimage over 0,0 0,0 'https://${MARK}.example'\npop graphic-context`), 'PostScript': text(`%!PS-Adobe-3.0 EPSF-3.0\n(${MARK}) run`), 'a portable pixmap': text(`P6 2 2 255\n${MARK}${'x'.repeat(12)}`), 'an XBM': text(`#define x_width 8\n#define x_height 8\nstatic char x_bits[] = { 0x13 }; /* ${MARK} */`), 'nothing but a mark': text(MARK),
};

/** Pictures that say they are large, or nothing at all, in each format. */
const SIZES = [[0, 0], [0, 16], [16, 0], [1, 65_535], [65_535, 1], [4_001, 4_000], [16_384, 16_384], [65_535, 65_535]];
const SAYING = {
  PNG: (width, height) => png(width, height, { rows: Math.min(height, 1) }), 'a PNG beyond all': (width, height) => png(width * 65_537, height * 65_537, { rows: 0 }), JPEG: jpegOf, GIF: gifOf, WebP: (width, height) => extended(0, Math.max(width, 1), Math.max(height, 1), WEBP.subarray(12)),
};

const children = (server) => readdirSync(`/proc/${server.pid}/task`).flatMap((task) => readFileSync(`/proc/${server.pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean));

/** Sent as it is: it is refused, and the old picture stays; or it is another one, drawn here, with nothing of what was sent. */
async function tryUpload(server, route, person, picture, { taken } = {}) {
  const { status, json, text: said } = await call(server, route.method, route.path, { token: person.token, body: form(picture), headers: { 'Content-Type': 'multipart/form-data; boundary=picture' } });
  assert.ok([200, 413, 415].includes(status), `${status} ${said}`);
  assert.ok(taken === undefined || (status === 200) === taken, `${status} ${said}`);
  person.avatar = status === 200 ? json.avatar : person.avatar;
  const { headers, bytes, status: shown } = await call(server, 'GET', person.avatar);
  assert.equal(shown, 200);
  assert.ok(!bytes.equals(picture) && !bytes.includes(MARK) && !bytes.includes('EXIF') && !bytes.includes('ICCP') && !bytes.includes('XMP '), 'something of what was sent is served');
  assert.ok(webpSize(bytes)?.width <= 512 && webpSize(bytes)?.height <= 512, 'no WebP of ours');
  assert.deepEqual([headers['content-type'], headers['x-content-type-options']], ['image/webp', 'nosniff']);
  assert.match(headers['content-security-policy'], /default-src 'none'/);
}

/** One bent byte, or an end too early, at places spread over all of a picture. */
function* bent(picture, count) {
  for (let i = 0; i < count; i++) {
    const at = Math.floor((i * picture.length) / count);
    const changed = Buffer.from(picture);
    changed[at] ^= [0xff, 0x80, 0x01, 0x7f][i % 4];
    yield [`bent at ${at}`, changed];
    yield [`cut at ${at}`, picture.subarray(0, at)];
  }
}

statement('S29', async (tries) => {
  const server = await startWorld({ mail: false });
  const routes = operations().filter(({ type }) => type === 'multipart/form-data');
  await tries('there are such routes', () => assert.ok(routes.length > 0));
  for (const route of routes) {
    const { username } = await newUser(server);
    const person = { token: await tokenOf(server, FACES[0], username) };
    await tries(`${route.name}: a good one, by each format`, async () => {
      for (const good of [png(64, 48), JPEG, GIF, WEBP, MOVING_GIF]) {
        await tryUpload(server, route, person, good, { taken: true });
      }
      await tryUpload(server, route, person, png(4_000, 4_000), { taken: true });
    });
    const before = memoryOf(server, 'VmHWM');
    const attempts = [
      ...Object.entries(CARRYING), ...Object.entries(NO_PICTURES).map(([what, bytes]) => [what, bytes, { taken: false }]),
      ...Object.entries(SAYING).flatMap(([format, make]) => SIZES.map(([width, height]) => [`${format} of ${width} by ${height}`, make(width, height)])),
      ...Object.entries({ PNG: png(33, 21), JPEG, GIF, WebP: WEBP }).flatMap(([format, bytes]) => [...bent(bytes, LONG ? 120 : 8)].map(([what, changed]) => [`${format}, ${what}`, changed])),
    ];
    for (const [what, bytes, expected] of attempts) {
      await tries(`${route.name}: ${what}`, () => tryUpload(server, route, person, bytes, expected));
    }
    await tries(`${route.name}: many at once beside somebody's login`, async () => {
      const people = await Promise.all(FACES.map(async (face) => ({ avatar: person.avatar, token: await tokenOf(server, face, (await newUser(server)).username) })));
      await Promise.all([together(people.flatMap((one) => [NO_PICTURES['a script that begins as a GIF'], CARRYING['a WebP with XMP'], png(512, 512)].map((bytes) => () => tryUpload(server, route, one, bytes))), 5), tokenOf(server, 'gateway', username)]);
    });
    await tries(`${route.name}: nothing is left of them`, () => {
      assert.equal(children(server).length, 1, 'but what begins those that draw');
      const files = readdirSync(join(server.data, 'avatars'));
      assert.ok(files.every((name) => /^[0-9a-f]{32}\.webp$/.test(name) && !readFileSync(join(server.data, 'avatars', name)).includes(MARK)), files.join(' '));
      assertGrewLess(server, before, ROOM, 'VmHWM');
    });
  }
  await server.stop();
});
