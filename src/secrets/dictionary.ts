import type { Span } from '../model/exchange.ts'
import { shortest } from './forms.ts'

/** Words that are looked for all at once, in one walk through a text. */
export type Dictionary = {
  /** Adds a word; a shorter one than `shortest` is never found. */
  add(word: string): void
  /** Where words stand: from left to right, the longest of those that begin at a place. */
  find(text: string): readonly Span[]
}

/** Words with the same beginning. */
type Shelf = {
  readonly words: string[]
  /** For each word the index of the longest other one that it begins with, or -1; undefined until it is needed. */
  beginnings: Int32Array | undefined
  longest: number
}

const slots = 1 << 16

/** Makes an empty dictionary. Adding costs nothing but the word; a shelf is put in order when its words may stand in a text. */
export function createDictionary(): Dictionary {
  const known = new Set<string>()
  const shelves = new Map<string, Shelf>()
  // Few places of a text get past this: most have no shelf.
  const used = new Uint8Array(slots)
  return {
    add(word) {
      if (word.length < shortest || known.has(word)) return
      known.add(word)
      const beginning = word.slice(0, shortest)
      let shelf = shelves.get(beginning)
      if (shelf === undefined) {
        shelf = { words: [], beginnings: undefined, longest: 0 }
        shelves.set(beginning, shelf)
        used[slotAt(word, 0)] = 1
      }
      shelf.words.push(word)
      shelf.beginnings = undefined
      shelf.longest = Math.max(shelf.longest, word.length)
    },
    find(text) {
      if (known.size === 0) return []
      const spans: Span[] = []
      for (let at = 0; at + shortest <= text.length; at++) {
        if (used[slotAt(text, at)] === 0) continue
        const shelf = shelves.get(text.slice(at, at + shortest))
        const word = shelf && longestAt(text, at, shelf)
        if (word === undefined) continue
        spans.push({ start: at, end: at + word.length })
        at += word.length - 1
      }
      return spans
    },
  }
}

function slotAt(text: string, at: number): number {
  const sum =
    text.charCodeAt(at) * 31 +
    text.charCodeAt(at + 1) * 1009 +
    text.charCodeAt(at + 2) * 7919 +
    text.charCodeAt(at + 3) * 50021
  return sum & (slots - 1)
}

// Of sorted words the last that is not after the text, or the longest of those that it begins with.
function longestAt(text: string, at: number, shelf: Shelf): string | undefined {
  const { words, beginnings = ordered(words) } = shelf
  shelf.beginnings = beginnings
  const here = text.slice(at, at + shelf.longest)
  let [low, high] = [0, words.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((words[middle] ?? '') <= here) low = middle + 1
    else high = middle
  }
  for (let index = low - 1; index >= 0; index = beginnings[index] ?? -1) {
    const word = words[index] ?? ''
    if (here.startsWith(word)) return word
  }
  return undefined
}

function ordered(words: string[]): Int32Array {
  words.sort((a, b) => (a < b ? -1 : 1))
  const beginnings = new Int32Array(words.length)
  for (const [index, word] of words.entries()) {
    let before = index - 1
    while (before >= 0 && !word.startsWith(words[before] ?? '')) before = beginnings[before] ?? -1
    beginnings[index] = before
  }
  return beginnings
}
