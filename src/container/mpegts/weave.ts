import { packetOffsets, readPacketHeader } from './packet.ts'
import { packSound, soundStreamId } from './pes.ts'
import {
  audioPid,
  type ElementaryStream,
  patPid,
  pmtPid,
  programAssociationPacket,
  programMapPacket,
  readProgramMap,
  videoPid,
} from './tables.ts'
import { ticksBetween } from './timestamp.ts'
import { type AccessUnit, readPesTimes } from './units.ts'

/** FFmpeg collects frames of sound up to this many bytes into one PES packet (its option pes_payload_size). */
const soundBytesPerPes = 2930

/**
 * Joins the segments of a session into one continuous transport stream: sound is woven between the pictures
 * by decoding time, tables list both, and continuity counters run on from segment to segment whichever
 * process made them. Pictures are not touched.
 */
export interface Weaver {
  /** `video` is a whole segment with pictures only; `sound` holds the frames that belong to it, in order. */
  weave(video: Buffer, sound: readonly AccessUnit[]): Buffer
  /** The next continuity counter of each PID. */
  readonly counters: ReadonlyMap<number, number>
}

/** `soundStream` is the elementary stream of the sound as its encoder's program map lists it; null for silent sessions. `before`: counters of another weaver, whose stream goes on. */
export function createWeaver(
  soundStream: ElementaryStream | null,
  before: ReadonlyMap<number, number> = new Map(),
): Weaver {
  const counters = new Map(before)
  const nextCounter = (pid: number): number => {
    const counter = counters.get(pid) ?? 0
    counters.set(pid, (counter + 1) & 0x0f)
    return counter
  }
  const weave = (video: Buffer, sound: readonly AccessUnit[]): Buffer => {
    const source = readProgramMap(video)[0]!
    const map = programMap(source, soundStream)
    const groups = soundStream ? groupSound(sound) : []
    const bytes = Buffer.from(video)
    const pieces: Buffer[] = []
    let copiedTo = 0
    const insertAt = (offset: number, dts: number | null): void => {
      const due = takeDue(groups, dts)
      if (due.length === 0) return
      pieces.push(bytes.subarray(copiedTo, offset))
      copiedTo = offset
      const target = { pid: audioPid, streamId: soundStreamId(soundStream!.streamType) }
      for (const frames of due) pieces.push(packSound(frames, target, () => nextCounter(audioPid)))
    }
    for (const offset of packetOffsets(bytes)) {
      const header = readPacketHeader(bytes, offset)
      if (header.pid === source.pid) {
        if (header.unitStart && header.hasPayload)
          insertAt(offset, readPesTimes(bytes, header.payloadOffset).dts)
        bytes.writeUInt16BE((bytes.readUInt16BE(offset + 1) & 0xe000) | videoPid, offset + 1)
      } else if (header.pid === patPid) programAssociationPacket().copy(bytes, offset)
      else if (header.pid === pmtPid) map.copy(bytes, offset)
      if (header.hasPayload)
        writeCounter(bytes, offset, nextCounter(header.pid === source.pid ? videoPid : header.pid))
    }
    insertAt(bytes.length, null)
    pieces.push(bytes.subarray(copiedTo))
    return Buffer.concat(pieces)
  }
  return { weave, counters }
}

function programMap(video: ElementaryStream, sound: ElementaryStream | null): Buffer {
  const streams = [{ ...video, pid: videoPid }]
  if (sound) streams.push({ ...sound, pid: audioPid })
  return programMapPacket(streams)
}

function groupSound(frames: readonly AccessUnit[]): AccessUnit[][] {
  const groups: AccessUnit[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const frame of frames) {
    if (size + frame.data.length > soundBytesPerPes) {
      groups.push([])
      size = 0
    }
    groups.at(-1)!.push(frame)
    size += frame.data.length
  }
  return groups
}

/** Removes and returns the groups that begin before `dts`; all of them when it is null. */
function takeDue(groups: AccessUnit[][], dts: number | null): AccessUnit[][] {
  const later = dts === null ? -1 : groups.findIndex((frames) => ticksBetween(frames[0]!.dts, dts) <= 0)
  return groups.splice(0, later === -1 ? groups.length : later)
}

function writeCounter(bytes: Buffer, offset: number, counter: number): void {
  bytes[offset + 3] = (bytes[offset + 3]! & 0xf0) | counter
}
