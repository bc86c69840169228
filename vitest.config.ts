import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/cloud/**'],
    globalSetup: 'test/build.ts',
    // Or else the style sheet of the page is empty.
    css: true,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.d.ts'],
      reporter: ['text-summary'],
      // They only rise. What only the built program runs, src/cli above all, is not counted.
      thresholds: { statements: 81, branches: 76, functions: 82, lines: 83 },
    },
  },
})
