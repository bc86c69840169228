/**
 * Completion for fish 3 or newer; it leaves out the space after a word that ends in `=` or `/` by itself.
 * https://fishshell.com/docs/current/completions.html
 */
export const fishCompletion = `# osrun completion for fish
function __osrun_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l current $words[-1]
    for line in ($words[1] __complete -- $words[2..-1] 2>/dev/null)
        switch $line
            case ':any' ':recipes'
                set -l before (string match -r '^.*=' -- $current)
                for path in (complete -C "__osrun_path "(string replace -r '^.*=' '' -- $current))
                    set path (string split -f1 \\t -- $path)
                    if test $line = :any; or string match -qr '(/|\\.ya?ml)$' -- $path
                        printf '%s\\n' "$before$path"
                    end
                end
            case '~*'
                # It would become a folder: fish quotes all but this.
            case '*'
                printf '%s\\n' $line
        end
    end
end
complete -c osrun -f -a '(__osrun_complete)'
`
