// Document 000, User Routes: POST /profile/upload, and what people try with it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { call, raw } from '../../lib/client.js';
import { assertError, assertUserAnswer, me, register, startFitnexa } from '../../lib/fitnexa.js';
import { assertGrewLess, memoryOf } from '../../lib/memory.js';
import { endlessJpeg, form, GIF, JPEG, jpegFrom, MOVING_GIF, movingWebp, png, send, textChunk, upload, WEBP, webpSize } from '../../lib/pictures.js';
import { until } from '../../lib/place.js';

const ROOM = 64 << 10; // KiB that the server may grow by

const PATH = /^\/avatars\/[0-9a-f]{32}\.webp$/;
const TOO_LARGE = 'the picture is too large';
const NO_PICTURE = 'the picture is no PNG, JPEG, WebP or GIF';

let server;
let nursery; // what begins those that draw, from the start to the end
before(async () => {
  server = await startFitnexa('serve');
  [nursery] = processes();
});

const get = (path, headers = {}) => call(server, 'GET', path, { headers });
const files = () => readdirSync(join(server.dir, 'avatars'));

/** Whoever has just uploaded: {token, avatar}. */
async function withPicture(bytes = png(64, 48)) {
  const user = await register(server);
  const { avatar } = assertUserAnswer(await upload(server, user.token, bytes));
  assert.match(avatar, PATH);
  return { ...user, avatar };
}

const processes = () => readdirSync(`/proc/${server.pid}/task`)
  .flatMap((task) => readFileSync(`/proc/${server.pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean));

/** Those of the server's processes that draw. */
const children = () => processes().filter((child) => child !== nursery);


test('a picture of each format is drawn anew and served', async () => {
  for (const [bytes, size] of [[png(64, 48), [64, 48]], [JPEG, [24, 16]], [WEBP, [24, 16]], [GIF, [24, 16]], [MOVING_GIF, [24, 16]], [png(2000, 1000), [512, 256]]]) {
    const { token, avatar } = await withPicture(bytes);
    assert.equal((await me(server, token)).json.avatar, avatar);
    const served = await get(avatar);
    assert.equal(served.status, 200);
    assert.deepEqual(Object.values(webpSize(served.bytes)), size);
    assert.equal(served.headers['content-type'], 'image/webp');
    assert.equal(served.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(served.headers['x-content-type-options'], 'nosniff');
    assert.match(served.headers['content-security-policy'], /default-src 'none'/);
    assert.ok(!served.bytes.equals(bytes), 'never what was sent');
  }
});

test('a picture is known by its tag', async () => {
  const { avatar } = await withPicture();
  const { headers } = await get(avatar);
  assert.match(headers.etag, /^"[0-9a-f]{32}\.webp"$/);
  for (const tag of [headers.etag, `W/${headers.etag}`, `"other", ${headers.etag}`, '*']) {
    const again = await get(avatar, { 'If-None-Match': tag });
    assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', headers.etag]);
  }
  assert.equal((await get(avatar, { 'If-None-Match': '"other"' })).status, 200);
  assert.equal((await get(avatar, { Range: 'bytes=0-3' })).status, 200, 'without ranges');
  const head = await call(server, 'HEAD', avatar);
  assert.deepEqual([head.status, head.text], [200, '']);
});

test('a new picture has a new name, and the old file is gone', async () => {
  const { token, avatar } = await withPicture();
  const before = files().length;
  const { avatar: next } = assertUserAnswer(await upload(server, token, png(64, 48)));
  assert.notEqual(next, avatar);
  assert.equal((await get(avatar)).status, 404);
  assert.equal((await get(next)).status, 200);
  assert.equal(files().length, before);
});

test('no other file is served', async () => {
  for (const path of ['/avatars/', '/avatars/..%2fmaster.key', '/avatars/%2e%2e', '/avatars/master.key', `/avatars/${'0'.repeat(32)}.webp`, `/avatars/.${'0'.repeat(32)}.webp.new`]) {
    assert.ok([400, 404].includes((await get(path)).status), path);
  }
});

test('what a picture brought along is gone', async () => {
  const where = '52.5200 N, 13.4050 E';
  const photograph = await withPicture(jpegFrom(where));
  const served = (await get(photograph.avatar)).bytes;
  assert.deepEqual(webpSize(served), { width: 16, height: 24 }, 'it stands upright');
  assert.ok(!served.includes(where) && !served.includes('Exif'));
  const note = '<script>alert(1)</script>';
  for (const bytes of [png(64, 48, { more: [textChunk(note)] }), Buffer.concat([png(64, 48), Buffer.from(note)]), Buffer.concat([GIF, Buffer.from(`PK\x03\x04${note}`)])]) {
    const { avatar } = await withPicture(bytes);
    assert.ok(!(await get(avatar)).bytes.includes('script'));
  }
});

describe('what is no picture, or too much of one', () => {
  let user;
  let most;
  before(async () => {
    user = await withPicture();
    await withPicture(png(4000, 4000)); // as large as may be
    most = memoryOf(server, 'VmHWM');
  });

  /** It is refused, the old picture is there, nothing is left of it: no file, no process, no memory. */
  async function refused(answer, status, text) {
    assertError(await answer, status, text);
    assert.equal((await me(server, user.token)).json.avatar, user.avatar);
    assert.equal((await get(user.avatar)).status, 200);
    assert.deepEqual(children(), []);
    assert.ok(files().every((name) => /^[0-9a-f]{32}\.webp$/.test(name)), files().join(' '));
    assertGrewLess(server, most, ROOM, 'VmHWM');
  }
  const bytes = (picture) => upload(server, user.token, picture);

  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
  const strangers = {
    'an SVG': Buffer.from(SVG),
    'a page that begins like a picture': Buffer.from(`GIF89a/*${SVG}*/=1`),
    'a PDF': Buffer.from('%PDF-1.7\n1 0 obj'),
    nothing: Buffer.alloc(0),
    'half a PNG': png(640, 480).subarray(0, 60),
    'a PNG without its pixels': png(640, 480, { rows: 1 }),
    'a beginning alone': png(640, 480).subarray(0, 33),
    'half a JPEG header': JPEG.subarray(0, 100),
    'half a WebP': WEBP.subarray(0, 50),
    'a moving WebP': movingWebp(),
    'no size': png(0, 16),
  };
  for (const [what, picture] of Object.entries(strangers)) {
    test(`${what} is no picture`, () => refused(bytes(picture), 415, NO_PICTURE));
  }

  test('bombs are refused by what they say of themselves', async () => {
    const giant = Buffer.from(GIF);
    giant.writeUInt16LE(60000, 6);
    giant.writeUInt16LE(60000, 8);
    for (const bomb of [png(60000, 60000, { rows: 1 }), png(4001, 4000, { rows: 1 }), png(0xffffffff, 0xffffffff, { rows: 0 }).subarray(0, 100), giant]) {
      await refused(bytes(bomb), 413, TOO_LARGE);
    }
  });

  test('a bomb that lies about its size is no larger than it says', async () => {
    const lie = png(60000, 60000, { rows: 500 });
    png(16, 16).copy(lie, 8, 8, 33); // its header, with the right checksum
    const answer = await bytes(lie);
    assert.ok([200, 415].includes(answer.status), answer.text);
    if (answer.status === 200) {
      user.avatar = answer.json.avatar;
      assert.deepEqual(webpSize((await get(user.avatar)).bytes), { width: 16, height: 16 });
    }
    assert.deepEqual(children(), []);
  });

  test('one that takes for ever is ended within five seconds, and holds nobody up', async (t) => {
    const began = performance.now();
    let slowest = 0;
    let done = false;
    const answer = bytes(endlessJpeg()).finally(() => (done = true));
    const begun = () => children().find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('draw-a-picture'));
    const child = await until(() => done || begun(), { step: 5 });
    assert.equal(readFileSync(`/proc/${child}/environ`, 'utf8'), '', 'it has none of the environment');
    await until(() => done || /^Seccomp:\s+2$/m.test(readFileSync(`/proc/${child}/status`, 'utf8')), { step: 5, what: 'the child to shut itself in' });
    while (!done) {
      const asked = performance.now();
      assert.equal((await get('/livez')).status, 200);
      assert.equal((await me(server, user.token)).status, 200);
      slowest = Math.max(slowest, performance.now() - asked);
      await new Promise((awake) => setTimeout(awake, 50));
    }
    const { status } = await answer; // 503 where the machine had no time for it
    await refused(answer, ...(status === 503 ? [503, 'overloaded, try again'] : [415, NO_PICTURE]));
    const seconds = (performance.now() - began) / 1000;
    t.diagnostic(`ended after ${seconds.toFixed(1)} s; meanwhile the slowest two others took ${slowest.toFixed(0)} ms`);
    assert.ok(seconds < 7, `${seconds} s`);
  });

  test('many at once are drawn two by two, and those who would wait too long are told so', async () => {
    let most_ = 0;
    let over = false;
    const answers = Promise.all(Array.from({ length: 14 }, () => bytes(endlessJpeg(1 << 20)))).finally(() => (over = true));
    while (!over) {
      most_ = Math.max(most_, children().length);
      await new Promise((awake) => setTimeout(awake, 20));
    }
    const statuses = (await answers).map(({ status }) => status);
    assert.ok(most_ > 0 && most_ <= 2, `${most_} at once`);
    assert.ok(statuses.every((status) => [415, 503].includes(status)), statuses.join(' '));
    assert.ok(statuses.includes(503), statuses.join(' '));
    await refused(bytes(Buffer.from(SVG)), 415, NO_PICTURE);
  });

  test('more than five megabytes are too large', async () => {
    const five = Buffer.concat([png(16, 16), Buffer.alloc((5 << 20) - png(16, 16).length)]);
    user.avatar = assertUserAnswer(await bytes(five)).avatar;
    await refused(bytes(Buffer.concat([five, Buffer.alloc(1)])), 413, 'request body too large');
    const head = `POST /users/profile/upload HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: multipart/form-data; boundary=x\r\n`;
    const { bytes: answer } = await raw(server.port, `${head}Content-Length: 6000000\r\n\r\n`);
    assert.match(answer.toString(), /^HTTP\/1\.1 413 /);
    const other = await raw(server.port, `${head.replace('/upload', '')}Content-Length: 70000\r\n\r\n`.replace('POST', 'PUT'));
    assert.match(other.bytes.toString(), /^HTTP\/1\.1 413 /, 'other routes have the usual limit');
  });

  test('names that lead elsewhere are not looked at', async () => {
    for (const filename of ['../../../etc/passwd', '..\\..\\x.png', '/etc/shadow', 'a.svg', 'x.png\0.html', '']) {
      const answer = await upload(server, user.token, png(16, 16), { filename });
      if (filename.includes('\0') || filename.includes('\\')) {
        assertError(answer, 400, 'request body is not valid form data');
      } else {
        user.avatar = assertUserAnswer(answer).avatar;
        assert.match(user.avatar, PATH);
      }
    }
    assert.ok(files().every((name) => /^[0-9a-f]{32}\.webp$/.test(name)));
  });

  test('a body that could be read in two ways is refused', async () => {
    const part = form(png(16, 16));
    const many = Array.from({ length: 10_000 }, (_, i) => `--picture\r\nContent-Disposition: form-data; name="p${i}"\r\n\r\nx\r\n`).join('');
    const malformed = [
      Buffer.concat([Buffer.from(many), part]),
      part.subarray(0, part.length - 20),
      Buffer.concat([Buffer.from('before\r\n'), part]),
      Buffer.concat([part, Buffer.from('behind')]),
      Buffer.concat([part.subarray(0, part.length - 4), Buffer.from('\r\n'), part]),
      Buffer.alloc(0),
    ];
    for (const body of malformed) {
      await refused(send(server, user.token, body), 400, 'request body is not valid form data');
    }
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=picture; boundary=other']) {
      await refused(send(server, user.token, part, type), 400, 'request body is not valid form data');
    }
    for (const type of [null, 'image/png', 'application/json', 'multipart/mixed; boundary=picture']) {
      await refused(send(server, user.token, part, type), 415, 'request body must be multipart/form-data');
    }
    await refused(upload(server, user.token, png(16, 16), { name: 'picture' }), 400, 'file is required');
  });

  test('nobody uploads without a token of a user', async () => {
    assertError(await upload(server, undefined, png(16, 16)), 401, 'authentication required');
    assertError(await upload(server, 'rubbish', png(16, 16)), 401, 'invalid or expired token');
  });
});
