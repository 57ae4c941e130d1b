import { open, stat } from 'node:fs/promises'

/** A log that grows, and from time to time begins anew in another file of its name. */
export interface FollowedLog {
  /** Reads what has been added since; the first look only finds its end. Never rejects. */
  look(): Promise<void>
  close(): void
}

export interface FollowedLogOptions {
  readonly path: string
  readonly onLine: (line: string) => void
  /** Told once for each time that it cannot be read; of one that is not there yet as well. */
  readonly onTrouble: (why: string) => void
  /** Milliseconds between looks; a second unless told. */
  readonly everyMs?: number
}

/** What is added between two looks beyond that is passed over: a log that grows so fast says much else. */
const mostBytes = 256 * 1_024

/** Looks at a log for as long as the head lives, from its present end on. */
export function followLog({ path, onLine, onTrouble, everyMs = 1_000 }: FollowedLogOptions): FollowedLog {
  let place: { readonly file: number; readonly atByte: number } | null = null
  let isFirst = true
  let isSilent = false
  /** The beginning of a line that is not whole yet. */
  let rest = ''

  const read = async (): Promise<void> => {
    const { ino, size } = await stat(path)
    const isSame = place?.file === ino && size >= place.atByte
    // Another file of this name has been begun since, and all of it is new.
    const fromByte = isFirst ? size : isSame ? place!.atByte : 0
    isFirst = false
    if (!isSame) rest = ''
    const passed = Math.max(fromByte, size - mostBytes)
    if (passed > fromByte) rest = ''
    place = { file: ino, atByte: size }
    if (size === passed) return
    const lines = (rest + (await textOf(path, passed, size - passed))).split('\n')
    rest = lines.pop()!.slice(0, mostBytes)
    for (const line of lines) onLine(line)
  }
  let looking: Promise<void> | null = null
  const look = (): Promise<void> => {
    looking ??= read()
      .then(() => {
        isSilent = false
      })
      .catch((error: NodeJS.ErrnoException) => {
        // What is in it when it comes is new.
        isFirst = false
        if (!isSilent) onTrouble(error.code ?? error.message)
        isSilent = true
      })
      .finally(() => {
        looking = null
      })
    return looking
  }
  void look()
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return { look, close: () => clearInterval(timer) }
}

async function textOf(path: string, fromByte: number, bytes: number): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, fromByte)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
