/** Replaces what differs from run to run: times, ids, ports, versions. */
export function constant(output: string): string {
  return (
    output
      // No word boundary in front: a colour's code ends in a letter.
      .replace(/(?<![\d.])\d+(\.\d+)? (ms|s)\b/g, 'N ms')
      .replace(/\b(duration|time)="[\d.]+"/g, '$1="N"')
      .replace(/req-[0-9a-f-]{36}|tx[0-9a-f]{21}-[0-9a-f]{10}/g, 'ID')
      .replace(/\b(127\.0\.0\.1|localhost):\d{2,}/g, '$1:PORT')
      .replace(/"[\w-]{22}"/g, '"AUDIT"')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, 'TIME')
      .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, 'DATE')
      .replace(/X-Timestamp: [\d.]+/g, 'X-Timestamp: TIME')
      .replace(/osrun\/\d\S* node\/\S+/g, 'osrun/VERSION')
      .replace(/\bleft-[0-9a-f]{8}\b/g, 'left-RUN')
      .replace(/\d+ bytes/g, 'N bytes')
  )
}
