import type { YamlMap } from './yaml-file.ts'

/** One mapping over another, as secure.yaml lies over clouds.yaml: mappings merge, texts and lists replace. */
export function mergeMaps(under: YamlMap | undefined, over: YamlMap | undefined): YamlMap | undefined {
  if (under === undefined || over === undefined) return under ?? over
  const owner = (key: string): YamlMap => (over.kind(key) === 'none' ? under : over)
  return {
    keys: () => [...new Set([...under.keys(), ...over.keys()])],
    kind: (key) => owner(key).kind(key),
    map: (key) => mergeMaps(under.map(key), over.map(key)),
    text: (key) => owner(key).text(key),
    list: (key) => owner(key).list(key),
    refuse: (key, expected) => owner(key).refuse(key, expected),
  }
}
