/**
 * Completion for bash 4.4 or newer. Readline cuts words at `=` and `:`, so they are put together again, and what a candidate
 * shares with the line up to the last cut is taken off. Readline quotes the names of files; all else is quoted here, as the word
 * in the line is. Nothing that is typed or offered is evaluated.
 * https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
export const bashCompletion = `# osrun completion for bash

# Sets said to what a word says without its quotes, and opened to a quote that is not closed.
_osrun_read() {
  local rest=$1 character
  said='' opened=''
  while [[ -n $rest ]]; do
    character=\${rest:0:1} rest=\${rest:1}
    case $opened$character in
      "''" | '""') opened='' ;;
      "'"?) said+=$character ;;
      [\\"\\']) opened=$character ;;
      \\\\) said+=\${rest:0:1} rest=\${rest:1} ;;
      '"\\')
        case $rest in [\\"\\\\\\$\\\`]*) character=\${rest:0:1} rest=\${rest:1} ;; esac
        said+=$character
        ;;
      *) said+=$character ;;
    esac
  done
}

# Sets quoted to a text as it stands in the line: after the quote that is opened there, or without one.
_osrun_quote() {
  case $opened in
    '"')
      quoted=\${1//\\\\/\\\\\\\\}
      quoted=\${quoted//\\"/\\\\\\"}
      quoted=\${quoted//\\$/\\\\\\$}
      quoted=\${quoted//\\\`/\\\\\\\`}
      ;;
    "'") quoted=\${1//\\'/\\'\\\\\\'\\'} ;;
    *) printf -v quoted %q "$1" ;;
  esac
}

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
  local current=\${words[-1]} cut='' said opened quoted
  words=("\${words[@]:1}")
  case $current in *[=:]*) cut=\${current%"\${current##*[=:]}"} ;; esac
  _osrun_read "$cut"
  # Within quotes readline does not cut.
  if [[ $COMP_WORDBREAKS == *=* && -z $opened ]]; then cut=$said; else cut=''; fi
  for index in "\${!words[@]}"; do
    _osrun_read "\${words[index]}"
    words[index]=$said
  done
  COMPREPLY=()
  local candidate candidates=() files=''
  while IFS=$'\\t' read -r candidate _; do
    case $candidate in
      :any | :recipes) files=$candidate ;;
      *) candidates+=("\${candidate#"$cut"}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=("\${candidates[@]}")
    local path
    while IFS= read -r path; do
      if [[ $files == :any || -d $path || $path == *.yaml || $path == *.yml ]]; then COMPREPLY+=("$path"); fi
    done < <(compgen -f -- "\${said##*[=:]}")
  else
    for candidate in "\${candidates[@]}"; do
      # In double quotes nothing keeps bash from its history.
      [[ $opened$candidate != '"'*'!'* ]] || continue
      _osrun_quote "$candidate"
      COMPREPLY+=("$quoted")
    done
  fi
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
  return 0
}
complete -F _osrun osrun
`
