import { u32 } from './box.ts'

const startCode = Buffer.from([0, 0, 1])

/** The NAL units of a picture in a byte stream (ITU-T H.264, annex B), without start codes and the zeros around them. */
export function splitByteStream(data: Buffer): Buffer[] {
  const units: Buffer[] = []
  let start = data.indexOf(startCode)
  while (start !== -1) {
    const next = data.indexOf(startCode, start + startCode.length)
    let end = next === -1 ? data.length : next
    // Zeros before a start code, or at the end, belong to no unit: a unit never ends with one.
    while (end > start + startCode.length && data[end - 1] === 0) end -= 1
    if (end > start + startCode.length) units.push(data.subarray(start + startCode.length, end))
    start = next
  }
  return units
}

/** The units as a sample of an MP4 file has them: each after its length in four bytes. */
export function withLengths(units: readonly Buffer[]): Buffer {
  return Buffer.concat(units.flatMap((unit) => [u32(unit.length), unit]))
}

/** The units of a sample of an MP4 file. */
export function splitSample(sample: Buffer): Buffer[] {
  const units: Buffer[] = []
  for (let offset = 0; offset + 4 <= sample.length; ) {
    const end = offset + 4 + sample.readUInt32BE(offset)
    units.push(sample.subarray(offset + 4, end))
    offset = end
  }
  return units
}
