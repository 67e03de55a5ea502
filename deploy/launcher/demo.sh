# The demo of dna-llama: every job once, on data that it makes. Sourced by dna-llama.

demo_usage() {
    cat <<'EOF'
Usage: dna-llama demo [--output DIR] [--set KEY=VALUE]... [--overwrite]

Makes a synthetic genome and promoter set, then ingests, pre-trains, fine-tunes with AdamW and with KT4, evaluates both
on the test split and compares them. Each command is printed before it runs; finished ones are not run again.

  --output DIR      where everything goes; default demo-output
  --set KEY=VALUE   passed to every job, such as pretrain.steps=100; may be repeated
  --overwrite       replace what a demo with other settings has left there
EOF
}

# One step of the demo: shows the command as a user would type it and runs it.
demo_step() {
    echo
    echo "\$ dna-llama $(quoted "$@")"
    (job "$@")
}

# Sets a path of the demo, unless conf/demo.conf has it already.
demo_set() {
    [[ $out == demo-output ]] || step+=(--set "$1=\"$out/$2\"")
}

demo() {
    local out=demo-output conf=$root/conf/demo.conf optimizer
    local -a options=() step=()
    while (($# > 0)); do
        case $1 in
            --output) out=${2:?--output needs a folder} && shift 2 ;;
            --output=*) out=${1#*=} && shift ;;
            --set) options+=(--set "${2:?--set needs KEY=VALUE}") && shift 2 ;;
            --set=* | --overwrite) options+=("$1") && shift ;;
            --dry-run) dry_run=yes && shift ;;
            --help | -h) demo_usage && return ;;
            *) fail "unknown option '$1' of demo; try dna-llama demo --help" ;;
        esac
    done
    [[ $PWD != "$root" ]] || conf=conf/demo.conf
    options=(--conf "$conf" ${options[@]+"${options[@]}"})

    demo_step demo-data --output "$out/data"

    step=("${options[@]}")
    if [[ $out != demo-output ]]; then
        step+=(--set "ingest.fasta=[\"$out/data/genome/demo1.fa\", \"$out/data/genome/demo2.fa.gz\"]")
    fi
    demo_set ingest.output shards
    demo_step ingest "${step[@]}"

    step=("${options[@]}")
    demo_set pretrain.shards shards
    demo_set pretrain.output pretrained
    demo_step pretrain "${step[@]}"

    for optimizer in adamw kt4; do
        step=("${options[@]}" --set "finetune.training.optimizer=$optimizer")
        demo_set finetune.data data/promoters
        demo_set finetune.from pretrained
        step+=(--set "finetune.output=\"$out/finetuned-$optimizer\"")
        demo_step finetune "${step[@]}"
    done
    for optimizer in adamw kt4; do
        step=("${options[@]}" --set "evaluate.model=\"$out/finetuned-$optimizer\"")
        demo_set evaluate.data data/promoters/test.csv
        step+=(--set "evaluate.output=\"$out/evaluation-$optimizer\"")
        demo_step evaluate "${step[@]}"
    done

    step=("${options[@]}")
    if [[ $out != demo-output ]]; then
        step+=(--set "compare.evaluations=[\"$out/evaluation-adamw\", \"$out/evaluation-kt4\"]")
    fi
    demo_set compare.output comparison
    demo_step compare "${step[@]}"
    [[ $dry_run == no ]] || return 0
    echo
    echo "Done. The report: $out/comparison/report.html; the data that it came from: $out/data"
}
