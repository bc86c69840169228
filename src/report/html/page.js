// The page is whole without this script, which filters, opens, copies and moves the focus.

/** @param {string} selector @param {ParentNode} [within] */
const all = (selector, within = document) =>
  /** @type {HTMLElement[]} */ ([...within.querySelectorAll(selector)])
/** @param {string} id */
const byId = (id) => document.getElementById(id)

const text = /** @type {HTMLInputElement} */ (byId('text'))
const tag = /** @type {HTMLSelectElement | null} */ (byId('tag'))
const shown = byId('shown')
const empty = all('.empty')[0]
const onlyButtons = all('[data-only]')
const recipes = /** @type {HTMLDetailsElement[]} */ (all('.recipe')).map((element) => ({
  element,
  wasOpen: element.open,
  tags: /** @type {string[]} */ (JSON.parse(element.dataset.tags ?? '[]')),
  name: (element.querySelector('h2')?.textContent ?? '').toLowerCase(),
  steps: /** @type {HTMLDetailsElement[]} */ (all('.step', element)),
}))
const total = recipes.reduce((sum, { steps }) => sum + steps.length, 0)

let wasFiltered = false

/** The words of each step in lower case, read when they are first searched. @type {WeakMap<Element, string>} */
const wordsOf = new WeakMap()
/** @param {Element} step */
function words(step) {
  const known = wordsOf.get(step)
  if (known !== undefined) return known
  const read = (step.textContent ?? '').toLowerCase()
  wordsOf.set(step, read)
  return read
}

function filter() {
  const wanted = text.value.trim().toLowerCase()
  const chosen = tag?.selectedOptions[0]?.dataset.tag
  const only = onlyButtons
    .filter((button) => button.getAttribute('aria-pressed') === 'true')
    .map((button) => button.dataset.only)
  const isFiltered = wanted !== '' || chosen !== undefined || only.length > 0
  // What was open before is open again afterwards.
  if (isFiltered && !wasFiltered) for (const recipe of recipes) recipe.wasOpen = recipe.element.open
  let count = 0
  for (const { element, tags, name, steps, wasOpen } of recipes) {
    const isTagged = chosen === undefined || tags.includes(chosen)
    const isNamed = wanted !== '' && name.includes(wanted)
    let here = 0
    for (const step of steps) {
      const isOf = only.length === 0 || only.includes(step.dataset.status)
      const isShown = isTagged && isOf && (wanted === '' || isNamed || words(step).includes(wanted))
      if (step.parentElement) step.parentElement.hidden = !isShown
      if (isShown) here++
    }
    element.hidden = isFiltered ? here === 0 : false
    if (isFiltered || wasFiltered) element.open = isFiltered || wasOpen
    count += here
  }
  wasFiltered = isFiltered
  if (shown)
    shown.textContent = `${isFiltered ? `${count} of ` : ''}${total} ${total === 1 ? 'step' : 'steps'}`
  if (empty) empty.hidden = count > 0 || !isFiltered
}

/** @param {boolean} isOpen */
function openAll(isOpen) {
  for (const { element, steps } of recipes) {
    if (element.hidden) continue
    if (isOpen) element.open = true
    for (const step of steps) if (!step.parentElement?.hidden) step.open = isOpen
  }
}

// What a link points to is opened, and shown even where a filter hides it.
function follow() {
  const target = byId(decodeURIComponent(location.hash.slice(1)))
  if (!(target instanceof HTMLDetailsElement)) return
  if (target.closest('[hidden]')) {
    text.value = ''
    if (tag) tag.value = ''
    for (const button of onlyButtons) button.setAttribute('aria-pressed', 'false')
    filter()
  }
  const recipe = target.closest('.recipe')
  if (recipe instanceof HTMLDetailsElement) recipe.open = true
  target.open = true
  target.scrollIntoView({ block: 'start' })
  target.querySelector('summary')?.focus({ preventScroll: true })
}

/** @param {HTMLElement} button */
async function copy(button) {
  const code = button.parentElement?.querySelector('code')
  if (!code) return
  const { exact } = button.dataset
  try {
    await navigator.clipboard.writeText(exact === undefined ? (code.textContent ?? '') : JSON.parse(exact))
    button.textContent = 'Copied'
  } catch {
    // Only secure pages may write; elsewhere the text is ready for the keyboard.
    getSelection()?.selectAllChildren(code)
    button.textContent = 'Press Ctrl+C'
  }
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 2000)
}

/** The summaries of recipes and steps that are to be seen, in order. */
function rows() {
  return all('.recipe > summary, .recipe[open] .step > summary').filter((row) => !row.closest('[hidden]'))
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
  if (event.key === '/' && !event.target.matches('input, select, textarea')) {
    event.preventDefault()
    text.focus()
  } else if (event.key === 'Escape' && event.target === text) {
    text.value = ''
    filter()
  } else if (event.target.matches('.recipe > summary, .step > summary')) {
    const all = rows()
    const at = all.indexOf(event.target)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    all[next]?.focus()
  }
}

/** @type {number | undefined} */
let pending
text.addEventListener('input', () => {
  clearTimeout(pending)
  pending = window.setTimeout(filter, 80)
})
tag?.addEventListener('change', filter)
for (const button of onlyButtons)
  button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'))
    filter()
  })
byId('expand')?.addEventListener('click', () => openAll(true))
byId('collapse')?.addEventListener('click', () => openAll(false))
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLElement)) return
  if (target.matches('.copy')) void copy(target)
  // A link to the place that the address has already changes nothing, and so is followed here.
  const link = target.closest('a')
  if (link && link.hash !== '' && link.hash === location.hash) follow()
})
document.addEventListener('keydown', onKey)
window.addEventListener('hashchange', follow)
document.documentElement.classList.add('scripted')
filter()
// Chromium moves the focus when all is loaded, and so before this.
window.addEventListener('load', () => setTimeout(follow))
