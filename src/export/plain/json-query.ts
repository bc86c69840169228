import type { Position } from '../../model/problem.ts'
import { simpleJqPath } from '../../recipe/template/jq-path.ts'
import { type JqQuery, toJqQuery } from '../jq/json-path.ts'

/** Says a JSONPath query as somebody would write it in jq, `.token.user.id`, where it is as simple; else exactly. */
export function plainQuery(query: string, at: Position): JqQuery {
  return simpleJqPath(query) ?? toJqQuery(query, at)
}
