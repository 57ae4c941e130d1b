import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../../cluster/private-file.ts'
import type { BootClock } from './boot-clock.ts'

/** Tokens that were given out, each good for one node and for a while. The secrets themselves are not kept. */
export interface JoinTokens {
  /** `name` is the one that the node shall have; null leaves it to the node. Kept on the disk when it resolves. */
  issue(name: string | null, validSeconds: number): Promise<{ readonly id: string; readonly secret: string }>
  /**
   * Uses a token up, for the node with this certificate. Who used it may come again: his answer was lost. It is kept on
   * the disk when it resolves, so that nobody else ever uses it, whatever ends first.
   */
  redeem(id: string, secret: string, fingerprint: string): Promise<Redemption>
  /** The node is in. */
  settle(id: string): Promise<void>
}

export type Redemption =
  /** `settled`: the node has been let in before. */
  | { readonly ok: true; readonly name: string | null; readonly settled: boolean }
  | { readonly ok: false; readonly code: 'E_TOKEN_INVALID' | 'E_TOKEN_EXPIRED' | 'E_TOKEN_USED' }

const keptToken = z.object({
  id: z.string(),
  /** SHA-256 of the secret, hexadecimal. */
  digest: z.string(),
  name: z.string().nullable(),
  /** On the boot clock. */
  expiresAtSeconds: z.number(),
  usedBy: z.string().nullable(),
  settled: z.boolean(),
})

type KeptToken = z.infer<typeof keptToken>

const keptTokens = z.object({ boot: z.string(), tokens: z.array(keptToken) })

/** Old ones are remembered so that it can be said what is wrong with them; older ones are just not valid. */
const rememberedTokens = 200

/**
 * Opens `join-tokens.json` (mode 0600) in the data folder. Tokens of an earlier run of the machine have expired, for
 * nobody knows how long it was off. Throws what the file system says, and what is wrong with a damaged file.
 */
export async function openJoinTokens(dataFolder: string, clock: BootClock): Promise<JoinTokens> {
  const path = join(dataFolder, 'join-tokens.json')
  const text = await readFileIfThere(path)
  const kept = text === undefined ? { boot: clock.boot, tokens: [] } : keptTokens.parse(JSON.parse(text))
  let tokens: readonly KeptToken[] =
    kept.boot === clock.boot
      ? kept.tokens
      : kept.tokens.map((token) => ({ ...token, expiresAtSeconds: Number.NEGATIVE_INFINITY }))
  let written: Promise<void> = Promise.resolve()
  const write = (): Promise<void> => {
    const document = { boot: clock.boot, tokens: tokens.map(finite) }
    const next = () => writePrivateFile(path, `${JSON.stringify(document, null, 2)}\n`)
    written = written.then(next, next)
    return written
  }
  const change = (id: string, changed: Partial<KeptToken>): Promise<void> => {
    tokens = tokens.map((token) => (token.id === id ? { ...token, ...changed } : token))
    return write()
  }
  return {
    async issue(name, validSeconds) {
      const id = `j${randomBytes(6).toString('hex')}`
      const secret = randomBytes(24).toString('base64url')
      const expiresAtSeconds = clock.seconds() + validSeconds
      const token = { id, digest: digestOf(secret), name, expiresAtSeconds, usedBy: null, settled: false }
      tokens = [...tokens, token].slice(-rememberedTokens)
      await write()
      return { id, secret }
    },
    async redeem(id, secret, fingerprint) {
      const token = tokens.find((one) => one.id === id)
      if (!token || !isSame(token.digest, digestOf(secret))) return { ok: false, code: 'E_TOKEN_INVALID' }
      if (token.usedBy !== null && token.usedBy !== fingerprint) return { ok: false, code: 'E_TOKEN_USED' }
      if (clock.seconds() >= token.expiresAtSeconds) return { ok: false, code: 'E_TOKEN_EXPIRED' }
      // In memory before the first await: two who come at once are not both the first.
      await change(id, { usedBy: fingerprint })
      return { ok: true, name: token.name, settled: token.settled }
    },
    settle: (id) => change(id, { settled: true }),
  }
}

/** JSON has no infinity. */
function finite(token: KeptToken): KeptToken {
  return { ...token, expiresAtSeconds: Math.max(token.expiresAtSeconds, -1) }
}

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
