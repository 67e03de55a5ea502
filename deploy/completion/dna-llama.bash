# Completion of dna-llama's command line.
# bash: source deploy/completion/dna-llama.bash
# zsh:  autoload -U bashcompinit && bashcompinit && source deploy/completion/dna-llama.bash

_dna_llama() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} home profile words=
    local commands="demo demo-data ingest import-gue audit pretrain finetune evaluate scan compare export plan settings bench"
    COMPREPLY=()
    case $previous in
        --cluster)
            home=$(cd "$(dirname "$(command -v "${COMP_WORDS[0]}")")/.." 2>/dev/null && pwd)
            for profile in "$home"/conf/cluster/*.conf; do
                profile=${profile##*/}
                words+=" ${profile%.conf}"
            done
            ;;
        --deploy-mode) words="client cluster" ;;
        --master) words="yarn local[*] spark:// k8s://https://" ;;
        --conf | --output) COMPREPLY=($(compgen -f -- "$word")) && return ;;
        --set) COMPREPLY=($(compgen -W "ingest. importGue. audit. model. pretrain. finetune. evaluate. scan. compare. export. cluster. compute. seed=" -- "$word")) && return ;;
        bench) words="train optim ingest distributed inference" ;;
        *)
            if ((COMP_CWORD == 1)); then
                words="$commands --help --version --dry-run"
            else
                words="--conf --set --overwrite --help --dry-run --cluster --master --deploy-mode --"
                case ${COMP_WORDS[1]} in
                    demo) words="--output --set --overwrite --dry-run --help" ;;
                    pretrain | finetune) words+=" --preflight" ;;
                    ingest) words+=" --verify" ;;
                esac
            fi
            ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}

complete -F _dna_llama dna-llama
