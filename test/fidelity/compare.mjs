/**
 * Compares how the same tests ended on the two clouds. `known` gives, by the id of a test, why it fails on the sandbox.
 * Gives back a report, and whether exactly the known tests fail on the sandbox only.
 */
export function compare(real, sandbox, known) {
  const judged = Object.keys(real).filter((id) => real[id].outcome === 'passed')
  if (judged.length === 0) return { text: 'No test passes on the real cloud.\n', isAsKnown: false }
  const failing = judged.filter((id) => sandbox[id]?.outcome !== 'passed')
  const unknown = failing.filter((id) => !(id in known))
  const mended = Object.keys(known).filter((id) => !failing.includes(id))
  const lines = [
    share(judged.length, judged.length - failing.length),
    ...failing.filter((id) => id in known).map((id) => `known    ${id}\n         ${known[id]}`),
    ...unknown.map((id) => `UNKNOWN  ${id}\n         ${sandbox[id]?.reason || 'It did not run.'}`),
    ...mended.map(
      (id) => `MENDED   ${id}\n         known.json names it, and it does not fail on the sandbox only.`,
    ),
  ]
  return { text: `${lines.join('\n')}\n`, isAsKnown: unknown.length + mended.length === 0 }
}

// A share that is not whole is never shown as such.
function share(all, both) {
  const percent = Math.floor((both / all) * 1000) / 10
  return `${both} of the ${all} tests that pass on the real cloud pass on the sandbox: ${percent.toFixed(1)} %`
}
