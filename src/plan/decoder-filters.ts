import { chipDeinterlacing } from './field-filters.ts'
import { oneOf } from './filter-values.ts'
import type { PictureOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/**
 * What NVIDIA's decoders do to pictures before any filter sees them: `-resize`, and `-deint`, which makes one picture of
 * both fields unless `-drop_second_field 0` (libavcodec/cuviddec.c). Throws NotPlannable for what they may do beside.
 * @param value an option of the decoder, by name.
 */
export function decoderOperations(value: (name: string) => string | null): PictureOperation[] {
  const [size, fields] = [value('resize'), value('deint')]
  const sides = size === null ? null : /^(\d{1,5})x(\d{1,5})$/.exec(size)
  if (size !== null && !sides) throw new NotPlannable('unknown-option', `-resize ${size}`)
  const mode = oneOf(fields ?? 'weave', ['weave', '0', 'bob', '1', 'adaptive', '2'])
  const isWoven = mode === 'weave' || mode === '0'
  const fieldRate = ['0', 'false'].includes(value('drop_second_field') ?? '0')
  return [
    ...(isWoven ? [] : [chipDeinterlacing({ fieldRate, markedOnly: true })]),
    ...(sides ? [{ kind: 'scale', width: sides[1]!, height: sides[2]! } as const] : []),
  ]
}
