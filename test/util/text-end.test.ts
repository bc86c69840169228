import { describe, expect, it } from 'vitest'
import { findIdentityUrl } from '../../src/openstack/identity-url.ts'
import { combineLink } from '../../src/openstack/version-document.ts'
import { oneLine, withoutEnd, withoutEndSlashes, withoutLastWord } from '../../src/util/text-end.ts'

const many = 500_000

describe('The end of a text', () => {
  it('is cut where characters of the set stand', () => {
    expect(withoutEnd('a \t', ' \t')).toBe('a')
    expect(withoutEnd('', '/')).toBe('')
    expect(withoutEndSlashes('///')).toBe('')
    expect(withoutEndSlashes('http://a//b//')).toBe('http://a//b')
  })

  it('is left without a word that may be half of one', () => {
    expect(withoutLastWord('one two', 10)).toBe('one ')
    expect(withoutLastWord('one two', 2)).toBe('one t')
    expect(withoutLastWord('word', 10)).toBe('')
  })

  it('is found in one pass, however often it seems to begin', () => {
    const started = performance.now()
    const slashes = `${'/'.repeat(many)}x`
    expect(withoutEndSlashes(slashes)).toBe(slashes)
    expect(withoutLastWord('a'.repeat(2 * many), 65_536)).toHaveLength(2 * many - 65_536)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('Lines as one', () => {
  it('have a blank for each break', () => {
    expect(oneLine(' one  word \n\n  two\n')).toBe('one  word two')
  })

  it('are read in one pass, however many blanks stand between', () => {
    const started = performance.now()
    expect(oneLine(`a${' '.repeat(many)}b`)).toHaveLength(many + 2)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('URLs with very many slashes', () => {
  const url = `http://cloud.test/${'/'.repeat(many)}v3`

  it('are an identity URL', async () => {
    const started = performance.now()
    await expect(findIdentityUrl(url, () => Promise.reject(new Error('nobody is asked')))).resolves.toBe(url)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('are a link of a discovery document', () => {
    const started = performance.now()
    expect(combineLink(url, '/v3')).toBe('http://cloud.test/v3')
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
