import type { OutputFile } from '../command/command.ts'

/** `-metadata:s:N language=...` of a stream: all that transport streams carry of tags. */
export function languageOf(output: OutputFile, position: number): { language?: string } {
  const tags = output.options.filter((option) => option.name === 'metadata')
  const mine = tags.filter(({ spelling }) => spelling === `-metadata:s:${position}`)
  const language = mine
    .findLast(({ value }) => value?.startsWith('language='))
    ?.value?.slice('language='.length)
  return language !== undefined && /^[a-z]{2,3}$/.test(language) ? { language } : {}
}
