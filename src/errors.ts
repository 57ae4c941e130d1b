/** One row of the table below: what happened, and what the user can try. */
interface ErrorRow {
  readonly what: string
  readonly hint: string
}

/** Every expected failure has a code here; docs/errors.md explains each at greater length. */
export const errorTable = {
  E_PROBE_MISSING: { what: 'The input does not exist', hint: 'Check the path and that its disk is mounted.' },
  E_PROBE_DENIED: { what: 'The input cannot be read', hint: 'Give the user that runs the head read access.' },
  E_PROBE_INVALID: {
    what: 'The input is not a media file that FFmpeg understands',
    hint: 'Play the file with ffplay to see what is wrong with it.',
  },
  E_PROBE_TOOL: { what: 'ffprobe could not be run', hint: 'Install FFmpeg: apt-get install ffmpeg.' },
  E_FFMPEG_MISSING: {
    what: 'ffmpeg was not found',
    hint: 'Install it with apt-get install ffmpeg, or say where it is.',
  },
  E_FFMPEG_UNFIT: {
    what: 'ffmpeg can encode nothing here',
    hint: 'Paceline needs libx264 and aac in it: apt-get install ffmpeg, or name another one.',
  },
  E_SHIM_MISSING: { what: 'The shim cannot be run', hint: 'Compile it: npm run shim.' },
  E_NATS_START: {
    what: 'nats-server did not start',
    hint: 'Install it with apt-get install nats-server, or name one that runs with --nats.',
  },
  E_NATS_CONNECT: {
    what: 'The NATS server could not be reached',
    hint: 'Check the address and the credentials.',
  },
  E_TOKEN_INVALID: {
    what: 'The join token is not valid',
    hint: 'Make a new one on the head: paceline token.',
  },
  E_NODE_REMOVED: {
    what: 'The head no longer knows this node',
    hint: 'Join it again with a new token: paceline token.',
  },
  E_DOOR_IN_USE: {
    what: 'Another head answers on this socket',
    hint: 'Stop it first, or choose another --data folder.',
  },
  E_DOOR_PATH: {
    what: 'The socket of the shim cannot be placed here',
    hint: 'Choose a short path in a folder that belongs to the user that runs the head.',
  },
  E_DOOR_PROTOCOL: {
    what: 'A connection to the socket did not speak the protocol of the shim',
    hint: 'Use the shim and the head of the same release.',
  },
  E_HEAD_UNREACHABLE: {
    what: 'The head does not answer',
    hint: 'Start it with paceline up or paceline head.',
  },
  E_HEAD_START: {
    what: 'The head did not start',
    hint: 'Its last words stand above; paceline doctor helps too.',
  },
  E_NO_NODES: { what: 'No node is ready to work', hint: 'Start one: paceline node --join TOKEN.' },
  E_OUTPUT_WRITE: {
    what: 'The output cannot be written',
    hint: 'Check that its folder exists, may be written to and has room.',
  },
  E_OUTPUT_EXISTS: { what: 'The output is already there', hint: 'Add --overwrite to replace it.' },
  E_SESSION_FAILED: { what: 'The session failed', hint: 'The log of the head says what each node said.' },
  E_API_DENIED: {
    what: 'The API token is missing or wrong',
    hint: "Run the command as the user that runs the head, with the head's --data folder.",
  },
  E_INTERNAL: { what: 'Paceline itself has a fault', hint: 'The log of the head has the details.' },
  E_USAGE: { what: 'The command was not understood', hint: 'Run it again with --help.' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable

/**
 * An expected failure: *what happened* (from the table), *where* (path, address, segment...) and *what to try*.
 * Bugs are thrown as plain errors; only the daemons' and commands' main functions turn either into an exit code.
 */
export class PacelineError extends Error {
  readonly code: ErrorCode
  readonly where: string
  readonly hint: string

  constructor(code: ErrorCode, where: string, options: { cause?: unknown; hint?: string } = {}) {
    super(`${errorTable[code].what}: ${where}`, { cause: options.cause })
    this.name = 'PacelineError'
    this.code = code
    this.where = where
    this.hint = options.hint ?? errorTable[code].hint
  }
}
