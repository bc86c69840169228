/**
 * Completion for bash 4.4 or newer. Readline cuts words at `=` and `:`, so they are put together again, and
 * what a candidate shares with the line up to the last cut is taken off.
 * https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
export const bashCompletion = `# osrun completion for bash
_osrun() {
  local line=$COMP_LINE words=() word index glued=0
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $line == [[:space:]]* ]]; then glued=0; fi
    line=\${line#"\${line%%[![:space:]]*}"}
    line=\${line#"$word"}
    if ((glued)); then words[-1]+=$word; else words+=("$word"); fi
    glued=1
  done
  local current=\${words[-1]} cut=
  case $current in *[=:]*) cut=\${current%"\${current##*[=:]}"} ;; esac
  [[ $COMP_WORDBREAKS == *=* ]] || cut=
  words=("\${words[@]:1}")
  for index in "\${!words[@]}"; do
    word=\${words[index]}
    case $word in
      [\\"\\']*) word=\${word:1} word=\${word%[\\"\\']} ;;
      *\\\\*) word=\${word//\\\\/} ;;
    esac
    words[index]=$word
  done
  COMPREPLY=()
  local candidate
  while IFS=$'\\t' read -r candidate _; do
    case $candidate in
      :any | :recipes)
        compopt -o filenames 2>/dev/null
        local path
        while IFS= read -r path; do
          if [[ $candidate == :any || -d $path || $path == *.yaml || $path == *.yml ]]; then COMPREPLY+=("$path"); fi
        done < <(compgen -f -- "\${current##*[=:]}")
        ;;
      *) COMPREPLY+=("\${candidate#"$cut"}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
  return 0
}
complete -F _osrun osrun
`
