#!/bin/sh
# models/README.md says what the program says.
#   listing.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

sh "$models/readme.sh" "$suite" "$models" >"$work/readme"
diff "$models/README.md" "$work/readme" ||
    die "models/README.md is out of date: sh models/readme.sh SUITE models >models/README.md"
echo "the list of tasks and members is up to date"
