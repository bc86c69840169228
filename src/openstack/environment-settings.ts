import type { Openrc } from './openrc.ts'
import type { Settings } from './settings.ts'
import { addSetting } from './settings.ts'

const notOptions = /^OS_(TEST|STD|LOG)|^OS_(CLOUD|CLIENT_CONFIG_FILE|CLIENT_SECURE_FILE|CLOUD_NAME)$/

/** The options that stand in OS_* variables; an openrc file's values come before those of the process. */
export function environmentSettings(
  environment: Readonly<Record<string, string | undefined>>,
  openrc: { readonly parsed: Openrc; readonly file: string } | undefined,
): Settings {
  const found = new Map<string, { readonly value: string; readonly from: string }>()
  for (const [name, value] of Object.entries(environment)) {
    const taken =
      openrc !== undefined &&
      !openrc.parsed.asked.has(name) &&
      (openrc.parsed.unset.has(name) || (openrc.parsed.unsetAll && name !== 'OS_PASSWORD'))
    if (name.startsWith('OS_') && value !== undefined && !taken) found.set(name, { value, from: name })
  }
  for (const [name, { value, line }] of openrc?.parsed.values ?? [])
    if (name.startsWith('OS_')) found.set(name, { value, from: `${openrc?.file ?? ''}:${line}` })
  const settings: Settings = new Map()
  for (const [name, { value, from }] of found) {
    if (notOptions.test(name)) continue
    // A carriage return or a space at the end comes from copying, and no token or URL has one.
    const clean = /^OS_(PASSWORD|PASSCODE)$/.test(name) ? value.replace(/\r$/, '') : value.trim()
    addSetting(settings, name.slice('OS_'.length).toLowerCase(), { value: clean, from, variable: name })
  }
  return settings
}
