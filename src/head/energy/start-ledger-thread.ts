import { Worker } from 'node:worker_threads'
import type { LedgerThread } from './ledger-desk.ts'
import type { LedgerReply } from './ledger-messages.ts'

/** The thread needs some megabytes, and V8 would take what it finds. */
const resourceLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 2, stackSizeMb: 2 }

/** Starts the thread that has the ledger's file. It does not keep the process alive. */
export function startLedgerThread(path: string): LedgerThread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./ledger-thread.${extension}`, import.meta.url), {
    ...{ workerData: { path }, resourceLimits, env: {}, execArgv: [] },
  })
  worker.unref()
  return {
    post: (request) => worker.postMessage(request),
    onReply: (listener) => void worker.on('message', (reply: LedgerReply) => listener(reply)),
    onEnd(listener) {
      worker.on('error', (error) => listener(error.message))
      worker.on('exit', (code) => listener(`its thread has ended with code ${code}`))
    },
    async stop() {
      await worker.terminate()
    },
  }
}
