#!/bin/sh
# results/questions.sh asks about every variant that its experiments run, and about no other.
#   questions.sh SUITE MODELS
. "$(dirname "$0")/common.sh"
results=$(cd "$(dirname "$0")/../../results" && pwd)

# in the program's place: notes what it is asked and answers with a heading and one line
cat >"$work/suite" <<'END'
#!/bin/sh
echo "$*" >>"$(dirname "$0")/asked"
echo heading
echo line
END
chmod +x "$work/suite"
sh "$results/questions.sh" "$work/suite" questions-here sources-here "$work"

# labels FOLDER: of the columns that were asked about in it
labels() {
    grep -F " $1 " "$work/asked" | grep -oE -- '--(method|rivals) [^ ]+' | cut -d ' ' -f 2 | tr , '\n' |
        sed -n 's/.*+//p' | sort -u
}

# compare_labels FOLDER EXPERIMENT: what is run there, and what is asked about
compare_labels() {
    labels "$1" >"$work/asked-labels"
    sed -n 's/.*"label": "\([^"]*\)".*/\1/p' "$results/$2" | sort -u >"$work/run-labels"
    [ -s "$work/run-labels" ] || die "no labels in $2"
    diff "$work/run-labels" "$work/asked-labels" || die "$2 runs (<) what is not asked about, or the reverse (>)"
}
compare_labels questions-here questions.json
compare_labels sources-here sources.json

for name in questions sources tune; do
    [ "$(head -n 1 "$work/$name.csv")" = heading ] || die "$name.csv has no heading"
    [ "$(grep -c heading "$work/$name.csv")" -eq 1 ] || die "$name.csv has more than one heading"
done
[ "$(grep -c line "$work/questions.csv")" -eq "$(grep -c '^claim questions-here ' "$work/asked")" ] ||
    die "an answer is missing in questions.csv"
