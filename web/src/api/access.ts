import { computed, signal } from '@preact/signals'
import type { Access, LoginRequest } from '../../../src/head/api/contract/access.ts'
import { ask, csrf, order, twice } from './call.ts'

/** Who the head thinks is here; null before it has said so. */
export const access = signal<Access | null>(null)

/** Whether orders may be given: who may only look is told so in their place. */
export const mayOrder = computed(() => access.value?.role === 'admin')

function take(given: Access): void {
  access.value = given
  csrf.value = given.csrf
}

/** Asks who is here. Throws a CallFailure. */
export async function askAccess(): Promise<void> {
  take(await ask<Access>('access'))
}

/** Signs in. Throws a CallFailure. */
export async function signIn(request: LoginRequest): Promise<void> {
  take(await twice(() => order<Access>('login', request)))
}

/** Signs out. Throws a CallFailure. */
export async function signOut(): Promise<void> {
  await order('logout')
  await askAccess()
}

/** The key in a link of `paceline dashboard`, or null. */
export function keyInAddress(hash: string): string | null {
  return /^#sign-in=([\w.~-]+)$/.exec(hash)?.[1] ?? null
}
