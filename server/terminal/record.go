package terminal

// How a shell adds what was typed to the file that LAB_RECORD names, as each
// command ends, so that nothing is lost where all is killed: a line "#: TIME
// exit CODE in FOLDER", and the command below it as it was typed. Only bash and
// zsh tell a hook of their own what was typed; sh tells nobody.
const (
	// bashRecord asks the history, which therefore has to take every line. What
	// was pasted at once becomes several lines of it and ends as one.
	bashRecord = `if [ -n "$LAB_RECORD" ]; then
  __record=$LAB_RECORD
  HISTCONTROL=; unset HISTIGNORE HISTTIMEFORMAT; shopt -s cmdhist lithist
  __recorded() {
    local code=$? last first
    last=$(history 1); last=${last#"${last%%[0-9]*}"}; last=${last%%[!0-9]*}; last=${last:-0}
    if [ "$last" -gt "${__last:-$last}" ]; then
      first=1; [ $((last - __last)) -gt 1 ] && first=
      { printf '#: %s exit %s in %s\n' "$(date -u +%FT%TZ)" "$code" "$__folder"
        history $((last - __last)) | sed "${first}s/^ *[0-9]*[* ] //"; } >>"$__record" 2>/dev/null
    fi
    __last=$last __folder=$PWD
    return $code
  }
  PROMPT_COMMAND="__recorded; $PROMPT_COMMAND"
fi
`
	zshRecord = `if [[ -n $LAB_RECORD ]]; then
  __record=$LAB_RECORD
  __begun() { __line=$1 __folder=$PWD }
  __ended() {
    local code=$?
    [[ -n $__line ]] && printf '#: %s exit %s in %s\n%s\n' "$(date -u +%FT%TZ)" $code "$__folder" "$__line" >>$__record 2>/dev/null
    __line=
  }
  preexec_functions+=(__begun); precmd_functions=(__ended $precmd_functions)
fi
`
)
