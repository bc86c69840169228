/**
 * The sandbox: a small Keystone v3 and Swift on a loopback port, for tests and for practice.
 *
 * @module
 */

export type { RecordedRequest } from '../sandbox/call.ts'
export type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts'
export { startSandbox } from '../sandbox/sandbox.ts'
