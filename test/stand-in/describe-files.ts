import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RecordedFile, RecordedStream } from '../golden/recording.ts'
import { digestOf, listFiles } from './session-listing.ts'

const run = promisify(execFile)

/** The files of a job's folder at its end, with the packets of each stream as ffprobe counts them. */
export async function describeFiles(directory: string): Promise<RecordedFile[]> {
  const files: RecordedFile[] = []
  for (const [name, bytes] of listFiles(directory)) {
    const path = join(directory, name)
    const streams = bytes === 0 ? [] : await streamsOf(readable(directory, name))
    files.push({
      name,
      bytes,
      ...(streams.length > 0 ? { streams } : {}),
      digest: digestOf(path) ?? 'missing',
    })
  }
  return files
}

/** A fragment of DASH is nothing without its init segment. */
function readable(directory: string, name: string): string {
  const representation = /^chunk-stream(\d+)-\d+\.m4s$/.exec(name)?.[1]
  const path = join(directory, name)
  return representation === undefined
    ? path
    : `concat:${join(directory, `init-stream${representation}.m4s`)}|${path}`
}

async function streamsOf(path: string): Promise<readonly RecordedStream[]> {
  const wanted = 'stream=index,codec_name,codec_type,width,height,start_time,nb_read_packets'
  const args = ['-v', 'quiet', '-count_packets', '-show_entries', wanted, '-of', 'json', path]
  try {
    const { stdout } = await run('ffprobe', args)
    const output: { streams?: RecordedStream[] } = JSON.parse(stdout)
    return output.streams ?? []
  } catch (error) {
    // Not a media file on its own, such as a header: the listing shows that.
    if (error instanceof Error && 'code' in error && typeof error.code === 'number') return []
    throw error
  }
}
