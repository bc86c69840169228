import { render, type VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { BoardMessage } from '../board/board-message.ts'
import type { Participant } from '../board/participants.ts'
import type { Progress } from '../board/progress.ts'
import { Copyable } from './views/copy-button.tsx'

/** Milliseconds after which somebody who works is shown as quiet. */
const longQuiet = 3 * 60_000

function Board(): VNode {
  const [told, tell] = useState<BoardMessage | undefined>(undefined)
  const [isConnected, setConnected] = useState(true)
  useEffect(() => {
    const source = new EventSource('events')
    source.onopen = () => setConnected(true)
    source.onerror = () => setConnected(false)
    source.onmessage = ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as BoardMessage)
    return () => source.close()
  }, [])
  const participants = told?.participants ?? []
  const [, code = ''] = told?.join.split('#') ?? []
  return (
    <main class="board">
      <header>
        <div>
          <p class="fact">The code of this class</p>
          <h1 class="code">{code}</h1>
        </div>
        {told !== undefined && (
          <Copyable text={`osrun learn --web --board '${told.join}'`} label="how to join" />
        )}
      </header>
      <p role="status" class="fact">
        {isConnected ? summary(participants) : 'The server is not there any more.'}
      </p>
      {participants.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Recipe</th>
              <th scope="col">Steps</th>
              <th scope="col">Now</th>
              <th scope="col">Passed</th>
            </tr>
          </thead>
          <tbody>
            {participants.map((one) => (
              <Row key={one.number} participant={one} now={told?.now ?? 0} />
            ))}
          </tbody>
        </table>
      )}
    </main>
  )
}

function Row({ participant, now }: { readonly participant: Participant; readonly now: number }): VNode {
  const { name, progress, passed, at } = participant
  const isQuiet = progress?.verdict === 'working' && now - at > longQuiet
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{progress?.lesson ?? ''}</td>
      <td>{progress !== undefined && <Steps progress={progress} />}</td>
      <td class={progress?.verdict}>{isQuiet ? 'quiet' : wordOf(progress)}</td>
      <td>{passed}</td>
    </tr>
  )
}

function Steps({ progress: { step, steps, verdict } }: { readonly progress: Progress }): VNode {
  const width = steps === 0 ? 0 : (step / steps) * 100
  return (
    <span class="progress">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class={verdict} width={width} height="8" />
      </svg>
      {step} of {steps}
    </span>
  )
}

function wordOf(progress: Progress | undefined): string {
  if (progress === undefined) return 'joined'
  return { working: 'at work', passed: '✓ passed', failed: '✗ failed', stopped: 'put back' }[progress.verdict]
}

function summary(participants: readonly Participant[]): string {
  if (participants.length === 0) return 'Nobody has joined yet.'
  const count = (verdict: Progress['verdict']): number =>
    participants.filter(({ progress }) => progress?.verdict === verdict).length
  return `${participants.length} joined, ${count('working')} at work, ${count('passed')} passed, ${count('failed')} failed`
}

document.title = 'Board · osrun'
render(<Board />, document.body)
