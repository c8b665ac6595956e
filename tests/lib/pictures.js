// Pictures, good and hostile, made here byte by byte; and uploads of them.
import { deflateSync } from 'node:zlib';

import { call } from './client.js';

const TYPE = 'multipart/form-data; boundary=picture';
const HEAD = (name, filename) => `--picture\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: image/png\r\n\r\n`;

/** A body with one file. */
export function form(bytes, { name = 'file', filename = 'me.png' } = {}) {
  return Buffer.concat([Buffer.from(HEAD(name, filename)), Buffer.from(bytes), Buffer.from('\r\n--picture--\r\n')]);
}

export function send(server, token, body, type = TYPE) {
  return call(server, 'POST', '/users/profile/upload', { token, body, headers: type === null ? {} : { 'Content-Type': type } });
}

export const upload = (server, token, bytes, options) => send(server, token, form(bytes, options));

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
  }
  return ~sum >>> 0;
}

const u32 = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number >>> 0);
  return bytes;
};

function chunk(type, data) {
  const whole = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([u32(data.length), whole, u32(crc32(whole))]);
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** A PNG of one bit a pixel that says it has this size, with as much data as `rows` of them need. */
export function png(width, height, { rows = height, more = [] } = {}) {
  const header = Buffer.concat([u32(width), u32(height), Buffer.from([1, 0, 0, 0, 0])]);
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(Math.ceil(width / 8), 0x55)]);
  const data = deflateSync(rows === 0 ? Buffer.alloc(0) : Buffer.alloc(rows * row.length, row));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...more, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

export const textChunk = (text) => chunk('tEXt', Buffer.from(`Comment\0${text}`));

// 24 × 16 pixels, red with a blue quarter, written by libgd.
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARCAAQABgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD57rf8Kf8AL1/wD+tdBRXsZ/4hf2zl9TA/VuTntrz3taSe3Ku1tz9SyTgb+ysdTxnt+blvpy2vdNb8z79gooor82Pvz//Z',
  'base64');
const WEBP = Buffer.from('UklGRlgAAABXRUJQVlA4IEwAAACQAwCdASoYABAAPm0qkkWkIqGYBABABsSgC7LoB+AABitSS+GAAP78qAT1Z/+QGqn/nkbf9OFF+iX8RBz/l5tf5UP8gP/48q9YAAAA', 'base64');
const GIF = Buffer.from('R0lGODdhGAAQAIAAAAQC/PwCBCwAAAAAGAAQAAACIISPFsu9CYGbISbqLMJNH854CliJZOmd6sq27gvH8uwWADs=', 'base64');
const MOVING_GIF = Buffer.from('R0lGODlhGAAQAIAAAAQC/PwCBCH/C05FVFNDQVBFMi4wAwEAAAAh+QQECgD/ACwAAAAAGAAQAIAEAvz8AgQCIISPFsu9CYGbISbqLMJNH854CliJZOmd6sq27gvH8uwWACH5BAQKAP8ALAAAAAAYABAAgAD/AAAAAAIRhI+py+0Po5y02ouz3rz7rxQAOw==', 'base64');
export { GIF, JPEG, MOVING_GIF, WEBP };

/** The JPEG with Exif in it: a camera that was held sideways, and where it was. */
export function jpegFrom(place) {
  const note = Buffer.from(place.padEnd(40, '\0'));
  const entry = (tag, type, count, value) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    bytes.writeUInt32BE(value >>> 0, 8);
    return bytes;
  };
  const tiff = Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08', 'latin1'), Buffer.from([0, 2]), entry(0x0112, 3, 1, 6 << 16), entry(0x010e, 2, note.length, 38), Buffer.alloc(4), note,
  ]);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const length = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]);
  return Buffer.concat([JPEG.subarray(0, 2), length, exif, JPEG.subarray(2)]);
}

/** Of a moving WebP as much as matters: one frame after the other, each the picture above. */
export function movingWebp() {
  const le = (number, bytes) => Buffer.from(Array.from({ length: bytes }, (_, i) => (number >>> (8 * i)) & 0xff));
  const riff = (type, data) => Buffer.concat([Buffer.from(type), le(data.length, 4), data, Buffer.alloc(data.length % 2)]);
  const frame = riff('ANMF', Buffer.concat([le(0, 3), le(0, 3), le(23, 3), le(15, 3), le(100, 3), Buffer.from([0]), WEBP.subarray(12)]));
  const body = Buffer.concat([Buffer.from('WEBP'), riff('VP8X', Buffer.concat([Buffer.from([2, 0, 0, 0]), le(23, 3), le(15, 3)])), riff('ANIM', Buffer.alloc(6)), frame, frame]);
  return Buffer.concat([Buffer.from('RIFF'), le(body.length, 4), body]);
}

/** A JPEG of five megabytes and 16 megapixels that comes in a hundred thousand layers, each of which says in twenty
 * bytes that nothing changes anywhere: minutes of work for whoever decodes it. */
export function endlessJpeg(most = 5 << 20) {
  const tables = Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 67, 0]), Buffer.alloc(64, 1),
    Buffer.from([0xff, 0xc2, 0, 11, 8, 4000 >> 8, 4000 & 0xff, 4000 >> 8, 4000 & 0xff, 1, 1, 0x11, 0]),
    Buffer.from([0xff, 0xc4, 0, 20, 0x10, 1, ...Array(15).fill(0), 0xe0]), // the code 0: many empty blocks
  ]);
  const bits = `${'0'}${'1'.repeat(14)}`.repeat(8);
  const data = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g).map((byte) => parseInt(byte, 2));
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0, ...data.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte]))]);
  const count = Math.floor((most - tables.length - 2) / scan.length);
  return Buffer.concat([tables, ...Array(count).fill(scan), Buffer.from([0xff, 0xd9])]);
}

/** {width, height} of a WebP as the server writes it. */
export function webpSize(bytes) {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') {
    return undefined;
  }
  if (bytes.toString('latin1', 12, 16) === 'VP8X') {
    return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
  }
  return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
}
