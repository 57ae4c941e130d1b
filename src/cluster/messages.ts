/** What head and nodes say to each other over NATS, as JSON. Field names are part of the wire contract. */

import type { Capabilities } from '../platforms/capabilities.ts'
import type { KeptLogLine } from './log-ring.ts'

/**
 * Version of this contract, one more with each release that changes it. Head and node work together when theirs are at
 * most one apart (contract.ts). In the first, nodes entered by two ports and leases had tokens.
 */
export const contractVersion = 2

/** Subjects. A node may use only those that carry its own id. */
export const subjects = {
  /** node -> head, published every second: {@link Beat} */
  beat: (node: string) => `paceline.beat.${node}`,
  beats: 'paceline.beat.*',
  /** head -> node, request and reply: {@link Order} answered by {@link OrderReply} */
  order: (node: string) => `paceline.order.${node}`,
  /** node -> head, request and reply: {@link Report} answered by {@link ReportReply} */
  report: (node: string) => `paceline.report.${node}`,
  reports: 'paceline.report.*',
} as const

/** A node's id is one token of a subject; `head` would share the head's inboxes. */
export const nodeIdPattern = /^(?!head$)[A-Za-z0-9_-]{1,64}$/

/** Where replies go: a node may listen below its own prefix only, and the head answers nowhere else. */
export const inboxes = {
  head: '_INBOX_head',
  node: (node: string) => `_INBOX_${node}`,
} as const

/** An input of a lease: what the agent's loopback proxy serves to ffmpeg. */
export interface LeaseInput {
  /** Where the head serves it by byte range, relative to the head's base URL, to the node that has the lease. */
  readonly url: string
  /** Bytes. */
  readonly size: number
  /** Same identity, same bytes: key of the agent's block cache (a digest of path, size and mtime). */
  readonly identity: string
  /** The file's path on the head. A node with a path map looks for the same file below a folder of its own. */
  readonly path?: string
  /** SHA-256 (hex) of its first and last 64 KiB: with the size, the proof that the node's file is the same. */
  readonly edges?: string
}

/** A small file that a lease's ffmpeg wants on the node's own disk, since its filters read no addresses. */
export interface LeaseFile {
  /** `{text}` in the arguments is the one with the text; `{fonts}` is a folder with all the fonts. */
  readonly use: 'text' | 'font'
  /** As of a {@link LeaseInput}. */
  readonly url: string
  /** Bytes. */
  readonly size: number
  /** SHA-256 (hex) of it: a font that the node has had before is not fetched again. */
  readonly digest: string
}

/** Start making segments [from, to) of one part. */
export interface GrantOrder {
  readonly type: 'grant'
  readonly attempt: string
  readonly session: string
  readonly part: string
  readonly from: number
  /** One past the last segment this lease may ever make. */
  readonly to: number
  /** Credit: the agent does not take segments >= until from ffmpeg before an extend order raises it. */
  readonly until: number
  /**
   * ffmpeg's arguments (without the program), compiled by the head. The agent replaces `{input:N}` by the
   * address of input N, and `{output}` by the base address of its own segment listener; ffmpeg then POSTs
   * each segment to `{output}/<number>` with the number printed in decimal, beginning with `from` and without
   * gaps. `-progress {progress}` asks for progress reports; the agent puts in a pipe of its own. `{text}` and
   * `{fonts}` are where it has put the files.
   */
  readonly args: readonly string[]
  readonly inputs: readonly LeaseInput[]
  /** Fetched before ffmpeg starts, gone when it has ended. */
  readonly files?: readonly LeaseFile[]
  /** Of leases that a chip has a hand in; nodes of a former release do not look. */
  readonly watch?: LeaseWatch
}

/** What a node looks at by itself, since nobody else can see it, or would see it in time. */
export interface LeaseWatch {
  /** Fewer pictures a second, while ffmpeg waits for nothing, are a failure. */
  readonly leastFramesPerSecond?: number
  /** Number of the input and of its stream that the pictures come from. */
  readonly input: number
  readonly stream: number
  /** Segments whose first picture is looked at, and where in the input that is, in seconds. */
  readonly looks: readonly { readonly segment: number; readonly seconds: number }[]
}

/** Stop accepting segments >= at; kill ffmpeg as soon as all before it are whole. */
export interface CutOrder {
  readonly type: 'cut'
  readonly attempt: string
  readonly at: number
}

/** The credit is now so much. A segment that has been begun is finished; nodes of the first releases take no less than they had. */
export interface ExtendOrder {
  readonly type: 'extend'
  readonly attempt: string
  readonly until: number
}

/** Kill ffmpeg now; nothing more of this attempt is wanted. */
export interface CancelOrder {
  readonly type: 'cancel'
  readonly attempt: string
}

/**
 * Prove your platforms again, as at the start. Answered at once; the beats that follow say what came of it, with a
 * greater `proofs`. Nodes of the first releases answer `bad-order`.
 */
export interface ProveOrder {
  readonly type: 'prove'
}

/**
 * Tell what you have proved: answered with `capabilities` ({@link OrderReply}). Sent to a node whose beat has a digest of
 * capabilities that this head has not heard.
 */
export interface TellOrder {
  readonly type: 'tell'
}

/**
 * Power yourself off, or suspend: answered once the machine's own program has been started for it. A node that was not
 * told that it may answers `power-denied`, one of a former release `bad-order`.
 */
export interface PowerOrder {
  readonly type: 'power'
  readonly action: 'poweroff' | 'suspend'
}

/** Orders about a lease. */
export type LeaseOrder = GrantOrder | CutOrder | ExtendOrder | CancelOrder

/** Tell the end of your log: answered with `log`. Nodes of the first releases answer `bad-order`. */
export interface LogOrder {
  readonly type: 'log'
  /** Lines, at most. */
  readonly most: number
  /** Only what is about this session. */
  readonly session?: string
}

export type Order = LeaseOrder | ProveOrder | TellOrder | PowerOrder | LogOrder

/**
 * The head will not work with this node as it is. It comes in the place of an order, once for each process of the node;
 * the node says so in its log and stays, in case the head is changed.
 */
export interface Refusal {
  readonly type: 'refuse'
  /** Of the table of errors, e.g. `E_NODE_TOO_OLD`. */
  readonly code: string
  readonly message: string
}

/** `started` is set for a grant: ffmpeg runs. `code` says why not: unknown-attempt, spawn-failed, bad-order, no-files (they could not be fetched), cancelled (before it began), stopping. */
export type OrderReply =
  /** `capabilities`, by platform, in answer to a {@link TellOrder} only; `log` to a {@link LogOrder}. */
  | {
      readonly ok: true
      readonly capabilities?: Readonly<Record<string, Capabilities>>
      readonly log?: readonly KeptLogLine[]
    }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** Published every second: presence, and what the node is doing. */
export interface Beat {
  readonly node: string
  /** Name for people; unique in a cluster. */
  readonly name: string
  /** Random per agent process: tells a restart from a late message. */
  readonly boot: string
  /** Digest of the run of its machine, where that can be known: tells a reboot from a restart of the agent. */
  readonly machine?: string
  readonly contract: number
  readonly version: string
  /** Capabilities proved so far, e.g. `software`. */
  readonly platforms: readonly string[]
  readonly cores: number
  readonly leases: readonly LeaseProgress[]
  /** It is about to go and takes no more work: what it has in hand is to go elsewhere. */
  readonly leaving?: true
  /** How often this process has proved its platforms: 1 from its start, one more after each {@link ProveOrder}. */
  readonly proofs?: number
  /**
   * Digest of what it has proved of its platforms in detail; it changes whenever that does, and a head that does not know
   * it asks ({@link TellOrder}). Missing where a node has nothing to tell: it then gets no lease for a chip.
   */
  readonly capabilities?: string
  /** What is wrong though it works, for people: each begins with a code of the table of errors. None when it is left out. */
  readonly troubles?: readonly string[]
  /** What its machine draws, where it knows: nodes with the same `machine` read the same sensor. */
  readonly power?: BeatPower
  /** Of the machine; left out where it cannot be read. */
  readonly health?: Health
}

/** A node's own reading. It has no time: what the head hears counts from then on, until it hears another. */
export interface BeatPower {
  readonly watts: number
  readonly basis: 'measured' | 'modelled'
  /** What is inside the number: see power/meters/meter.ts. */
  readonly boundary: 'chip' | 'module' | 'board' | 'port' | 'wall'
  /** Which sensor or model, for people. */
  readonly source: string
}

export interface Health {
  /** 0 to 1, of all processors since the last beat. */
  readonly load?: number
  /** Of the warmest sensor. */
  readonly celsius?: number
}

export interface LeaseProgress {
  readonly attempt: string
  /** Next segment that is not yet delivered. */
  readonly next: number
  /** Pictures (or 0 for sound) that ffmpeg has reported so far, and its own speed over real time. */
  readonly frames: number
  readonly speed: number
}

/** A lease is over on the node. The agent repeats it until the head answers. */
export interface EndedReport {
  readonly type: 'ended'
  readonly node: string
  readonly attempt: string
  /**
   * `clean`: ffmpeg exited with 0 by itself and every read of its inputs was whole (done, or the input ended);
   * `stopped`: cut or cancelled; `failed`: everything else.
   */
  readonly outcome: 'clean' | 'stopped' | 'failed'
  /** One past the last segment that was delivered whole; equals the lease's from when there was none. */
  readonly next: number
  readonly exitCode: number | null
  /** The last lines ffmpeg wrote to stderr, at most 2,000 characters. */
  readonly stderr: string
  /** User and system CPU seconds of the ffmpeg process, where known. */
  readonly cpuSeconds?: number
}

export type Report = EndedReport
export type ReportReply = { readonly ok: true }

/**
 * The data plane, HTTPS on the head's port. Who asks is who the certificate of the connection says ({@link KeyPair}): a
 * request carries nothing that would be worth stealing or playing again.
 *
 * - `GET  /data/v1/media/<attempt>/<input>` with `range`: 206 or 200, bytes of an input of the lease;
 *   401 no node, 403 another node's lease, 410 lease or session gone, 429 more bytes than any lease needs.
 * - `PUT  /data/v1/segments/<attempt>/<number>` with content-length and
 *   `x-paceline-digest: sha-256=<hex>`: 201 stored, 200 already there (first copy won),
 *   400 length, digest or content wrong, 401 and 403 as above, 409 old attempt, 410 session gone, 507 no room (try
 *   again later).
 * - `POST /join/v1` with a {@link JoinRequest}: 200 and a {@link JoinReply}, or 403 and 426 with a code.
 */
export const dataPlane = {
  media: (attempt: string, input: number) => `/data/v1/media/${attempt}/${input}`,
  segment: (attempt: string, segment: number) => `/data/v1/segments/${attempt}/${segment}`,
  digestHeader: 'x-paceline-digest',
} as const

/** Who one is in TLS. Nodes make theirs themselves; the key never leaves them. */
export interface KeyPair {
  /** PEM, without expiry: it is known by its fingerprint. */
  readonly certificate: string
  /** PEM, PKCS #8. */
  readonly key: string
}

/** What a join token says. How it is written down: join-token.ts. */
export interface JoinToken {
  /** Base URL of the head, https://host:port */
  readonly head: string
  /** SHA-256 of the head's certificate, 64 lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** Names the token at the head. */
  readonly id: string
  readonly secret: string
}

export const joinPath = '/join/v1'

/** What a node says with a token, over a connection that shows its own certificate. */
export interface JoinRequest {
  readonly token: string
  readonly secret: string
  /** nkey (`U...`) for NATS; the seed stays with the node. */
  readonly publicKey: string
  /** What the node would like to be called; the head may add a number. */
  readonly name: string
  readonly contract: number
  readonly version: string
}

export interface JoinReply {
  /** See {@link nodeIdPattern}. */
  readonly id: string
  readonly name: string
  readonly contract: number
  readonly version: string
  /** Somebody else's NATS server (`--nats`), with the user and password that it wants; not by the head's port then. */
  readonly nats?: string
}

/** Everything a node has to know about its head and itself. Secret: node-credentials.ts keeps it. */
export interface NodeCredentials extends Pick<JoinReply, 'id' | 'name' | 'nats'> {
  readonly head: string
  /** The one certificate to trust for the head, PEM. */
  readonly certificate: string
  /** The node's nkey seed (`SU...`). */
  readonly seed: string
  readonly identity: KeyPair
}
