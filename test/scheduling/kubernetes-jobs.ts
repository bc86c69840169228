import { readFileSync } from 'node:fs'
import { CronJob } from 'kubernetes-models/batch/v1/CronJob'
import { Job } from 'kubernetes-models/batch/v1/Job'
import { parseAllDocuments } from 'yaml'
import { examples } from './stage.ts'

/** The two documents of the example, as they stand in it. */
export const documents = parseAllDocuments(readFileSync(`${examples}/kubernetes.yaml`, 'utf8')).map(
  (document) => document.toJS() as unknown,
)

/** What the library of Kubernetes' schemas makes of them. */
export const [cronJob, job] = [new CronJob(documents[0] as CronJob), new Job(documents[1] as Job)]

/** Both by the kind of what they are, with what they say of their pods. */
export const specs = [
  ['CronJob', cronJob.spec?.jobTemplate.spec],
  ['Job', job.spec],
] as const
