import type { ShellVerb } from '../../export/shell/step/shell-verb.ts'

/** A revocation and its proof. */
export const shell: ShellVerb = {
  async write(writing) {
    const { revocation } = await writing.symbolic()
    writing.need('revoke')
    writing.must(`revoke ${revocation?.token === undefined ? '"$token"' : writing.word(revocation.token)}`)
  },
}
