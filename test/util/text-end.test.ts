import { describe, expect, it } from 'vitest'
import { findIdentityUrl } from '../../src/openstack/auth/identity-url.ts'
import { combineLink } from '../../src/openstack/versions/version-document.ts'
import { oneLine, withoutEnd, withoutEndSlashes, withoutLastWord } from '../../src/util/text/text-end.ts'
import { expectLinear } from '../growth.ts'

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

  it('is found in one pass, however often it seems to begin', () =>
    expectLinear((size) => {
      const slashes = `${'/'.repeat(size)}x`
      expect(withoutEndSlashes(slashes)).toBe(slashes)
      expect(withoutLastWord('a'.repeat(2 * size), 65_536)).toHaveLength(2 * size - 65_536)
    }, many))
})

describe('Lines as one', () => {
  it('have a blank for each break', () => {
    expect(oneLine(' one  word \n\n  two\n')).toBe('one  word two')
  })

  it('are read in one pass, however many blanks stand between', () =>
    expectLinear((size) => expect(oneLine(`a${' '.repeat(size)}b`)).toHaveLength(size + 2), many))
})

describe('URLs with very many slashes', () => {
  const urlOf = (slashes: number): string => `http://cloud.test/${'/'.repeat(slashes)}v3`
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is asked'))

  it('are an identity URL', () =>
    expectLinear(async (size) => expect(await findIdentityUrl(urlOf(size), nobody)).toBe(urlOf(size)), many))

  it('are a link of a discovery document', () =>
    expectLinear((size) => expect(combineLink(urlOf(size), '/v3')).toBe('http://cloud.test/v3'), many))
})
