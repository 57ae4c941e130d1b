import { openMqttOutlet } from './mqtt.ts'
import type { Outlet } from './outward-event.ts'
import type { OutwardSettings } from './settings.ts'
import { openWebhook } from './webhook.ts'

/** All that the configuration names, as one. */
export async function openOutlets(
  { webhooks, mqtt }: OutwardSettings,
  onTrouble: (message: string) => void,
): Promise<Outlet> {
  const outlets = [
    ...webhooks.map((settings) => openWebhook({ settings, onTrouble, wallNow: Date.now })),
    ...(mqtt ? [await openMqttOutlet({ settings: mqtt, onTrouble })] : []),
  ]
  return {
    tell(event) {
      for (const outlet of outlets) outlet.tell(event)
    },
    show(state) {
      for (const outlet of outlets) outlet.show(state)
    },
    async close() {
      await Promise.all(outlets.map((outlet) => outlet.close()))
    },
  }
}
