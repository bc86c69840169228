import type { Cloud } from '../../model/cloud.ts'
import type { Openrc } from '../openrc/parse-openrc.ts'
import type { Settings } from './settings.ts'
import { addSetting, isKnownOption } from './settings.ts'

const notOptions = /^OS_(TEST|STD|LOG)|^OS_(CLOUD|CLIENT_CONFIG_FILE|CLIENT_SECURE_FILE|CLOUD_NAME)$/

/** The options that stand in OS_* variables; an openrc file's values come before those of the process. */
export function environmentSettings(
  environment: Readonly<Record<string, string | undefined>>,
  openrc: { readonly parsed: Openrc; readonly file: string } | undefined,
): Settings {
  const found = new Map<string, { readonly value: string; readonly from: string }>()
  for (const [name, value] of Object.entries(environment)) {
    const isGone = openrc?.parsed.unset.has(name) === true
    if (name.startsWith('OS_') && value !== undefined && !isGone) found.set(name, { value, from: name })
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

const proxyNames = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
])

/** The variables of proxies that an openrc file sets, or takes away, which is undefined; undefined when there are none. */
export function proxyVariables(openrc: Openrc | undefined): Cloud['proxies'] {
  const changed = proxyNames.filter((name) => openrc?.values.has(name) || openrc?.unset.has(name))
  if (changed.length === 0) return undefined
  return Object.fromEntries(changed.map((name) => [name, openrc?.values.get(name)?.value]))
}

/** Tells of options that an openrc file sets and does not export: a shell would keep them to itself. */
export function noteKept(
  openrc: { readonly parsed: Openrc; readonly file: string } | undefined,
  note: (text: string) => void,
): void {
  const kept = [...(openrc?.parsed.kept ?? [])].filter(([name]) => isOption(name))
  if (kept.length === 0) return
  const places = kept.map(([name, line]) => `${name} (${openrc?.file ?? ''}:${line})`)
  note(`Without an \`export\`, a variable of an openrc file does not count: ${places.join(', ')}.`)
}

function isOption(name: string): boolean {
  return (
    name.startsWith('OS_') && !notOptions.test(name) && isKnownOption(name.slice('OS_'.length).toLowerCase())
  )
}
