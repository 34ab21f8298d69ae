#!/bin/sh
# `suite rollout` repeats the rows that were recorded from the original (tests/parity/README.md).
#   parity.sh SUITE MODELS
suite=$1 models=$2
here=$(dirname "$0")
. "$here/common.sh"

rollouts=$here/../parity/reacher.csv

# an episode's start as the state file of --state, from the columns of that name
state_of() {
    awk -F, -v episode="$1" '
        function list(name,   i, text, comma) {
            for (i = 1; i <= NF; i++)
                if (names[i] ~ "^" name "[0-9]+$") { text = text comma $i; comma = ", " }
            return "\"" (name == "warmstart" ? "qacc_warmstart" : name) "\": [" text "]"
        }
        /^episode/ { split($0, names, ",") }
        $1 == episode && $2 == 0 {
            print "{" list("qpos") ", " list("qvel") ", " list("warmstart") "}"
        }
    ' "$rollouts"
}

actions_of() {
    awk -F, -v episode="$1" '$1 == episode && $2 > 0 { print $3 }' "$rollouts"
}

# what a rollout prints of it: the columns from t to truncated
rows_of() {
    awk -F, -v episode="$1" '
        /^episode/ { for (i = 1; i <= NF; i++) if ($i == "truncated") last = i }
        /^episode/ || $1 == episode {
            text = $2
            for (i = 3; i <= last; i++) text = text "," $i
            print text
        }
    ' "$rollouts"
}

# the numbers of two CSV files agree, all else to the letter; 1e-8 is what models/parity_test.c
# grants the reacher
same_numbers() {
    [ "$(wc -l <"$1")" -eq "$(wc -l <"$2")" ] || die "'$2' has another number of rows than '$1'"
    paste -d';' "$1" "$2" | awk -F';' '
        function size(x) { return x < 0 ? -x : x }
        function same(a, b) {
            if (NR == 1 || a == "" || b == "") return a "" == b ""
            return size(a - b) <= 1e-8 * (1 + size(b))
        }
        {
            count = split($1, theirs, ",")
            if (split($2, ours, ",") != count) { print "line " NR ": other columns"; exit 1 }
            for (i = 1; i <= count; i++)
                if (!same(theirs[i], ours[i])) {
                    print "line " NR ", column " i ": " ours[i] ", not " theirs[i]
                    exit 1
                }
        }
    ' || die "the rollout is another"
}

for episode in 0 2 5; do
    state_of $episode >"$work/state.json"
    actions_of $episode >"$work/actions"
    rows_of $episode >"$work/theirs.csv"
    [ "$(wc -l <"$work/theirs.csv")" -gt 5 ] || die "there is no episode $episode"
    "$suite" rollout --models "$models" --task reacher --member base --set reacher.torque=1 \
        --state "$work/state.json" --actions "$work/actions" >"$work/ours.csv"
    same_numbers "$work/theirs.csv" "$work/ours.csv"
done
echo "rollouts are the original's"
