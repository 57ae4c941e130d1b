import { parseCommand } from '../../src/command/parse-command.ts'
import { plexJob } from '../../src/dialects/plex/intake.ts'
import type { PlexJob } from '../../src/dialects/plex/job.ts'
import { fillArguments } from '../stand-in/transcoder-process.ts'
import type { Recording } from './recording.ts'

/** The job that a recording's arguments ask for, told to report to `serverUrl`. */
export function jobOf(recording: Recording, serverUrl: string): PlexJob {
  const args = fillArguments(recording.args, { PMS: serverUrl, MEDIA: recording.media, CWD: '/' })
  const token = tokenOf(recording)
  const job = plexJob(parseCommand(args), token !== undefined)
  if ('local' in job) throw new Error(job.local)
  return job
}

/** What the recorded transcoder had in its environment. */
export function tokenOf(recording: Recording): string | undefined {
  return recording.requests.find((request) => request.headers['x-plex-token'])?.headers['x-plex-token']
}
