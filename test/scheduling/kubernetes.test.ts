import { CronJob } from 'kubernetes-models/batch/v1/CronJob'
import { describe, expect, test } from 'vitest'
import { cronJob, documents, job, specs } from './kubernetes-jobs.ts'

test('both are what the schemas of Kubernetes say', () => {
  expect(documents).toHaveLength(2)
  cronJob.validate()
  job.validate()
  const wrong = { ...(documents[0] as CronJob), spec: { ...cronJob.spec, schedule: 15 } }
  expect(() => new CronJob(wrong as never).validate()).toThrow('schedule')
})

describe.each(specs)('the pods of the %s', (_kind, spec) => {
  test('have the time to clean up, and no more rights than they need', () => {
    const pod = spec?.template.spec
    const container = pod?.containers[0]
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(30)
    expect(pod?.securityContext?.runAsNonRoot).toBe(true)
    expect(pod?.automountServiceAccountToken).toBe(false)
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })
})
