export async function showDemo(_options: unknown): Promise<{ close(): Promise<void> } | null> {
  return null
}
