import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const others = ['test/**/*.tools.test.ts', 'test/**/*.browser.test.ts', 'test/process/**', 'test/cloud/**']

// Whom a machine trusts is no matter of a test; Node reads its variable when a worker starts.
for (const name of Object.keys(process.env))
  if (/^(NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(CURL|REQUESTS)_CA_BUNDLE)$/.test(name))
    delete process.env[name]

// The lanes of the tests, by what a machine must have; CONTRIBUTING.md says what each is for.
export default defineConfig({
  test: {
    projects: [
      {
        // `npm test`: in process, by Node alone. The files share their modules, so each restores what it changes.
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: others,
          isolate: false,
          setupFiles: 'test/lanes/no-process.ts',
        },
      },
      {
        // `npm test`, too: one golden path of each kind that only a process can show.
        extends: true,
        test: { name: 'process', include: ['test/process/*.test.ts'], globalSetup: 'test/build.ts' },
      },
      {
        extends: true,
        test: { name: 'tools', include: ['test/**/*.tools.test.ts'], globalSetup: 'test/lanes/tools.ts' },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          globalSetup: 'test/lanes/browser.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'cloud',
          include: ['test/cloud/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
    // All of them: the projects of one command have to agree.
    maxWorkers: availableParallelism(),
    // Or else the style sheet of the page is empty.
    css: true,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.d.ts'],
      reporter: ['text-summary'],
      // Those of `npm test` alone. They only rise.
      thresholds: { statements: 90, branches: 84, functions: 92, lines: 92 },
    },
  },
})
