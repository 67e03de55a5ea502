#!/usr/bin/env bash
# Builds what is handed out twice, and compares the bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

checksums() {
    mvn -q -B -ntp -Pdist -Dmaven.test.skip=true clean package >&2
    sha256sum */target/*-spark.jar deploy/target/dna-llama-*.tar.gz
}

first=$(checksums)
second=$(checksums)
diff <(echo "$first") <(echo "$second") || {
    echo "the second build has other bytes than the first; see above" >&2
    exit 1
}
echo "$second"
