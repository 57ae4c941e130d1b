import { type ExecFileException, execFile } from 'node:child_process'

/** What a program did. */
export interface ToolRun {
  /** Null: it could not be started, was killed, or took too long. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The system's word for why it could not be started, e.g. ENOENT. */
  readonly problem: string | null
}

const timeoutMs = 20_000

/** Runs a program to its end. Never rejects. */
export function runTool(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ToolRun> {
  return new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 8 << 20,
      env: environment,
    } as const
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ ...outcome(error), stdout, stderr })
    })
  })
}

function outcome(error: ExecFileException | null): Pick<ToolRun, 'code' | 'problem'> {
  if (error === null) return { code: 0, problem: null }
  if (typeof error.code === 'number') return { code: error.code, problem: null }
  if (error.killed) return { code: null, problem: `it took over ${timeoutMs / 1000} s` }
  return { code: null, problem: error.code ?? `killed by ${error.signal ?? 'the system'}` }
}

/** The last line of what a program said. */
export function lastWords({ stdout, stderr, problem }: ToolRun): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  if (problem === 'ENOENT') return 'it was not found'
  return problem ?? lines.at(-1)?.trim() ?? 'it said nothing'
}
