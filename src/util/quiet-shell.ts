/** Options of zx for a command of our own: whatever ZX_ variables say, nothing is printed and nothing is put around it. */
export const quietShell = {
  shell: 'bash',
  prefix: '',
  postfix: '',
  detached: true,
  quiet: true,
  verbose: false,
  nothrow: true,
  preferLocal: false,
  quote: (text: string) => text,
} as const
