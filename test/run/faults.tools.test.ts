import { createCurlTransport } from '../../src/index.ts'
import { describeFaults } from './fault-cases.ts'

describeFaults('curl', createCurlTransport)
