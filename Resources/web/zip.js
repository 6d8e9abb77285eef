// A ZIP archive of files as they are (APPNOTE 6.3.9, stored, names in UTF-8), made in the browser.

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = table[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** An archive of `{name, bytes}`; names that are alike get a number. */
export function zip(files) {
  const [parts, directory] = [[], []];
  const taken = new Set();
  let offset = 0;
  for (const { name, bytes } of files) {
    const label = new TextEncoder().encode(free(name, taken));
    const header = new DataView(new ArrayBuffer(26));
    header.setUint16(0, 20, true);
    header.setUint16(2, 0x800, true);
    header.setUint32(10, crc32(bytes), true);
    header.setUint32(14, bytes.length, true);
    header.setUint32(18, bytes.length, true);
    header.setUint16(22, label.length, true);
    parts.push(signature(0x04034b50), header, label, bytes);
    const entry = new DataView(new ArrayBuffer(16));
    entry.setUint32(12, offset, true);
    directory.push(signature(0x02014b50), Uint8Array.of(20, 0), header, entry.buffer.slice(2), label);
    offset += 30 + label.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.byteLength, 0);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, files.length, true);
  end.setUint16(6, files.length, true);
  end.setUint32(8, size, true);
  end.setUint32(12, offset, true);
  return new Blob([...parts, ...directory, signature(0x06054b50), end], { type: "application/zip" });
}

function signature(number) {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, number, true);
  return view;
}

function free(name, taken) {
  const plain = name.replace(/[\\/]/g, "_");
  const dot = plain.lastIndexOf(".") > 0 ? plain.lastIndexOf(".") : plain.length;
  let found = plain;
  for (let number = 2; taken.has(found); number += 1) found = `${plain.slice(0, dot)} ${number}${plain.slice(dot)}`;
  taken.add(found);
  return found;
}
