/**
 * Completion for zsh, as a file `_osrun` of fpath or sourced after compinit.
 * https://zsh.sourceforge.io/Doc/Release/Completion-System.html
 */
export const zshCompletion = `#compdef osrun
_osrun() {
  local line word meaning files
  local -a given plain plain_shown open open_shown
  given=("\${(@Q)words[2,CURRENT]}")
  while IFS= read -r line; do
    word=\${line%%$'\\t'*} meaning=\${line#*$'\\t'}
    case $line in
      :*) files=$line ;;
      *=$'\\t'*) open+=("$word") open_shown+=("$word\${meaning:+  -- $meaning}") ;;
      *) plain+=("$word") plain_shown+=("$word\${meaning:+  -- $meaning}") ;;
    esac
  done < <("\${(Q)words[1]}" __complete -- "\${given[@]}" 2>/dev/null)
  local result=1
  (($#plain)) && compadd -l -d plain_shown -a plain && result=0
  (($#open)) && compadd -l -S '' -d open_shown -a open && result=0
  if [[ -n $files ]]; then
    compset -P '*='
    if [[ $files == :recipes ]]; then _files -g '*.(yaml|yml)' && result=0; else _files && result=0; fi
  fi
  return result
}
if [[ $funcstack[1] == _osrun ]]; then _osrun "$@"; else compdef _osrun osrun; fi
`
