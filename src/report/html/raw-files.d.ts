/** The text of a file, minified by the build. */
declare module '*?raw' {
  const text: string
  export default text
}
