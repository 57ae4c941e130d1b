import type { Socket } from 'node:net'
import { PacelineError } from '../../errors.ts'
import type { RefusalLog } from '../refusal-log.ts'
import {
  answerBudgetMs,
  type DoorJob,
  type DoorLogger,
  type ForwardedSignal,
  forwardedSignals,
  type JobEnd,
} from './door-job.ts'
import {
  encodeFrame,
  type Frame,
  FrameReader,
  type FrameType,
  frameHead,
  frameTypes,
  fromShim,
  payloadLimits,
  protocolVersion,
} from './frame.ts'
import type { Hands } from './hands.ts'
import { type Hello, helloFields, readHello } from './hello.ts'
import { createShimHands, handFeatures, returnFeature, type ShimHands } from './shim-hands.ts'

type Stage = 'greeting' | 'asking' | 'accepted' | 'local' | 'exited'

export interface ConnectionOptions {
  readonly socket: Socket
  /** User at the other end, where the kernel has told. */
  readonly uid: number | null
  readonly onJob: (job: DoorJob) => void | Promise<void>
  readonly onLocal?: ((args: readonly string[], reason: string) => void) | undefined
  readonly logger?: DoorLogger | undefined
  /** Hears of what was said against the protocol. */
  readonly refusals: RefusalLog
}

/** One connection at the door: speaks the protocol, and is behind a {@link DoorJob} once the hello is there. */
export class Connection {
  readonly #socket: Socket
  readonly #uid: number | null
  readonly #onJob: (job: DoorJob) => void | Promise<void>
  readonly #onLocal: ConnectionOptions['onLocal']
  readonly #logger: DoorLogger | undefined
  readonly #refusals: RefusalLog
  readonly #reader = new FrameReader(fromShim)
  readonly #closing = new AbortController()
  readonly #releasing = new AbortController()
  readonly #deadline: NodeJS.Timeout
  readonly #signals: ForwardedSignal[] = []
  #stage: Stage = 'greeting'
  #hello: Hello | undefined
  #hasRelayed = false
  #isResumable = false
  #hasAskedStdin = false
  #stdinHandler: ((chunk: Buffer | undefined) => void | Promise<void>) | undefined
  #signalHandler: ((signal: ForwardedSignal) => void) | undefined
  readonly #hands: ShimHands = createShimHands((...frame) => this.#sendHand(...frame))

  constructor({ socket, uid, onJob, onLocal, logger, refusals }: ConnectionOptions) {
    this.#socket = socket
    this.#uid = uid
    this.#onJob = onJob
    this.#onLocal = onLocal
    this.#logger = logger
    this.#refusals = refusals
    this.#deadline = setTimeout(() => this.#runOut(), answerBudgetMs)
    socket.on('data', (chunk) => this.#receive(chunk))
    // Writing to a shim that was killed fails; that it has gone is all there is to know.
    socket.on('error', (error) => this.#logger?.debug({ error }, 'the connection of a shim broke'))
    socket.on('end', () => this.#farEnd())
    socket.on('close', () => this.#end({ how: this.#howGone() }))
  }

  get closed(): AbortSignal {
    return this.#closing.signal
  }

  /** For a door that closes: hands back what was not answered and drops the rest. */
  drop(): void {
    if (this.#answerLocal('the head is closing')) this.#socket.destroySoon()
    else this.#end({ how: this.#stage === 'local' ? 'local' : 'door' })
  }

  #howGone(): JobEnd['how'] {
    return this.#stage === 'local' || this.#stage === 'exited' ? this.#stage : 'gone'
  }

  #end(end: JobEnd): void {
    if (this.closed.aborted) return
    clearTimeout(this.#deadline)
    this.#release()
    this.#closing.abort(end)
    this.#socket.destroy()
    this.#logger?.debug({ pid: this.#hello?.pid, how: end.how }, 'the connection of a shim ended')
  }

  #farEnd(): void {
    // A shim that is killed may leave half a frame; it writes its hello at once.
    if (this.#stage === 'greeting' && this.#reader.isBetween) {
      this.#fail(new PacelineError('E_DOOR_PROTOCOL', 'half a hello'))
    } else this.#end({ how: this.#howGone() })
  }

  #fail(error: unknown): void {
    if (!(error instanceof PacelineError)) throw error
    const { code, where } = error
    const pid = this.#hello?.pid
    const what = pid === undefined ? where : `${where}, process ${pid}`
    this.#refusals.note(code, `user ${this.#uid ?? 'unknown'}`, what, where.replace(/\d+/g, '#'))
    this.#end({ how: 'protocol', error })
  }

  #runOut(): void {
    if (this.#stage === 'greeting') {
      this.#fail(new PacelineError('E_DOOR_PROTOCOL', `no hello within ${answerBudgetMs} ms`))
    } else if (this.#answerLocal('the head did not decide in time')) {
      this.#logger?.warn(
        { pid: this.#hello?.pid },
        'a job was not answered in time and is done by the original',
      )
    }
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.read(chunk)) {
        if (this.closed.aborted) return
        this.#take(frame)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #take({ type, payload }: Frame): void {
    if (this.#stage === 'greeting' && type === frameTypes.hello) this.#greet(readHello(payload))
    else if (this.#stage === 'greeting') throw unexpected(type)
    else if (type === frameTypes.signal) this.#takeSignal(payload)
    else if (isHandAnswer(type)) this.#takeAnswer(type, payload)
    else if (type === frameTypes.stdin && this.#hasAskedStdin) this.#takeStdin(payload)
    else if (type === frameTypes.stdinEnd && this.#hasAskedStdin) this.#takeStdin(undefined)
    else throw unexpected(type)
  }

  #greet(hello: Hello): void {
    this.#hello = hello
    this.#stage = 'asking'
    if (hello.version < protocolVersion) {
      this.#answerLocal(`the shim speaks version ${hello.version} of the protocol only`)
      return
    }
    const failed = (error: unknown) => {
      this.#logger?.error({ pid: hello.pid, error }, 'taking a job failed')
      this.#answerLocal('the head failed to decide')
    }
    try {
      Promise.resolve(this.#onJob(this.#job(hello))).catch(failed)
    } catch (error) {
      failed(error)
    }
  }

  #job(hello: Hello): DoorJob {
    const connection = this
    return {
      ...hello,
      accept: () => this.#accept(),
      local: (reason) => this.#answerLocal(reason),
      hands: this.#resumableHands(),
      stdout: (chunk) => this.#relay(frameTypes.stdout, chunk),
      stderr: (chunk) => this.#relay(frameTypes.stderr, chunk),
      exit: (code) => this.#exit(0, code, 0, 255),
      exitBySignal: (signal) => this.#exit(1, signal, 1, 64),
      onStdin: (handler) => this.#wantStdin(handler),
      onSignal: (handler) => this.#wantSignals(handler),
      released: this.#releasing.signal,
      closed: this.closed,
      uid: connection.#uid,
      get hasAnswered() {
        return connection.#stage !== 'asking'
      },
    }
  }

  #accept(): boolean {
    if (this.#stage !== 'asking' || this.closed.aborted) return false
    this.#stage = 'accepted'
    clearTimeout(this.#deadline)
    const used = [...handFeatures, returnFeature].filter((name) => this.#hello?.features.includes(name))
    const version = Buffer.of(protocolVersion >> 8, protocolVersion & 0xff)
    this.#socket.write(encodeFrame(frameTypes.accept, Buffer.concat([version, ...used.map(featureField)])))
    if (this.#stdinHandler) this.#askStdin()
    return true
  }

  #answerLocal(reason: string): boolean {
    const isStillWhole = !this.#hasRelayed || this.#isResumable
    const inTime = this.#stage === 'asking' || (this.#stage === 'accepted' && isStillWhole)
    if (!inTime || this.closed.aborted) return false
    this.#stage = 'local'
    clearTimeout(this.#deadline)
    this.#release()
    // Not ended: the original keeps its side open, and closing it is how it tells of its end.
    this.#socket.write(encodeFrame(frameTypes.local, Buffer.from(reason).subarray(0, payloadLimits.other)))
    this.#onLocal?.(this.#hello?.args ?? [], reason)
    return true
  }

  #release(): void {
    this.#hands.close()
    this.#releasing.abort()
  }

  #sendHand(type: FrameType, payload: Buffer, body?: Uint8Array): boolean {
    if (!this.#mayWrite()) return false
    if (body === undefined) this.#socket.write(encodeFrame(type, payload))
    else {
      // One call of the system, and no copy of what is large.
      this.#socket.cork()
      this.#socket.write(Buffer.concat([frameHead(type, payload.length + body.length), payload]))
      this.#socket.write(body)
      this.#socket.uncork()
    }
    return true
  }

  #resumableHands(): Hands {
    const { files, http, reads, leaveResume, beat } = this.#hands
    return {
      ...{ files, http, reads, beat },
      leaveResume: (list, when, note) => {
        this.#isResumable ||= this.#mayWrite()
        const mayReturn = this.#hello?.features.includes(returnFeature)
        return leaveResume(list, when, mayReturn ? note : undefined)
      },
    }
  }

  #takeAnswer(type: number, payload: Buffer): void {
    // What was on its way when the job was handed back.
    if (this.#stage === 'accepted') this.#hands.answer(type, payload)
  }

  async #relay(type: FrameType, chunk: Uint8Array): Promise<boolean> {
    this.#mustBeAnswered()
    let written: Promise<boolean> = Promise.resolve(!this.closed.aborted && this.#stage === 'accepted')
    for (let at = 0; at < chunk.length && this.#mayWrite(); at += payloadLimits.other) {
      this.#hasRelayed = true
      written = this.#write(encodeFrame(type, chunk.subarray(at, at + payloadLimits.other)))
    }
    return written
  }

  #write(frame: Buffer): Promise<boolean> {
    return new Promise((resolve) => this.#socket.write(frame, (error) => resolve(!error)))
  }

  #mayWrite(): boolean {
    return this.#stage === 'accepted' && !this.closed.aborted
  }

  #mustBeAnswered(): void {
    if (this.#stage === 'asking' && !this.closed.aborted) throw new Error('the job must be accepted first')
  }

  #exit(kind: number, value: number, least: number, most: number): boolean {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new RangeError(`${value} is not between ${least} and ${most}`)
    }
    this.#mustBeAnswered()
    if (!this.#mayWrite()) return false
    this.#stage = 'exited'
    this.#release()
    this.#socket.end(encodeFrame(frameTypes.exit, Buffer.of(kind, value)))
    return true
  }

  #wantStdin(handler: (chunk: Buffer | undefined) => void | Promise<void>): void {
    if (this.#stdinHandler) throw new Error('input goes to one handler only')
    this.#stdinHandler = handler
    if (this.#mayWrite()) this.#askStdin()
  }

  #askStdin(): void {
    this.#hasRelayed = true
    this.#hasAskedStdin = true
    this.#socket.write(encodeFrame(frameTypes.stdinNext))
  }

  #takeStdin(chunk: Buffer | undefined): void {
    this.#hasAskedStdin = false
    const handled = (async () => this.#stdinHandler?.(chunk))()
    handled.then(
      () => chunk && this.#mayWrite() && this.#askStdin(),
      (error: unknown) =>
        this.#logger?.error({ pid: this.#hello?.pid, error }, 'taking input of a job failed'),
    )
  }

  #takeSignal(payload: Buffer): void {
    const signal = payload.length === 1 ? forwardedSignals.get(payload[0]!) : undefined
    if (!signal) throw new PacelineError('E_DOOR_PROTOCOL', 'a signal that is not forwarded')
    if (!this.#signals.includes(signal)) this.#signals.push(signal)
    this.#deliverSignals()
  }

  #deliverSignals(): void {
    if (!this.#signalHandler) return
    try {
      for (const signal of this.#signals.splice(0)) this.#signalHandler(signal)
    } catch (error) {
      this.#logger?.error({ pid: this.#hello?.pid, error }, 'taking a signal of a job failed')
    }
  }

  #wantSignals(handler: (signal: ForwardedSignal) => void): void {
    this.#signalHandler = handler
    this.#deliverSignals()
  }
}

const isHandAnswer = (type: number): boolean => type >= frameTypes.fileAnswer && type <= frameTypes.readAnswer

/** A field of an accept, laid out as in the hello. */
function featureField(name: string): Buffer {
  const head = Buffer.alloc(5)
  head[0] = helloFields.feature
  head.writeUInt32BE(name.length, 1)
  return Buffer.concat([head, Buffer.from(name)])
}

const unexpected = (type: number) =>
  new PacelineError('E_DOOR_PROTOCOL', `a frame of type ${type} out of turn`)
