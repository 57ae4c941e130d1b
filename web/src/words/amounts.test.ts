import { describe, expect, it } from 'vitest'
import { celsiusText, energyText, moneyText, shareText, speedText, wattsText } from './amounts.ts'

describe('amounts in words', () => {
  it.each([
    [0, '0.0 W'],
    [7.44, '7.4 W'],
    [9.96, '10 W'],
    [120.6, '121 W'],
    [-3.21, '-3.2 W'],
    [null, '–'],
    [undefined, '–'],
  ])('%s watts are %s', (watts, text) => expect(wattsText(watts)).toBe(text))

  it.each([
    [0, '0.0 Wh'],
    [-0.00001, '0.0 Wh'],
    [0.0351, '35.1 Wh'],
    [-0.0351, '-35.1 Wh'],
    [0.1, '0.10 kWh'],
    [0.4, '0.40 kWh'],
    [9.994, '9.99 kWh'],
    [12.34, '12.3 kWh'],
    [null, '–'],
  ])('%s kWh are %s', (kwh, text) => expect(energyText(kwh)).toBe(text))

  it.each([
    [1.5, 'EUR', '€1.50'],
    [1234.5, 'USD', '$1,234.50'],
    [2, null, '2.00'],
    [null, 'EUR', '–'],
  ])('%s of %s are %s', (amount, currency, text) => expect(moneyText(amount, currency, 'en-US')).toBe(text))

  it.each([
    [3.24, '3.2×'],
    [12.4, '12×'],
    [null, '–'],
  ])('a speed of %s is %s', (speed, text) => expect(speedText(speed)).toBe(text))

  it('says dashes for what is not known, not zeros', () => {
    expect([celsiusText(null), shareText(null)]).toEqual(['–', '–'])
    expect([celsiusText(51.6), shareText(0.416)]).toEqual(['52 °C', '42 %'])
  })
})
