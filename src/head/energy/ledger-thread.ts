import { parentPort, workerData } from 'node:worker_threads'
import Libsql from 'libsql'
import { LedgerFile } from './ledger-file.ts'
import type { LedgerRequest } from './ledger-messages.ts'

/** The thread that waits for the disk: it answers requests in their order, and knows nothing else of the head. */
const file = new LedgerFile((workerData as { path: string }).path, (path) => new Libsql(path))

parentPort?.on('message', (request: LedgerRequest) => {
  parentPort?.postMessage(file.answer(request))
  if (request.type === 'close') parentPort?.close()
})
