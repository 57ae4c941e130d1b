import { encodeFrame, frameTypes, protocolVersion } from '../../src/head/door/frame.ts'

export const acceptFrame = encodeFrame(frameTypes.accept, Buffer.of(0, protocolVersion))
export const localFrame = encodeFrame(frameTypes.local, Buffer.from('a test'))
export const stdinNextFrame = encodeFrame(frameTypes.stdinNext)
