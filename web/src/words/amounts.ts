const dash = '–'

/** E.g. `7.4 W`, `120 W`; a dash for what nobody knows. */
export function wattsText(watts: number | null | undefined): string {
  if (watts === null || watts === undefined) return dash
  return `${Math.abs(watts) < 9.95 ? watts.toFixed(1) : Math.round(watts)} W`
}

/** E.g. `35.0 Wh`, `0.42 kWh`, `12.3 kWh`; what would be zeros in kWh is in Wh. */
export function energyText(kwh: number | null | undefined): string {
  if (kwh === null || kwh === undefined) return dash
  if (Math.abs(kwh) < 0.09995) return `${(kwh * 1000).toFixed(1).replace(/^-0\.0$/, '0.0')} Wh`
  return `${kwh.toFixed(kwh < 9.995 ? 2 : 1)} kWh`
}

/** In the browser's language; without a currency as a plain number. */
export function moneyText(
  amount: number | null | undefined,
  currency: string | null,
  language?: string,
): string {
  if (amount === null || amount === undefined) return dash
  const plain = { minimumFractionDigits: 2, maximumFractionDigits: 2 }
  const style = currency === null ? plain : { ...plain, style: 'currency' as const, currency }
  return new Intl.NumberFormat(language, style).format(amount)
}

/** Seconds of film a second, e.g. `3.2×`. */
export function speedText(speed: number | null): string {
  return speed === null ? dash : `${speed.toFixed(speed < 9.95 ? 1 : 0)}×`
}

export function celsiusText(celsius: number | null): string {
  return celsius === null ? dash : `${Math.round(celsius)} °C`
}

/** A share of 1, e.g. `42 %`. */
export function shareText(share: number | null): string {
  return share === null ? dash : `${Math.round(share * 100)} %`
}
