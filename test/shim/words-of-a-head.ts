import { encodeFrame, frameTypes, protocolVersion } from '../../src/head/door/frame.ts'
import { resumeRequest } from '../../src/head/door/hand-requests.ts'
import type { ResumeList } from '../../src/head/door/hands.ts'
import { helloFields } from '../../src/head/door/hello.ts'
import { handFeatures, returnFeature } from '../../src/head/door/shim-hands.ts'
import { field } from './shim-words.ts'

export const acceptFrame = encodeFrame(frameTypes.accept, Buffer.of(0, protocolVersion))
export const localFrame = encodeFrame(frameTypes.local, Buffer.from('a test'))
export const stdinNextFrame = encodeFrame(frameTypes.stdinNext)

/** An answer that uses everything a shim can do. */
export const acceptWithHands = encodeFrame(
  frameTypes.accept,
  Buffer.concat([
    Buffer.of(0, protocolVersion),
    ...[...handFeatures, returnFeature].map((name) => field(helloFields.feature, Buffer.from(name))),
  ]),
)

export const resumeFrame = (list: ResumeList, withNextRequest = false, note?: string) =>
  encodeFrame(frameTypes.resume, resumeRequest(list, withNextRequest, note))

export function beatFrame(silenceMilliseconds: number): Buffer {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(silenceMilliseconds)
  return encodeFrame(frameTypes.beat, payload)
}
