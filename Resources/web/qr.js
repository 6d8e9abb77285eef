// QR codes of level M in byte mode, versions 1 to 20 (ISO/IEC 18004:2015), as rows of true for dark and false for light.

/** How many words of correction a block has, and how many blocks there are, by version (table 9). */
const corrections = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** The powers of 2 in the field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1, and of what each element is the power. */
const powers = [1];
for (let at = 1; at < 255; at += 1) powers.push((powers[at - 1] << 1) ^ (powers[at - 1] > 127 ? 0x11d : 0));
const logarithms = new Map(powers.map((value, at) => [value, at]));
const times = (a, b) => (a && b ? powers[(logarithms.get(a) + logarithms.get(b)) % 255] : 0);

/** The words that correct a block: what is left of it after division by (x - 1)(x - 2)(x - 4)… (7.5.2). */
function correction(block, length) {
  let divisor = [1];
  for (let at = 0; at < length; at += 1) {
    divisor = [...divisor, 0].map((value, place) => value ^ times(divisor[place - 1] ?? 0, powers[at]));
  }
  const rest = [...block, ...Array(length).fill(0)];
  for (let at = 0; at < block.length; at += 1) {
    const factor = rest[at];
    divisor.forEach((value, place) => { rest[at + place] ^= times(value, factor); });
  }
  return rest.slice(block.length);
}

/** Where the middles of the alignment patterns are (annex E). */
function middles(version) {
  if (version === 1) return [];
  const [many, size] = [Math.floor(version / 7) + 2, version * 4 + 17];
  const step = Math.ceil((size - 13) / (2 * many - 2)) * 2;
  return [6, ...Array.from({ length: many - 1 }, (_, at) => size - 7 - (many - 2 - at) * step)];
}

/** How many words of eight bits a version has room for (7.7.3). */
function room(version) {
  const many = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const aligned = many && (25 * many - 10) * many - 55;
  return Math.floor(((16 * version + 128) * version + 64 - aligned - (version >= 7 ? 36 : 0)) / 8);
}

const bitsOf = (value, length) => Array.from({ length }, (_, at) => (value >> (length - 1 - at)) & 1);

/** All words in the order that they stand in: the data of all blocks in turn, then their corrections (7.6). */
function wordsOf(bytes, version) {
  const [total, many, length] = [room(version), blocks[version - 1], corrections[version - 1]];
  const most = total - many * length;
  const bits = [0, 1, 0, 0, ...bitsOf(bytes.length, version < 10 ? 8 : 16), ...[...bytes].flatMap((byte) => bitsOf(byte, 8))];
  bits.push(...Array(Math.min(4, most * 8 - bits.length)).fill(0));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let at = 0; at < bits.length; at += 8) words.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let at = 0; words.length < most; at += 1) words.push(at % 2 ? 0x11 : 0xec);
  const small = Math.floor(most / many);
  let start = 0;
  const parts = Array.from({ length: many }, (_, at) => {
    const end = start + small + (at >= many - (most % many) ? 1 : 0);
    const part = words.slice(start, end);
    start = end;
    return part;
  });
  const inTurn = (lists) => Array.from({ length: small + length + 1 }, (_, at) => lists.map((list) => list[at])).flat()
    .filter((word) => word !== undefined);
  return [...inTurn(parts), ...inTurn(parts.map((part) => correction(part, length)))];
}

/** A number with its check bits by a divisor of so many bits (annexes C and D). */
function checked(value, divisor, length) {
  let rest = value << length;
  for (let at = 14; at >= 0; at -= 1) if ((rest >> (at + length)) & 1) rest ^= divisor << at;
  return (value << length) | rest;
}

const masks = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** Draws what is the same in every code of a version; what is left is undefined. */
function frame(version, mask) {
  const size = version * 4 + 17;
  const rows = Array.from({ length: size }, () => Array(size).fill());
  const put = (x, y, value) => { if (rows[y] && x >= 0 && x < size) rows[y][x] = Boolean(value); };
  for (let at = 0; at < size; at += 1) [[at, 6], [6, at]].forEach(([x, y]) => put(x, y, at % 2 === 0));
  const square = (x, y, reach, light) => {
    for (let dy = -reach; dy <= reach; dy += 1) {
      for (let dx = -reach; dx <= reach; dx += 1) put(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  const places = middles(version);
  // None stands in the three corners that have a finder.
  const isCorner = (x, y) => x + y === 12 || (Math.min(x, y) === 6 && Math.max(x, y) === places.at(-1));
  for (const y of places) for (const x of places) if (!isCorner(x, y)) square(x, y, 2, [1]);
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, [2, 4]);
  // Level M has the number 0, so the mask alone stands in the format.
  const format = checked(mask, 0x537, 10) ^ 0x5412;
  for (let at = 0; at < 15; at += 1) {
    const bit = (format >> at) & 1;
    put(8, at < 6 ? at : at < 8 ? at + 1 : size - 15 + at, bit);
    put(at < 8 ? size - 1 - at : at < 9 ? 7 : 14 - at, 8, bit);
  }
  put(8, size - 8, true);
  const number = version < 7 ? 0 : checked(version, 0x1f25, 12);
  for (let at = 0; number && at < 18; at += 1) {
    const [a, b, bit] = [size - 11 + (at % 3), Math.floor(at / 3), (number >> at) & 1];
    put(a, b, bit);
    put(b, a, bit);
  }
  return rows;
}

function drawn(words, version, mask) {
  const rows = frame(version, mask);
  const size = rows.length;
  let at = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const isUp = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = isUp ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (rows[y][x] !== undefined) continue;
        const bit = ((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
        rows[y][x] = Boolean(bit) !== (masks[mask](x, y) === 0);
        at += 1;
      }
    }
  }
  return rows;
}

/** How hard a code is to read (7.8.3.1). */
function penalty(rows) {
  const lines = [...rows, ...rows[0].map((_, x) => rows.map((row) => row[x]))].map((line) => line.map(Number).join(""));
  let sum = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    sum += 40 * [...line.matchAll(/(?=00001011101|10111010000)/g)].length;
  }
  let dark = 0;
  rows.forEach((row, y) => row.forEach((value, x) => {
    dark += value;
    const isSame = y > 0 && x > 0 && [row[x - 1], rows[y - 1][x], rows[y - 1][x - 1]].every((other) => other === value);
    if (isSame) sum += 3;
  }));
  return sum + 10 * Math.floor(Math.abs((dark * 20) / rows.length ** 2 - 10));
}

/** The code of a text without the light border that it needs, by the mask that reads best; null for too long a text. */
export function qrCode(text, mask = null) {
  const bytes = new TextEncoder().encode(text);
  const version = blocks.findIndex((many, at) => bytes.length + (at < 9 ? 2 : 3) <= room(at + 1) - many * corrections[at]) + 1;
  if (version === 0) return null;
  const words = wordsOf(bytes, version);
  const codes = (mask === null ? [...masks.keys()] : [mask]).map((one) => drawn(words, version, one));
  const penalties = codes.map(penalty);
  return codes[penalties.indexOf(Math.min(...penalties))];
}
