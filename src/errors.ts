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
  E_ENCODER_HUNG: {
    what: 'ffmpeg hangs on a node',
    hint: 'Its work goes to another node. If it happens again there, look at its driver and its disks.',
  },
  E_ENCODER_SLOW: {
    what: 'A chip is much slower than it was proved to be',
    hint: 'Its work goes on another way. If it happens again, look at its heat, its clocks, and what else uses it.',
  },
  E_PICTURE_WRONG: {
    what: 'A chip makes pictures of one colour where the film has others',
    hint: 'Its work goes on another way. If it happens again, look at its driver.',
  },
  E_RUNG_FAILED: {
    what: 'A way of making pictures has failed on a node',
    hint: 'It goes on by another one there, until the node has proved itself again. If it comes back, look at its driver.',
  },
  E_SHIM_MISSING: { what: 'The shim cannot be run', hint: 'Compile it: npm run shim.' },
  E_NATS_START: {
    what: 'nats-server did not start',
    hint: 'Install it with apt-get install nats-server, or name one that runs with --nats.',
  },
  E_NATS_AWAY: {
    what: 'The NATS server is away',
    hint: 'Leases that run go on, new ones wait. Look at what it says: nats-server must run, and be reachable.',
  },
  E_NATS_STORE: {
    what: 'nats-server could not read what it had kept',
    hint: 'Nothing has to be done: it began anew, and the head has written down again what runs.',
  },
  E_NATS_CONNECT: {
    what: 'The NATS server could not be reached',
    hint: 'Check the address and the credentials.',
  },
  E_TOKEN_INVALID: {
    what: 'The join token is not valid',
    hint: 'Make a new one on the head: paceline token.',
  },
  E_TOKEN_EXPIRED: {
    what: 'The join token has expired',
    hint: 'It is good for an hour. Make a new one on the head: paceline token.',
  },
  E_TOKEN_USED: {
    what: 'The join token has been used already',
    hint: 'Each lets in one node. Make a new one on the head: paceline token.',
  },
  E_HEAD_CHANGED: {
    what: 'Another server answers in the place of the head',
    hint: 'Check the address; if the head was installed anew, join again: paceline token.',
  },
  E_NOT_JOINED: {
    what: 'This node has not joined a head yet',
    hint: 'Run `paceline token` on the head, and here: paceline node --join TOKEN.',
  },
  E_NODE_REMOVED: {
    what: 'The head no longer knows this node',
    hint: 'Join it again with a new token: paceline token.',
  },
  E_NODE_KEY: {
    what: 'A node wants to join under the key of another',
    hint: "Remove node.json from the new node's data folder: it was copied. Then join with a new token: paceline token.",
  },
  E_NODE_NAME: {
    what: 'There is no node of this name',
    hint: 'paceline nodes list shows those that are known.',
  },
  E_LAST_NODE: {
    what: 'No other node could take over from this one',
    hint: 'Start another one first, or add --force: what is playing then goes back to the media server.',
  },
  E_NODE_UNKNOWN: {
    what: 'A connection does not come from a node of this head',
    hint: 'If it should: join that node with a new token, paceline token.',
  },
  E_NODE_TOO_OLD: {
    what: 'The node is too old for this head',
    hint: 'Update the node: head and node may be one release apart.',
  },
  E_NODE_TOO_NEW: {
    what: 'The node is too new for this head',
    hint: 'Update the head: head and node may be one release apart.',
  },
  E_NODE_MESSAGE: {
    what: 'A node said something that is not in the contract',
    hint: 'Update head and node to the same release; if it goes on, remove the node.',
  },
  E_NODE_SUBJECT: {
    what: 'A node wanted more of NATS than is its own',
    hint: 'An agent of this release does not: if it goes on, remove the node, paceline nodes remove.',
  },
  E_LEASE_DENIED: {
    what: 'A node asked for the lease of another',
    hint: 'Two agents with one set of credentials do so; otherwise remove the node: paceline nodes remove.',
  },
  E_LEASE_BYTES: {
    what: 'A lease read far more than its inputs have',
    hint: 'Its file may be damaged; if one node does so with every file, remove it.',
  },
  E_LEASE_OVER: { what: 'The lease is over', hint: 'Nothing has to be done: the node drops it.' },
  E_LEASE_HELD: {
    what: 'The lease is of a head that has started again, and its session has not come back yet',
    hint: 'Nothing has to be done: the node asks again.',
  },
  E_SEGMENT_WRONG: {
    what: 'A segment is not what its lease was to make',
    hint: 'If one node does so again and again, look at its ffmpeg and its network.',
  },
  E_TOO_LARGE: {
    what: 'A request is larger than any that a node sends',
    hint: 'It was not read. If it came from a node, update both to the same release.',
  },
  E_REQUEST: {
    what: 'A request is none, or only half of one',
    hint: 'It was dropped. Look at who sends it; nodes and commands do not.',
  },
  E_TOO_MANY_CONNECTIONS: {
    what: 'A connection did not say whose it is',
    hint: 'Look at who opens them: nodes show their certificates at once.',
  },
  E_TLS: {
    what: 'A connection did not come to speak TLS',
    hint: 'Nodes need the https address of the head; other programs do not belong there.',
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
  E_DOOR_PEER: {
    what: 'Somebody at the socket may not be there',
    hint: "Put the media server's user into the group of the socket: usermod -aG GROUP USER, or --door-group.",
  },
  E_LOOPBACK_USER: {
    what: 'Another user of this machine asked for what a lease reads and makes',
    hint: 'Nothing was given out. Look at what that user runs: the log has its number.',
  },
  E_DOOR_GROUP: {
    what: 'The socket cannot be given to this group',
    hint: 'Name a group that the user that runs the head is in, or its number.',
  },
  E_HANDS_REFUSED: {
    what: 'The shim does not touch this path',
    hint: 'Only what the job names is touched, and no link is followed: name the real path in the library.',
  },
  E_HANDS_GONE: {
    what: 'The job is over, and nothing more can be done for it',
    hint: 'Nothing needs to be done: the media server has ended its transcoder.',
  },
  E_HEAD_UNREACHABLE: {
    what: 'The head does not answer',
    hint: 'Start it with paceline up or paceline head.',
  },
  E_USER: {
    what: 'The head cannot run as this user',
    hint: 'Make one, useradd --system paceline, and start the head as root with --user paceline.',
  },
  E_LISTEN: {
    what: 'The head cannot listen at this address',
    hint: 'Choose another --port or --host, or none: then it takes a free port, and all addresses.',
  },
  E_FILE: {
    what: 'A file or folder cannot be used',
    hint: 'Check who owns it, its rights and its disk; --data and --config name others.',
  },
  E_HEAD_START: {
    what: 'The head did not start',
    hint: 'Its last words stand above; paceline doctor helps too.',
  },
  E_NO_NODES: { what: 'No node is ready to work', hint: 'Start one: paceline node --join TOKEN.' },
  E_PATH_OUTSIDE: {
    what: 'The head does not open this path',
    hint: 'Name a folder above it with --media-root (to read) or --transcode-root (to write).',
  },
  E_DISK_FULL: {
    what: 'There is no room for the next segment',
    hint: 'Make room on that disk: the job goes on by itself.',
  },
  E_NODE_TRUST: {
    what: 'A node is kept off a kind of work that it failed at twice',
    hint: 'It is asked to prove itself again by and by. Look at its ffmpeg and drivers; others do its work.',
  },
  E_NODE_DISK: {
    what: 'A node cannot write to its disk',
    hint: 'It works on and fetches media from the head each time. Check the disk of that node.',
  },
  E_OUTPUT_WRITE: {
    what: 'The output cannot be written',
    hint: 'Check that its folder exists, may be written to and has room.',
  },
  E_OUTPUT_EXISTS: { what: 'The output is already there', hint: 'Add --overwrite to replace it.' },
  E_OVERLOAD: {
    what: 'The nodes are busy with those who are watching already',
    hint: 'Add a node, or leave such jobs to the media server itself: --overload local.',
  },
  E_FIRST_RESPONDER: {
    what: 'The first responder ended by itself',
    hint: 'Its last words stand in the log above; paceline doctor checks this machine, --first-responder off does without.',
  },
  E_SESSION_FAILED: { what: 'The session failed', hint: 'The log of the head says what each node said.' },
  E_SESSION_NAME: {
    what: 'There is no such session',
    hint: 'paceline status lists them; of those that ended only the last few are known.',
  },
  E_LEASE_FAILED: {
    what: 'A lease failed on a node',
    hint: 'What is missing of it goes to another node. If it happens again there, look at that node and its log.',
  },
  E_NODE_LOST: {
    what: 'A node was lost while it had leases',
    hint: 'What it had in hand goes to other nodes. Look at its power and its network.',
  },
  E_TEXT_UNREAD: {
    what: 'No node could read the text of the film',
    hint: 'The log of the head says what each node said.',
  },
  E_API_DENIED: {
    what: 'The API token is missing or wrong',
    hint: "Run the command as the user that runs the head, with the head's --data folder.",
  },
  E_LOGIN: {
    what: 'Password or key is wrong',
    hint: 'Set a password on the machine of the head: paceline password. A link of paceline dashboard works once.',
  },
  E_LOGIN_RATE: {
    what: 'There were too many wrong passwords',
    hint: 'Wait some minutes, or sign in on the machine of the head: paceline dashboard.',
  },
  E_PASSWORD: {
    what: 'The password cannot be set',
    hint: 'Take one of 8 to 256 characters.',
  },
  E_ORIGIN: {
    what: 'The request did not come from a page of this head',
    hint: 'Reload the page. Programs use a token instead of a cookie.',
  },
  E_ROLE: {
    what: 'Whoever only looks may change nothing',
    hint: 'Sign in as admin.',
  },
  E_POWER_SETTINGS: {
    what: 'The settings of a power driver or meter are not valid',
    hint: 'docs/power.md has an example of each.',
  },
  E_POWER_UNREACHABLE: {
    what: 'The power device does not answer',
    hint: 'Check its address, that it is on, and that no firewall is between.',
  },
  E_POWER_DENIED: {
    what: 'The power device refuses the credentials',
    hint: 'Correct user and password; until then it is asked ever more rarely, so that it locks nobody out.',
  },
  E_POWER_REFUSED: {
    what: 'The power device refuses the command',
    hint: 'Check port, channel or node number, and that the user may switch it.',
  },
  E_POWER_ANSWER: {
    what: 'The answer of the power device cannot be understood',
    hint: 'Check that the driver fits the device and its firmware.',
  },
  E_POWER_UNCHANGED: {
    what: 'The power device took the command and nothing changed',
    hint: 'Look at the device: a cable, a fault, or somebody else who switches it.',
  },
  E_POWER_BUSY: {
    what: 'A power command for this node is under way',
    hint: 'Wait until it has ended.',
  },
  E_POWER_CANNOT: {
    what: 'The power driver cannot do this',
    hint: 'Combine two drivers with the driver pair: one for on, one for off.',
  },
  E_NODE_WAKE: {
    what: 'A node does not wake',
    hint: 'It is tried again later, and others work meanwhile. paceline nodes list says what its driver was told.',
  },
  E_NODE_SLEEP: {
    what: 'A node does not go to sleep',
    hint: 'It may work, and is tried again later. paceline nodes list says what its driver was told.',
  },
  E_NODE_UNSWITCHED: {
    what: 'Nobody switches the power of this node',
    hint: 'Give it a driver in the configuration: docs/power.md has them all.',
  },
  E_CONFIG: {
    what: 'The configuration is not valid',
    hint: 'Correct the key that is named, and look with paceline config check.',
  },
  E_METER_DENIED: {
    what: 'The power meter may not be read',
    hint: 'Give the user that runs the node read access; docs/power.md says how.',
  },
  E_LEDGER_FULL: {
    what: 'The energy ledger cannot be written: there is no room',
    hint: 'Make room on the disk of the data folder. What is counted meanwhile is kept in memory, in ever coarser steps.',
  },
  E_LEDGER_BROKEN: {
    what: 'The energy ledger could not be read and was put aside',
    hint: 'Nothing has to be done: a new one was begun. The old file lies beside it, with .broken in its name.',
  },
  E_LEDGER_AWAY: {
    what: 'The energy ledger does not answer',
    hint: 'Look at the disk of the data folder, and whether another head uses it. What is counted meanwhile is in memory.',
  },
  E_INSTALL_NOT_FOUND: {
    what: "The media server's transcoder was not found",
    hint: 'Name its folder with --folder, or the root folder of its container with --root.',
  },
  E_INSTALL_SEVERAL: {
    what: 'There are several transcoders',
    hint: 'Name the folder of the one that is meant with --folder.',
  },
  E_INSTALL_FOREIGN: {
    what: 'Another tool stands in the place of the transcoder',
    hint: 'Let that tool take itself away, or install the media server again; then come back.',
  },
  E_INSTALL_DENIED: {
    what: "The transcoder's folder may not be changed",
    hint: 'Run the command as root: sudo.',
  },
  E_INSTALL_ARCHITECTURE: {
    what: 'The shim is for another kind of machine',
    hint: 'Compile one on such a machine with npm run shim, or make -C native/shim arm64, and name it with --shim.',
  },
  E_INSTALL_ORIGINAL_GONE: {
    what: 'The original transcoder is not where it was kept',
    hint: "Install the media server's package again: that brings it back.",
  },
  E_INSTALL_DIVERSION: {
    what: 'dpkg did not end the diversion of the transcoder',
    hint: 'See what dpkg-divert says, and try again.',
  },
  E_INSTALL_BUSY: {
    what: 'Somebody else is changing the transcoder at this moment',
    hint: 'Try again in a moment.',
  },
  E_INTERNAL: { what: 'Paceline itself has a fault', hint: 'The log of the head has the details.' },
  E_SIMULATE_FILE: {
    what: 'A file for the simulator cannot be used',
    hint: 'docs/simulate.md has an example of each.',
  },
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
