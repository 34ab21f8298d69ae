#!/bin/sh
# Records do not depend on the number of workers or on when they were made, and finished runs are
# not made again.
#   jobs.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

# what is planned, and roughly what it takes, before anything is made
small_job "$work/none" --jobs 3 --dry-run >"$work/plan"
[ ! -e "$work/none" ] || die "--dry-run makes something"
grep -q '^8 runs, 4 of them sources; 8 to do ' "$work/plan" || die "the plan has no sum"
grep -q '^roughly [0-9.e-]* minutes with 3 workers' "$work/plan" || die "the plan has no estimate"

small_job "$work/two" --jobs 2 >"$work/table-two"
check_records "$work/two" 8 # four sources, two seeds of two methods

small_job "$work/one" --jobs 1 >"$work/table-one"
small_job "$work/again" --jobs 2 >"$work/table-again"
same_records "$work/two" "$work/one"
same_records "$work/two" "$work/again"
cmp "$work/table-two" "$work/table-one" || die "the tables differ"

# the same command once more: not even the timing changes
cp -r "$work/two" "$work/before"
small_job "$work/two" --jobs 2 >"$work/table-more"
diff -r "$work/before" "$work/two" || die "finished runs were made again"
cmp "$work/table-two" "$work/table-more" || die "the table of finished runs differs"

# and --fresh makes them again
small_job "$work/two" --jobs 2 --fresh >/dev/null
same_records "$work/before" "$work/two"
cmp -s "$work/before/reacher/within_1/scratch/seed-0/run.json" \
    "$work/two/reacher/within_1/scratch/seed-0/run.json" && die "--fresh made nothing again"
echo "records do not depend on the workers"
