import { describePrompt } from './prompt-cases.ts'
import { openTerminal } from './terminal.ts'

describePrompt(openTerminal)
