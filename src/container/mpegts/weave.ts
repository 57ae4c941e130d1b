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
    const target = soundStream && { pid: audioPid, streamId: soundStreamId(soundStream.streamType) }
    const packets = (target ? groupSound(sound) : []).map((frames) => ({
      dts: frames[0]!.dts,
      bytes: packSound(frames, target!, () => nextCounter(audioPid)),
    }))
    const places = placesIn(video, source.pid, packets)
    // Megabytes: they are written once, where they stay.
    const woven = Buffer.allocUnsafe(video.length + packets.reduce((sum, { bytes }) => sum + bytes.length, 0))
    const map = programMap(source, soundStream)
    let [from, at] = [0, 0]
    const take = (to: number): void => {
      video.copy(woven, at, from, to)
      rewrite(woven.subarray(at, at + to - from), source.pid, map)
      at += to - from
      from = to
    }
    for (const [index, { bytes }] of packets.entries()) {
      take(places[index]!)
      at += bytes.copy(woven, at)
    }
    take(video.length)
    return woven
  }
  /** Puts tables, numbers and counters of the session into packets of pictures. */
  const rewrite = (bytes: Buffer, sourcePid: number, map: Buffer): void => {
    for (const offset of packetOffsets(bytes)) {
      const header = readPacketHeader(bytes, offset)
      const isPicture = header.pid === sourcePid
      if (isPicture) bytes.writeUInt16BE((bytes.readUInt16BE(offset + 1) & 0xe000) | videoPid, offset + 1)
      else if (header.pid === patPid) programAssociationPacket().copy(bytes, offset)
      else if (header.pid === pmtPid) map.copy(bytes, offset)
      if (header.hasPayload) writeCounter(bytes, offset, nextCounter(isPicture ? videoPid : header.pid))
    }
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

/** Where each of the packets with sound goes: before the first picture that is not decoded before it. */
function placesIn(video: Buffer, pid: number, sound: readonly { readonly dts: number }[]): number[] {
  const places: number[] = []
  if (sound.length === 0) return places
  for (const offset of packetOffsets(video)) {
    const header = readPacketHeader(video, offset)
    if (header.pid !== pid || !header.unitStart || !header.hasPayload) continue
    const { dts } = readPesTimes(video, header.payloadOffset)
    while (places.length < sound.length && ticksBetween(sound[places.length]!.dts, dts) > 0)
      places.push(offset)
  }
  while (places.length < sound.length) places.push(video.length)
  return places
}

function writeCounter(bytes: Buffer, offset: number, counter: number): void {
  bytes[offset + 3] = (bytes[offset + 3]! & 0xf0) | counter
}
