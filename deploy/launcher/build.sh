# What dna-llama takes from the build, and how it is built. Sourced by dna-llama.

version() {
    sed -n 's:^  <version>\(.*\)</version>:\1:p' "$pom" | head -n 1
}

# The JVM flags have one home, the property of the root pom.xml.
jvm_flags() {
    sed -n 's:.*<jvm\.modules>\(.*\)</jvm\.modules>.*:\1:p' "$pom"
}

# Builds, with further arguments of Maven's, if a product is not there or a source is newer than it.
build() {
    local product=$1
    shift
    [[ -d $root/pipeline-core ]] || return 0
    if [[ -e $product && -z $(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src/main -newer "$product" -type f -print -quit) ]]; then
        return
    fi
    [[ $dry_run == no ]] || return 0
    command -v mvn >/dev/null || fail "there is no build yet and no Maven on the PATH to make one; install Maven 3.6.3 or newer"
    echo "Building with Maven, once; the first time it fetches its libraries and takes some minutes ..." >&2
    rm -rf "$product"
    if ! (cd "$root" && mvn -q -B -Dstyle.color=never -Dmaven.test.skip=true "$@" package) >&2; then
        rm -rf "$product"
        echo "dna-llama: the build failed; its messages are above" >&2
        exit 70
    fi
    touch "$product"
}
