import { randomBytes } from 'node:crypto'
import { PacelineError } from '../errors.ts'
import { answerChallenge, type DigestChallenge, readChallenge } from './digest-answer.ts'
import { type HttpAnswer, type HttpRequest, httpCall, nameOf, type Trust } from './http-call.ts'
import { mostHeard, type Secret } from './secret.ts'

export type HttpLogin =
  | { readonly scheme: 'none' }
  | { readonly scheme: 'basic' | 'digest'; readonly user: string; readonly password: Secret }
  | { readonly scheme: 'bearer'; readonly token: Secret }

export type DeviceRequest = Omit<HttpRequest, 'trust'>

/** Talks HTTP to one device and logs in as it wants. */
export class HttpDevice {
  readonly #login: HttpLogin
  readonly #trust: Trust
  #challenge: DigestChallenge | undefined
  #count = 0
  /** What the last `Authorization` header carried behind its scheme. */
  #credentials: string | undefined

  constructor(login: HttpLogin, trust: Trust = {}) {
    this.#login = login
    this.#trust = trust
  }

  /**
   * The body of an answer whose status is 2xx.
   *
   * @throws PacelineError E_POWER_DENIED for 401 and 403, E_POWER_REFUSED for any other status, and as `httpCall`
   */
  async text(request: DeviceRequest): Promise<string> {
    const { status, headers, text } = await this.#call(request)
    if (status >= 200 && status < 300) return text
    const code = status === 401 || status === 403 ? 'E_POWER_DENIED' : 'E_POWER_REFUSED'
    // What it was asked may come back in the query.
    const target = headers.location ? ` to ${headers.location.replace(/[?#].*$/s, '')}` : ''
    const said = `HTTP ${status}${target} ${firstLine(text)}`
    throw new PacelineError(code, `${nameOf(request)}: ${this.#masked(said)}`.trimEnd())
  }

  /** As `text`, read as JSON. What breaks off may be half a token: with `isSecret` nothing of it is repeated. */
  async json(request: DeviceRequest, isSecret = false): Promise<unknown> {
    const text = await this.text(request)
    try {
      return JSON.parse(text)
    } catch {
      // What was wrong with it is plain from the text itself.
      const said = isSecret ? `${text.length} characters` : this.#masked(firstLine(text))
      throw new PacelineError('E_POWER_ANSWER', `${nameOf(request)}: not JSON: ${said}`)
    }
  }

  /** Some devices repeat the header that they did not like. */
  #masked(said: string): string {
    return this.#credentials ? said.replaceAll(this.#credentials, '[secret]') : said
  }

  async #call(request: DeviceRequest): Promise<HttpAnswer> {
    const isKept = this.#challenge !== undefined
    const answer = await this.#send(request)
    const fresh = this.#login.scheme === 'digest' && answer.status === 401 && this.#take(answer)
    if (!fresh) return answer
    const second = await this.#send(request)
    // A nonce of before may have run out between; one that was answered just now has not, unless it says so.
    const again = isKept && second.status === 401 && this.#take(second)?.isStale
    return again ? this.#send(request) : second
  }

  #take(answer: HttpAnswer): DigestChallenge | undefined {
    this.#count = 0
    this.#challenge = readChallenge(answer.headers['www-authenticate'] ?? '')
    return this.#challenge
  }

  #send(request: DeviceRequest): Promise<HttpAnswer> {
    const authorization = this.#authorization(request)
    this.#credentials = authorization.Authorization?.replace(/^\w+ /, '')
    const headers = { ...request.headers, ...authorization }
    return httpCall({ ...request, headers, trust: this.#trust })
  }

  #authorization({ url, method = 'GET' }: DeviceRequest): Record<string, string> {
    const login = this.#login
    if (login.scheme === 'none') return {}
    if (login.scheme === 'bearer') return { Authorization: `Bearer ${login.token.reveal()}` }
    const { user, password } = login
    if (login.scheme === 'basic') return { Authorization: basic(user, password) }
    if (this.#challenge === undefined) return {}
    this.#count += 1
    const path = `${url.pathname}${url.search}`
    const clientNonce = randomBytes(16).toString('hex')
    const request = { method, path, user, password: password.reveal(), count: this.#count, clientNonce }
    return { Authorization: answerChallenge(this.#challenge, request) }
  }
}

const basic = (user: string, password: Secret) =>
  `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`

/** What a device said, for a message, which will be without secrets and shorter. */
export const firstLine = (text: string) => text.trim().split(/\r?\n/, 1)[0]!.slice(0, mostHeard)
