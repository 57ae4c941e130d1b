import { signal } from '@preact/signals'
import { csrfHeader, type Problem } from '../../../src/head/api/contract/access.ts'

/** Beside the page, so that a proxy may serve the dashboard below a path of its own. */
export const apiBase = new URL('api/v1/', document.baseURI).href

/** What the head wants to see with every order; null without a session. */
export const csrf = signal<string | null>(null)

/** Rises with every answer that says that nobody is signed in any more. */
export const signedOut = signal(0)

/** An answer of the head that is no success, or none at all. */
export class CallFailure extends Error {
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}

/**
 * Asks for `/api/v1/PATH`. Throws a {@link CallFailure}, with status 0 when the head cannot be reached, after a second try:
 * browsers drop all that is under way when a machine changes its network.
 */
export async function ask<T>(path: string, abort?: AbortSignal): Promise<T> {
  return twice(() => call<T>(path, abort ? { signal: abort } : {}))
}

/** Tells the head to do something. Throws as {@link ask} does. */
export async function order<T>(path: string, body: object = {}): Promise<T> {
  return call<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(csrf.value && { [csrfHeader]: csrf.value }) },
    body: JSON.stringify(body),
  })
}

const pauseMs = 500

/** Does it once more where nothing was answered; not for what must not happen twice. */
export async function twice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CallFailure) || error.status !== 0) throw error
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    return work()
  }
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(apiBase + path, { credentials: 'same-origin', ...init }).catch((error) => {
    if (init.signal?.aborted) throw error
    throw new CallFailure(0, { code: 'E_HEAD_UNREACHABLE', message: 'The head does not answer.' })
  })
  if (response.ok) return (await response.json()) as T
  if (response.status === 401) signedOut.value += 1
  throw new CallFailure(response.status, await problemOf(response))
}

/** Something between us and the head may answer with a page instead. */
async function problemOf(response: Response): Promise<Problem> {
  const plain = { code: `HTTP ${response.status}`, message: `The head answered ${response.status}.` }
  const text = await response.text()
  try {
    return { ...plain, ...(JSON.parse(text) as Partial<Problem>) }
  } catch {
    return plain
  }
}
