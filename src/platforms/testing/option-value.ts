/** The value after an option in a command's arguments; undefined where it is not there. */
export function optionValue(args: readonly string[], option: string): string | undefined {
  const place = args.indexOf(option)
  return place < 0 ? undefined : args[place + 1]
}
