# Completion of gatehouse's command line for bash.
_gatehouse()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local options="--data-dir --database --log-level --log-format --help"
    local choices
    case $before in
    --data-dir)
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    --log-level) choices="debug info warning critical" ;;
    --log-format) choices="text json" ;;
    --listen | --database) return ;;
    *)
        case ${COMP_WORDS[1]-} in
        serve) choices="$options --listen" ;;
        demo) choices=$options ;;
        channel)
            case ${COMP_WORDS[2]-} in
            list) choices="$options --json" ;;
            test) choices="$options --all --json" ;;
            *) choices="list test" ;;
            esac
            ;;
        user) choices="set-password $options" ;;
        import)
            mapfile -t COMPREPLY < <(compgen -f -W "$options --dry-run --json" -- "$word")
            return
            ;;
        *) choices="serve demo channel user import $options --listen --hidden --start \
            --stop --copy-endpoint --version" ;;
        esac
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}
complete -F _gatehouse gatehouse
