import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateExpression } from './expression.ts'

const film = { iw: 3840, ih: 1600, a: 2.4, ow: 1280 }

describe('an expression of a size', () => {
  it.each([
    ['1280', 1280],
    ['.5+1.', 1.5],
    ['iw/2', 1920],
    ['2+3*4', 14],
    ['(2+3)*4', 20],
    ['10-2-3', 5],
    ['16/4/2', 2],
    ['-2', -2],
    ['2*-3', -6],
    ['--2', 2],
    ['2^3^2', 64],
    ['trunc(iw/7)', 548],
    ['trunc(-2.5)', -2],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['mod(-1,4)', 3],
    ['trunc(min(max(iw,ih*a),min(1920,1080*a))/2)*2', 1920],
    ['trunc(ow/a/2)*2', 532],
    [' max( 1 , 2 ) ', 2],
    ['if(gt(a,2),100,200)', 100],
    ['if(lt(a,2),100)', 0],
    ['ifnot(eq(iw,1),7)', 7],
    ['not(0)+not(3)', 1],
  ])('%s has a value', (text, value) => {
    expect(evaluateExpression(text, film)).toBe(value)
  })

  it.each([
    '',
    'main_w',
    'iw ih',
    'min(1)',
    'max(1,2,3)',
    'st(0,1)',
    '(1',
    '1)',
    '1+',
    '2**3',
    'toString',
    'iw;ih',
  ])('%s is left to FFmpeg', (text) => {
    expect(evaluateExpression(text, film)).toBeNull()
  })

  it('is arithmetic', () => {
    const whole = fc.integer({ min: -1000, max: 1000 })
    fc.assert(
      fc.property(whole, whole, whole, (first, second, third) => {
        const text = `min(${first},${second})-(${third})*2`
        expect(evaluateExpression(text, {})).toBe(Math.min(first, second) - third * 2)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'iwha0.5+-*/^(),min ') }), (text) => {
        const value = evaluateExpression(text, film)
        expect(value === null || typeof value === 'number').toBe(true)
      }),
    )
  })
})
