const actsOf = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Does something when a signal aborts; what it gives back calls that off. All requests of a run have the same signal: Node takes
 * longer to add and to remove a listener of its own for each than undici to write the request.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const acts = actsOf.get(signal) ?? listen(signal)
  acts.add(act)
  return () => void acts.delete(act)
}

function listen(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>()
  actsOf.set(signal, acts)
  signal.addEventListener(
    'abort',
    () => {
      for (const act of [...acts]) act()
    },
    { once: true },
  )
  return acts
}
