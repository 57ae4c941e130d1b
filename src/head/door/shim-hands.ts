import { PacelineError } from '../../errors.ts'
import type { FrameType } from './frame.ts'
import { frameTypes } from './frame.ts'
import { readAnswer, readEntries, readLook, readReply } from './hand-answers.ts'
import {
  httpRequests,
  listRequest,
  lookRequest,
  readLimit,
  readRequest,
  removeRequest,
  renameRequest,
  resumeRequest,
  writeRequests,
} from './hand-requests.ts'
import type { HandFiles, HandHttp, HandReads, Hands, ListedFile } from './hands.ts'
import { readIdentity } from './hello.ts'
import { Lane } from './lane.ts'

/** The features of a shim that its hands are; a head works only with one that has them all. */
export const handFeatures = ['files', 'http', 'read', 'resume'] as const

/** And this one where the shim has it: it comes back to a head that starts again. */
export const returnFeature = 'return'

/** The head's hands at the other end of a connection. */
export interface ShimHands extends Hands {
  /** Takes an answer of the shim. PacelineError E_DOOR_PROTOCOL for one to nothing. */
  answer(type: number, payload: Buffer): void
  /** The connection has ended. */
  close(): void
}

/** Gives a frame to the shim, its payload in one piece or two, and says false when the job is not the head's any more. */
export type SendFrame = (type: FrameType, payload: Buffer, body?: Uint8Array) => boolean

export function createShimHands(send: SendFrame): ShimHands {
  const lanes = {
    files: new Lane((payload, body) => send(frameTypes.file, payload, body)),
    http: new Lane((payload) => send(frameTypes.http, payload)),
    reads: new Lane((payload) => send(frameTypes.read, payload)),
  }
  const answering: ReadonlyMap<number, Lane> = new Map([
    [frameTypes.fileAnswer, lanes.files],
    [frameTypes.httpAnswer, lanes.http],
    [frameTypes.readAnswer, lanes.reads],
  ])
  return {
    files: filesOf(lanes.files),
    http: httpOf(lanes.http),
    reads: readsOf(lanes.reads),
    leaveResume: (list, when, note) =>
      send(frameTypes.resume, resumeRequest(list, when === 'with-next-request', note)),
    beat(silenceMilliseconds) {
      const payload = Buffer.alloc(4)
      payload.writeUInt32BE(Math.round(silenceMilliseconds))
      return send(frameTypes.beat, payload)
    },
    answer: (type, payload) => answering.get(type)?.answer(payload),
    close() {
      for (const lane of Object.values(lanes)) lane.close()
    },
  }
}

/** More files than any folder has that a job works in. */
const mostEntries = 1_000_000

function filesOf(lane: Lane): HandFiles {
  const once = (request: Buffer, path: string, body?: Uint8Array) =>
    lane.run(async (ask) => readAnswer(await ask(request, body), path))
  return {
    async write(path, bytes) {
      for (const [head, piece] of writeRequests(path, bytes)) await once(head, path, piece)
    },
    async writeAt(path, position, bytes) {
      for (const [head, piece] of writeRequests(path, bytes, position)) await once(head, path, piece)
    },
    rename: async (from, to) => void (await once(renameRequest(from, to), from)),
    remove: async (path) => void (await once(removeRequest(path), path)),
    async list(folder) {
      const all: ListedFile[] = []
      for (;;) {
        const { entries, hasMore } = readEntries(await once(listRequest(folder, all.length), folder))
        all.push(...entries)
        if (!hasMore) return all
        // A shim that always has more, or more and nothing in it, would be asked for ever.
        if (entries.length === 0 || all.length > mostEntries) {
          throw new PacelineError('E_DOOR_PROTOCOL', 'a folder without end')
        }
      }
    },
    look: async (path) => readLook(await once(lookRequest(path), path)),
  }
}

function httpOf(lane: Lane): HandHttp {
  return {
    exchange: (request) =>
      lane.run(async (ask) => {
        for (const part of httpRequests(request)) {
          const reply = readReply(await ask(part))
          if (reply) return reply
        }
        return { failed: 'the shim wants more of a request than there is', reused: false, sent: false }
      }),
  }
}

function readsOf(lane: Lane): HandReads {
  const once = (request: Buffer, what: string) =>
    lane.run(async (ask) => readAnswer(await ask(request), what))
  return {
    async read(file, position, length) {
      const what = file.path ?? `argument ${file.argument}`
      const pieces: Buffer[] = []
      for (let at = 0; at < length; ) {
        const wanted = Math.min(readLimit, length - at)
        const piece = await once(readRequest(file, position + at, wanted), what)
        if (piece.length > wanted)
          throw new PacelineError('E_DOOR_PROTOCOL', 'more bytes than were asked for')
        pieces.push(piece)
        at += piece.length
        if (piece.length < wanted) break
      }
      return Buffer.concat(pieces)
    },
    look: async (file) =>
      readIdentity(await once(readRequest(file, 0, 0), file.path ?? `argument ${file.argument}`)),
  }
}
