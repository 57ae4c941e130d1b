import { useEffect, useState } from 'preact/hooks'
import type { LoginRequest, Role } from '../../../../src/head/api/contract/access.ts'
import { access, keyInAddress, signIn } from '../../api/access.ts'
import { CallFailure } from '../../api/call.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import './login-page.css'

const roleWords: Readonly<Record<Role, string>> = { admin: 'Administrator', viewer: 'Viewer (may look)' }

/** The way in: a password, or a link from the head's machine. */
export function LoginPage() {
  const roles = access.value?.passwords ?? []
  const { failure, isBusy, enter } = useSignIn()
  return (
    <main class="login">
      <img src="./mark.svg" alt="" width="40" height="40" />
      <PageTitle title="Sign in">Sign in to Paceline</PageTitle>
      {roles.length === 0 ? (
        <WithoutPassword />
      ) : (
        <PasswordForm roles={roles} isBusy={isBusy} enter={enter} />
      )}
      <ProblemNote failure={failure} />
    </main>
  )
}

/** A key in the address signs in by itself, once, and does not stay there. */
function useSignIn() {
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [isBusy, setBusy] = useState(false)
  const enter = async (request: LoginRequest) => {
    setBusy(true)
    try {
      await signIn(request)
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      setFailure(error)
      setBusy(false)
    }
  }
  useEffect(() => {
    const key = keyInAddress(location.hash)
    if (key === null) return
    history.replaceState(null, '', '#/')
    void enter({ key })
  }, [])
  return { failure, isBusy, enter }
}

interface PasswordFormProps {
  readonly roles: readonly Role[]
  readonly isBusy: boolean
  readonly enter: (request: LoginRequest) => Promise<void>
}

function PasswordForm({ roles, isBusy, enter }: PasswordFormProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const role = roles.find((known) => known === form.get('role')) ?? roles[0]!
    void enter({ role, password: String(form.get('password') ?? '') })
  }
  return (
    <form onSubmit={submit}>
      {roles.length === 1 ? null : (
        <label>
          As
          <select name="role">
            {roles.map((role) => (
              <option key={role} value={role}>
                {roleWords[role]}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit" class="main" disabled={isBusy}>
        Sign in
      </button>
    </form>
  )
}

function WithoutPassword() {
  return (
    <p class="quiet">
      Nobody has set a password yet. On the machine with the head, <code>paceline dashboard</code> prints a
      link that signs you in.
    </p>
  )
}
