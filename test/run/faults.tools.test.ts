import { createCurlTransport } from '../../src/library/curl.ts'
import { describeFaults } from './fault-cases.ts'

describeFaults('curl', createCurlTransport)
