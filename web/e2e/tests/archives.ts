// Archives for tests, made here byte by byte: sound ones, and such as nobody should send.
import { crc32, deflateRawSync, gzipSync } from "node:zlib";

export type Entry = readonly [name: string, content: Buffer];

/** A ZIP. With `squeeze`, its entries are compressed. */
export function zip(entries: readonly Entry[], squeeze = false): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, content] of entries) {
    const [label, packed] = [Buffer.from(name), squeeze ? deflateRawSync(content) : content];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(squeeze ? 8 : 0, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(label.length, 22);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    bodies.push(Buffer.from("PK\x03\x04", "latin1"), common, label, packed);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, at, label);
    offset += 30 + label.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, central, Buffer.from("PK\x05\x06", "latin1"), end]);
}

/** A TAR. */
export function tar(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(([name, content]) => {
    const head = Buffer.alloc(512);
    const put = (text: string, at: number) => head.write(text, at, "latin1");
    put(name, 0);
    put("0000644\0", 100);
    put("0000000\0", 108);
    put("0000000\0", 116);
    put(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    put("00000000000\0", 136);
    put("        ", 148);
    put("0", 156);
    put("ustar\x0000", 257);
    const sum = head.reduce((all, byte) => all + byte, 0);
    put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** The same, packed. */
export function tgz(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}
