/** What a systemd unit sets a name to, as often as it does. */
export function unitSettings(unit: string, name: string): readonly string[] {
  return [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value)
}
