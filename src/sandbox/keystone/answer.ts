import { STATUS_CODES } from 'node:http'
import type { Header } from '../call.ts'
import { toPythonJson } from '../python-json.ts'
import type { Reply } from '../reply.ts'

/** A JSON document as Keystone writes it. */
export function json(status: number, value: unknown, headers: readonly Header[] = []): Reply {
  return {
    status,
    reason: reasonOf(status),
    headers: [['Content-Type', 'application/json'], ...headers],
    body: toPythonJson(value),
  }
}

/** What its REST framework writes, all but tokens and versions: JSON with a line break at the end. */
export function resource(status: number, value: unknown): Reply {
  const reply = json(status, value)
  return { ...reply, body: `${String(reply.body)}\n` }
}

/** 204. Keystone sends no Content-Length with it. */
export function noContent(): Reply {
  return { status: 204, reason: reasonOf(204), headers: [] }
}

/** Its framework's 404 of an unknown path is a page. */
export function pageNotFound(): Reply {
  const body =
    '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n'
  return { status: 404, reason: reasonOf(404), headers: [['Content-Type', 'text/html; charset=utf-8']], body }
}

/** Its framework's 405. */
export function methodNotAllowed(allow: string): Reply {
  const reply = json(405, { message: 'The method is not allowed for the requested URL.' }, [['Allow', allow]])
  return { ...reply, body: `${String(reply.body)}\n` }
}

/** uWSGI's status line: all capitals. */
export function reasonOf(status: number): string {
  return (STATUS_CODES[status] ?? '').toUpperCase()
}
