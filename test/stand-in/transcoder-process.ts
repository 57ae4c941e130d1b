import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Recording } from '../golden/recording.ts'
import { describeFiles } from './describe-files.ts'
import type { PlexMediaServer } from './plex-media-server.ts'

export interface TranscoderOptions {
  /** The program that Plex would run: its transcoder, or the shim in its place. */
  readonly program: string
  readonly server: PlexMediaServer
  /** Arguments with {PMS}, {MEDIA} and {CWD} in place of what changes, as in a recording. */
  readonly args: readonly string[]
  readonly mediaPath: string
  /** Folder of all sessions; the job's own is made in it. */
  readonly sessions: string
  readonly session?: string
  readonly job?: string
  readonly token?: string
  /** Added to what Plex sets, such as PACELINE_HEAD. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface TranscoderExit {
  readonly exit: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

export interface TranscoderProcess {
  readonly child: ChildProcess
  /** The job's working directory. */
  readonly directory: string
  readonly args: readonly string[]
  /** As Plex stops a job: at once, and only this process. */
  kill(): void
  exited(): Promise<TranscoderExit>
}

/** Starts a job as Plex Media Server does: argument list, working directory and environment. */
export async function startTranscoder(options: TranscoderOptions): Promise<TranscoderProcess> {
  const session = options.session ?? 's-1'
  const directory = join(options.sessions, `plex-transcode-${session}-${options.job ?? randomUUID()}`)
  await mkdir(directory, { recursive: true })
  const args = fillArguments(options.args, {
    PMS: options.server.url,
    MEDIA: options.mediaPath,
    CWD: directory,
  })
  options.server.watch(directory)
  const began = performance.now()
  const child = spawn(options.program, args, {
    cwd: directory,
    env: { ...plexEnvironment(options, directory), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = exitOf(child, began)
  // Whoever asks for the exit hears of a program that could not be started; nobody else needs to.
  exited.catch(() => undefined)
  return {
    child,
    directory,
    args,
    kill: () => void child.kill('SIGKILL'),
    exited: () => exited,
  }
}

/** What the server and the folder saw of a job that is over, in the form of a golden recording. */
export async function recordingOf(
  name: string,
  options: TranscoderOptions,
  process: TranscoderProcess,
): Promise<Recording> {
  const { exit, signal, stderr, milliseconds } = await process.exited()
  return {
    name,
    note: '',
    media: basename(options.mediaPath),
    args: options.args,
    exit,
    signal,
    ms: Math.round(milliseconds),
    stderr,
    requests: [...options.server.requests],
    files: await describeFiles(process.directory),
  }
}

/** Puts values for {NAME} into arguments. */
export function fillArguments(
  args: readonly string[],
  values: Readonly<Record<'PMS' | 'MEDIA' | 'CWD', string>>,
): string[] {
  return args.map((arg) =>
    arg.replaceAll('{PMS}', values.PMS).replaceAll('{MEDIA}', values.MEDIA).replaceAll('{CWD}', values.CWD),
  )
}

/** The variables that Plex sets for its transcoder, with harmless values. */
export function plexEnvironment(
  options: Pick<TranscoderOptions, 'sessions' | 'token'>,
  directory: string,
): Record<string, string> {
  const support = join(options.sessions, 'Application Support', 'Plex Media Server')
  return {
    PATH: process.env.PATH ?? '',
    HOME: options.sessions,
    LANG: 'en_US.UTF-8',
    PWD: directory,
    TMPDIR: options.sessions,
    X_PLEX_TOKEN: options.token ?? 'token-123',
    EAE_ROOT: join(options.sessions, 'EasyAudioEncoder'),
    FFMPEG_EXTERNAL_LIBS: `${support.replaceAll(' ', '\\ ')}/Codecs/0/`,
    LIBVA_DRIVERS_PATH: join(support, 'Cache', 'va-dri-linux-x86_64'),
    PLEX_ARCH: 'x86_64',
    PLEX_MEDIA_SERVER_APPLICATION_SUPPORT_DIR: join(options.sessions, 'Application Support'),
    PLEX_MEDIA_SERVER_HOME: join(options.sessions, 'plexmediaserver'),
    PLEX_MEDIA_SERVER_INFO_VENDOR: 'Paceline tests',
    PLEX_MEDIA_SERVER_INFO_VERSION: '1.43.3',
    PLEX_MEDIA_SERVER_MAX_PLUGIN_PROCS: '6',
    PLEX_MEDIA_SERVER_USER: 'plex',
  }
}

function exitOf(child: ChildProcess, began: number): Promise<TranscoderExit> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (exit, signal) =>
      resolve({ exit, signal, stdout, stderr, milliseconds: performance.now() - began }),
    )
  })
}
