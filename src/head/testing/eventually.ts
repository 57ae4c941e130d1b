import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when `isSo` answers true, asked every 5 ms; rejects when it has not within `limitMs`. */
export async function eventually(isSo: () => boolean | Promise<boolean>, limitMs = 5_000): Promise<void> {
  const startedMs = performance.now()
  while (!(await isSo())) {
    if (performance.now() - startedMs > limitMs) throw new Error(`not so within ${limitMs} ms: ${isSo}`)
    await sleep(5)
  }
}
