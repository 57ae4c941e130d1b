import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP server on loopback that takes a connection and says so much, whatever it is told: then it hangs up, or hangs. */
export class RudeServer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  connections = 0

  constructor(words: string | Buffer, then: 'hangs up' | 'hangs') {
    this.#server = createServer((socket) => {
      this.connections += 1
      this.#sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => this.#sockets.delete(socket))
      socket.once('data', () => {
        if (then === 'hangs up') socket.end(words)
        else socket.write(words)
      })
      // SSH's servers speak first.
      if (words.toString().startsWith('SSH-')) socket.end(words)
    })
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** A port of this machine at which nobody answers, not even with a refusal, as those of a node that is off. */
export class SilentPort {
  readonly #holder: ChildProcess
  readonly #fillers: Socket[] = []
  port = 0

  constructor() {
    const script =
      "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))"
    this.#holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  }

  /** Its process stands still, and its queue of connections is full: the kernel drops whoever else knocks. */
  async listen(): Promise<this> {
    const [said] = (await once(this.#holder.stdout!, 'data')) as [Buffer]
    this.port = Number(said)
    this.#holder.kill('SIGSTOP')
    while (await this.#isTaken()) if (this.#fillers.length > 100) throw new Error('its queue is never full')
    return this
  }

  async close(): Promise<void> {
    const closed = once(this.#holder, 'close')
    for (const socket of this.#fillers) socket.destroy()
    this.#holder.kill('SIGKILL')
    await closed
  }

  #isTaken(): Promise<boolean> {
    const socket = connect({ host: '127.0.0.1', port: this.port })
    this.#fillers.push(socket)
    return new Promise((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.setTimeout(150, () => resolve(false))
    })
  }
}

/** What becomes of an answer on its way; null loses it. */
export type Spoil = (answer: Buffer) => Buffer | null

/** Stands between a client and a UDP server on loopback, and spoils answers. */
export class DatagramRelay {
  spoil: Spoil = (answer) => answer
  readonly #front: DatagramSocket
  readonly #backs = new Set<DatagramSocket>()

  constructor(serverPort: number) {
    this.#front = createSocket('udp4')
    this.#front.on('message', (question, asker) => {
      const back = createSocket('udp4')
      this.#backs.add(back)
      back.on('message', (answer) => {
        const passed = this.spoil(answer)
        if (passed) this.#front.send(passed, asker.port, asker.address)
      })
      back.send(question, serverPort, '127.0.0.1')
    })
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#front.bind(0, '127.0.0.1', resolve))
    return this
  }

  get port(): number {
    return this.#front.address().port
  }

  close(): void {
    for (const back of this.#backs) back.close()
    this.#front.close()
  }
}
