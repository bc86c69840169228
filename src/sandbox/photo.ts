const size = 190_046

// A grey JPEG of 8 by 8 pixels: tables and scan of the baseline process (ITU-T T.81).
const head = 'ffd8ffe000104a46494600010101004800480000'
const tables =
  'ffdb004300ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff' +
  'ffc0000b080008000801011100ffc4001400010000000000000000000000000000000003ffc40014100100000000000000000000000000000000ffda0008010100003f0037ffd9'

/** The guide's photo: a JPEG that can be opened, filled up with comments to its size of 190046 bytes. */
export function photo(): Buffer {
  const [start, end] = [Buffer.from(head, 'hex'), Buffer.from(tables, 'hex')]
  const parts = [start]
  for (let left = size - start.length - end.length; left > 0; ) {
    // A comment is a marker and a length of two bytes each, then up to 65533 bytes.
    const segment = left <= 65_537 ? left : Math.min(65_537, left - 4)
    const comment = Buffer.alloc(segment, 'osrun ')
    comment.writeUInt16BE(0xfffe, 0)
    comment.writeUInt16BE(segment - 2, 2)
    parts.push(comment)
    left -= segment
  }
  return Buffer.concat([...parts, end])
}
