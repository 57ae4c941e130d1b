import { describe, expect, it } from 'vitest'
import { keyFrameSeconds } from './key-frame-rule.ts'

describe('a rule for key frames', () => {
  it.each([
    ['expr:gte(t,n_forced*3)', 3, 3],
    ['expr:gte(t,0+n_forced*3)', 3, 3],
    ['expr:gte(t,n_forced*0.5)', 0.5, 0.5],
    ['expr:gte(t,147+n_forced*3)', null, 3],
    ['expr:if(isnan(prev_forced_t),eq(t,t),gte(t,prev_forced_t+3))', null, 3],
    ['expr:gte(t,n_forced*0)', null, null],
    ['expr:gte(t,n_forced*3)*2', null, null],
    ['0,3,6', null, null],
    ['source', null, null],
    ['', null, null],
  ])('%s is every so many seconds', (rule, plain, listed) => {
    expect(keyFrameSeconds(rule, false)).toBe(plain)
    expect(keyFrameSeconds(rule, true)).toBe(listed)
  })
})
