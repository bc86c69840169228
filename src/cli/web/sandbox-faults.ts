import { OsrunError } from '../../model/problem.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { FaultBoard } from '../../web/fault-board.ts'

/** The faults of a sandbox as switches for a page; those that it cannot show are not among them. */
export async function faultBoardOf({
  faults: board,
  authority,
}: Pick<Sandbox, 'faults' | 'authority'>): Promise<FaultBoard> {
  const { faults, readFault } = await import('../../sandbox/faults/index.ts')
  const hasTls = authority !== undefined
  const shown = faults.filter(({ needsTls }) => hasTls || !needsTls)
  return {
    list() {
      const values = new Map(board.list().map(({ name, value }) => [name, value]))
      return shown.map(({ name, summary, value: { default: usual } = {} }) => {
        const value = values.get(name)
        return { name, summary, ...(usual !== undefined && { usual }), ...(value !== undefined && { value }) }
      })
    },
    on(name, value) {
      const setting = readFault(value === undefined ? name : `${name}=${value}`, { hasTls })
      if ('problem' in setting) throw new OsrunError('USAGE_INVALID', setting.problem)
      board.on(setting)
    },
    off: (name) => void board.off(name),
    watch: (onChange) => board.watch(onChange),
  }
}
