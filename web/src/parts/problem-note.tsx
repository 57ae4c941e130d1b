import { CallFailure } from '../api/call.ts'

/** What went wrong, with its code and what to do about it. Bugs are not dressed up as answers of the head. */
export function ProblemNote({ failure }: { readonly failure: unknown }) {
  if (failure === null || failure === undefined) return null
  if (!(failure instanceof CallFailure)) throw failure
  const { code, message, hint } = failure.problem
  return (
    <p class="problem" role="alert">
      <code>{code}</code> {message} {hint}
    </p>
  )
}
