import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PacelineError } from '../errors.ts'

/** Talks to the head that runs with a data folder on this machine. */
export interface ApiClient {
  /** Address of the head. */
  readonly base: string
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  delete<T>(path: string): Promise<T>
  /** A reply of one JSON value a line, as they come. Aborting the signal ends the request. */
  stream<T>(path: string, body: unknown, signal: AbortSignal): AsyncIterable<T>
}

interface Access {
  readonly base: URL
  readonly token: string
  readonly certificate: string
}

/** Throws E_HEAD_UNREACHABLE when no head has left its address in the folder. */
export async function openApiClient(dataFolder: string): Promise<ApiClient> {
  const access = await readAccess(dataFolder)
  return {
    base: access.base.href,
    get: async (path) => readJson(access, await send(access, 'GET', path)),
    post: async (path, body) => readJson(access, await send(access, 'POST', path, { body })),
    put: async (path, body) => readJson(access, await send(access, 'PUT', path, { body })),
    delete: async (path) => readJson(access, await send(access, 'DELETE', path)),
    async *stream<T>(path: string, body: unknown, signal: AbortSignal) {
      const reply = await send(access, 'POST', path, { body, signal })
      if (reply.statusCode !== 200) await readJson(access, reply)
      try {
        for await (const line of createInterface({ input: reply })) {
          if (line !== '') yield JSON.parse(line) as T
        }
      } catch (cause) {
        // Cut off in the middle of the answer.
        if (signal.aborted || (cause as NodeJS.ErrnoException).code !== 'ECONNRESET') throw cause
        throw new PacelineError('E_HEAD_UNREACHABLE', access.base.href, { cause })
      }
    },
  }
}

async function readAccess(dataFolder: string): Promise<Access> {
  try {
    const read = (name: string) => readFile(join(dataFolder, name), 'utf8')
    const address = JSON.parse(await read('head.json')) as { api: string }
    const [token, certificate] = await Promise.all([read('api-token'), read('certificate.pem')])
    return { base: new URL(address.api), token: token.trim(), certificate }
  } catch (cause) {
    throw noAccess(dataFolder, cause)
  }
}

/** Why nothing can be asked of the head of a data folder, by what reading its address failed with. */
export function noAccess(dataFolder: string, cause: unknown): PacelineError {
  if ((cause as NodeJS.ErrnoException).code !== 'EACCES')
    return new PacelineError('E_HEAD_UNREACHABLE', `no head runs with the data folder ${dataFolder}`, {
      cause,
    })
  // Whether a head runs there only its own user can see.
  const hint = 'Run the command as the user that runs the head, or as root with --data.'
  return new PacelineError('E_HEAD_UNREACHABLE', `this user may not read the data folder ${dataFolder}`, {
    ...{ cause, hint },
  })
}

function send(
  access: Access,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: { body?: unknown; signal?: AbortSignal } = {},
): Promise<IncomingMessage> {
  const { base, token, certificate } = access
  const text = options.body === undefined ? undefined : JSON.stringify(options.body)
  return new Promise((resolve, reject) => {
    const request = httpsRequest(new URL(`/api/v1${path}`, base), {
      method,
      ca: certificate,
      // The certificate itself is what is trusted, whatever address the head has.
      checkServerIdentity: () => undefined,
      headers: {
        authorization: `Bearer ${token}`,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
      ...(options.signal && { signal: options.signal }),
    })
    request.on('response', resolve)
    request.on('error', (cause) => reject(new PacelineError('E_HEAD_UNREACHABLE', base.href, { cause })))
    request.end(text)
  })
}

async function readJson<T>({ base }: Access, reply: IncomingMessage): Promise<T> {
  const text = await readText(reply).catch((cause: unknown) => {
    throw new PacelineError('E_HEAD_UNREACHABLE', base.href, { cause })
  })
  const value = text === '' ? null : JSON.parse(text)
  if (reply.statusCode === 200) return value as T
  throw new RemoteError(value as RemoteProblem, reply.statusCode ?? 0)
}

/** Rejects when the connection is gone before the end. */
async function readText(reply: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of reply.setEncoding('utf8')) text += chunk
  return text
}

interface RemoteProblem {
  readonly code?: string
  readonly message?: string
  readonly hint?: string
}

/** What the head said went wrong. */
export class RemoteError extends Error {
  readonly code: string
  readonly hint: string | undefined

  constructor(problem: RemoteProblem | null, status: number) {
    super(problem?.message ?? `The head answered with status ${status}`)
    this.name = 'RemoteError'
    this.code = problem?.code ?? 'E_INTERNAL'
    this.hint = problem?.hint
  }
}
