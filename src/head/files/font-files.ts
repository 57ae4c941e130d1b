import type { DoorJob } from '../door/door-job.ts'

/** Larger than the fonts of Chinese, Japanese and Korean together. */
const mostFontBytes = 32 * 1024 * 1024

/**
 * Fonts that a job's filters name, read where the media server is, as its user. One that cannot be read is left out, as
 * FFmpeg does, which then takes another; `onMissing` hears of it.
 */
export async function readFonts(
  job: DoorJob,
  paths: readonly string[],
  onMissing: (path: string, error: unknown) => void,
): Promise<Buffer[]> {
  const fonts = await Promise.all(
    paths.map(async (path) => {
      try {
        return [await readFont(job, path)]
      } catch (error) {
        onMissing(path, error)
        return []
      }
    }),
  )
  return fonts.flat()
}

async function readFont({ args, hands }: DoorJob, path: string): Promise<Buffer> {
  const argument = args.findIndex((text) => text.includes('font_path='))
  if (argument < 0) throw new Error('no argument names a font')
  const file = { argument, path }
  const { size } = await hands.reads.look(file)
  if (size > mostFontBytes) throw new Error(`${size} bytes are too many for a font`)
  return hands.reads.read(file, 0, Number(size))
}
