import type { DataPath, Json } from './recipe.ts'

/** One kind of thing that a recipe asks for. */
export type PermissionKind =
  | 'changes'
  | 'reads'
  | 'readsElsewhere'
  | 'writes'
  | 'writesElsewhere'
  | 'environment'
  | 'origins'
  | 'credentials'
  | 'scripts'

/** What is said of a kind: in words, what it needs for readers of the documents, and the flag without which it is refused. */
type Permission = { readonly says: string; readonly needs: string; readonly flag?: string }

/** What a recipe can do to the world around it, in the order in which it is told. The one table of it: `osrun explain` and the documents say it. */
export const permissionKinds: Readonly<Record<PermissionKind, Permission>> = {
  changes: { says: 'sends requests that change something', needs: 'nothing; `--read-only` refuses it' },
  reads: { says: "sends files of the recipe's folder", needs: 'nothing' },
  readsElsewhere: {
    says: 'sends files of other folders',
    needs: '`--allow-files DIR`',
    flag: '--allow-files',
  },
  writes: { says: "writes files in the recipe's folder", needs: 'nothing' },
  writesElsewhere: {
    says: 'writes files in other folders',
    needs: '`--allow-files DIR`',
    flag: '--allow-files',
  },
  environment: { says: 'reads variables of the environment', needs: 'nothing' },
  origins: { says: 'asks servers that the recipe names, without a token', needs: 'nothing' },
  credentials: {
    says: "sends credentials or tokens to servers that are not their own cloud's",
    needs: '`--allow-origin ORIGIN`',
    flag: '--allow-origin',
  },
  scripts: { says: 'runs scripts, as whoever runs the recipe', needs: '`--allow-run`', flag: '--allow-run' },
}

/** What the input of a step asks for, as it is written. */
export type Asks = {
  /** The method of a request, where one is sent. */
  readonly method?: string
  /** Where it goes. */
  readonly url?: Json
  /** A credential or a token of the cloud goes along. */
  readonly takesOwn?: boolean
  readonly files?: readonly {
    readonly path: string
    readonly place: DataPath
    readonly use: 'read' | 'write'
  }[]
}
