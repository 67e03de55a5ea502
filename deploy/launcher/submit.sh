# Handing a job to spark-submit, and telling how it ended. Sourced by dna-llama; job() has filled the arrays options,
# profiles and submit.

# Prints the properties of a profile as "key value", those of what it includes first.
profile_properties() {
    local file=$1 key value
    [[ -f $file ]] || file=$root/conf/cluster/$1.conf
    [[ -f $file ]] || fail "--cluster $1: there is no such file and no such profile; there are$(profile_names)"
    while read -r key value || [[ -n $key ]]; do
        case $key in
            '' | '#'*) ;;
            include) profile_properties "$(dirname "$file")/$value.conf" ;;
            *) [[ -n $value ]] || fail "$file: '$key' has no value; write 'key value'" && echo "$key ${value//\$DNALLAMA_HOME/$root}" ;;
        esac
    done <"$file"
}

profile_names() {
    local file
    for file in "$root"/conf/cluster/*.conf; do
        file=${file##*/}
        printf ' %s' "${file%.conf}"
    done
}

# Adds a profile's properties to the array properties, as arguments of spark-submit.
add_profile() {
    local lines key value
    lines=$(profile_properties "$1") || exit $?
    while read -r key value; do
        case $key in
            '') ;;
            spark.master) properties+=(--master "$value") ;;
            spark.submit.deployMode) properties+=(--deploy-mode "$value") ;;
            dna-llama.jars) jars=${DNALLAMA_JARS:-$value} ;;
            *) properties+=(--conf "$key=$value") ;;
        esac
    done <<<"$lines"
}

# What spark-submit will take for an option, or for the property that means the same: the last that is given, but the
# option before the property.
effective() {
    local option=$1 key=$2 by_option= by_key= word previous=
    for word in "${properties[@]}" ${submit[@]+"${submit[@]}"}; do
        case $previous in
            "$option") by_option=$word ;;
            --conf | -c) [[ $word != "$key="* ]] || by_key=${word#*=} ;;
        esac
        case $word in
            "$option="*) by_option=${word#*=} ;;
            "--conf=$key="*) by_key=${word#--conf=*=} ;;
        esac
        previous=$word
    done
    echo "${by_option:-$by_key}"
}

# The jar of a command's job; without a place of their own, jars are those of the build.
job_jar() {
    local module=training-job folder
    case $1 in
        ingest | import-gue | audit) module=genome-ingest ;;
        evaluate | compare | scan) module=eval-job ;;
        bench)
            case ${options[0]:-} in
                ingest) module=genome-ingest ;;
                inference) module=eval-job ;;
            esac
            ;;
    esac
    folder=$root/jobs
    [[ ! -d $root/$module ]] || folder=$root/$module/target
    echo "${jars:-$folder}/$module-$(version)-spark.jar"
}

# The Spark that submits: an installed one, else that of the build.
find_spark() {
    if [[ -n ${SPARK_HOME:-} ]]; then
        [[ -x $SPARK_HOME/bin/spark-submit ]] ||
            fail "SPARK_HOME = $SPARK_HOME has no bin/spark-submit; set it to a Spark 3.5 for Scala 2.12, or unset it"
    elif [[ -d $root/pipeline-core || -x $own_spark/bin/spark-submit ]]; then
        export SPARK_HOME=$own_spark
    else
        fail "this distribution has no Spark to submit with; set SPARK_HOME to a Spark 3.5 for Scala 2.12"
    fi
}

# A driver on the cluster cannot read this machine's files or environment: it gets the settings themselves.
resolve_options() {
    local java word
    local -a resolved=()
    dry_run=no build "$lib"
    java=$(java_command)
    while IFS= read -r -d '' word; do
        resolved+=("$word")
    done < <("$java" -cp "$lib/*" org.dnallama.spark.SubmitMain resolve "${options[@]}" && printf 'resolved\0')
    ((${#resolved[@]} > 0)) && [[ ${resolved[${#resolved[@]} - 1]} == resolved ]] || exit 2
    unset "resolved[${#resolved[@]}-1]"
    options=("${resolved[@]}")
}

run_submitted() {
    local command=$1 class=$2 jars=${DNALLAMA_JARS:-} jar flags profile master mode cores
    local -a properties=()
    find_spark
    flags=$(jvm_flags)
    add_profile defaults
    for profile in ${profiles[@]+"${profiles[@]}"}; do
        add_profile "$profile"
    done
    [[ -z ${DNALLAMA_MEMORY:-} ]] || properties+=(--conf "spark.driver.memory=$DNALLAMA_MEMORY")
    master=$(effective --master spark.master)
    mode=$(effective --deploy-mode spark.submit.deployMode)
    [[ -n $master ]] || fail "which cluster? give --master URL, such as yarn or spark://HOST:7077"

    jar=$(job_jar "$command")
    if [[ -z $jars || $SPARK_HOME == "$own_spark" ]]; then
        build "$own_spark" -Pspark
    fi
    properties+=(--conf "spark.driver.defaultJavaOptions=$flags")
    properties+=(--conf "spark.executor.defaultJavaOptions=$flags -Dorg.bytedeco.javacpp.cachedir=./javacpp")
    if [[ $master == spark://* && $mode == cluster ]]; then
        # The one cluster manager whose drivers on workers get no default options.
        submit+=(--driver-java-options "$flags $(effective --driver-java-options spark.driver.extraJavaOptions)")
    fi
    cores=$(effective --executor-cores spark.executor.cores)
    if [[ $command == pretrain || $command == finetune ]] && [[ -n $cores ]]; then
        # A rank computes on all cores of its executor.
        properties+=(--conf "spark.task.cpus=$cores")
    fi
    if [[ $mode == cluster ]]; then
        resolve_options
        run_on_cluster
    else
        launch "$SPARK_HOME/bin/spark-submit" --class "$class" "${properties[@]}" ${submit[@]+"${submit[@]}"} \
            "$jar" "${options[@]}"
    fi
}

# The driver runs elsewhere, and most cluster managers hide its exit code: it writes a status, which is read here.
run_on_cluster() {
    local run code=0
    run=$(date -u +%Y%m%dT%H%M%SZ)-$RANDOM
    properties+=(--conf "spark.dnallama.run=$run")
    set -- "$SPARK_HOME/bin/spark-submit" --class "$class" "${properties[@]}" ${submit[@]+"${submit[@]}"} "$jar" "${options[@]}"
    [[ $dry_run == no ]] || launch "$@"
    "$@" || code=$?
    launch "$SPARK_HOME/bin/spark-submit" --class org.dnallama.spark.SubmitMain \
        "${properties[@]}" ${submit[@]+"${submit[@]}"} --master 'local[1]' --deploy-mode client \
        --driver-memory 512m --driver-java-options "-Dlog4j2.configurationFile=$logging" \
        "$jar" status --run "$run" --submit-code "$code" "${options[@]}"
}
