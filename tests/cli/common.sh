# What the scripts of this folder share; sourced, with the program in $suite and the models
# folder in $models. Makes a folder $work that is removed at the end.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

die() {
    echo "FAILED: $*" >&2
    exit 1
}

# a job of seconds that has every part of the large one: small_job OUT [option ...]
small_job() {
    out=$1
    shift
    "$suite" run --models "$models" --task reacher --method dqinit,scratch --member within_1 \
        --seeds 2 --steps 800 --set source.steps=600 --set dqinit.states=300 \
        --set run.episodes=3 --set agent.hidden=16 --set agent.batch=16 --out "$out" "$@"
}

# the files of a results folder that are results
list_files() {
    (cd "$1" && find . -type f ! -name .lock | LC_ALL=C sort)
}

# a record without its timing block, which is its last key
without_timing() {
    sed '/^\t"timing":/,$d' "$1"
}

# every run folder below $1 is whole, and there are $2 of them
check_records() {
    count=0
    for record in "$1"/*/*/*/seed-*/run.json; do
        folder=${record%/run.json}
        for file in evals.csv episodes.csv policy.bin; do
            [ -s "$folder/$file" ] || die "'$folder' has no $file"
        done
        case $folder in
        */dqinit*/* | */jsrl*/* | */distill*/*)
            [ -s "$folder/trace.csv" ] || die "'$folder' has no trace.csv" ;;
        *) [ ! -e "$folder/trace.csv" ] || die "'$folder' has a trace.csv" ;;
        esac
        case $folder in
        */dqinit*/* | */jsrl*/*)
            [ -s "$folder/method.bin" ] || die "'$folder' has no method.bin" ;;
        *) [ ! -e "$folder/method.bin" ] || die "'$folder' has a method.bin" ;;
        esac
        [ ! -e "$folder/checkpoint.bin" ] || die "'$folder' keeps a checkpoint"
        grep -q '^	"status":	"done",$' "$record" || die "'$record' is not done"
        awk '
            /^\t"timing":\t\{$/ { inside = 1; next }
            inside == 1 && /^\t\t"/ { next }
            inside == 1 && /^\t}$/ { inside = 2; next }
            inside == 2 && /^}$/ { inside = 3; next }
            inside { exit 1 }
            END { exit inside != 3 }
        ' "$record" || die "'$record' does not end with its timing block"
        count=$((count + 1))
    done
    [ "$count" -eq "$2" ] || die "'$1' holds $count runs, not $2"
}

# two results folders hold the same bytes but for the timing blocks
same_records() {
    list_files "$1" >"$work/list-a"
    list_files "$2" >"$work/list-b"
    cmp -s "$work/list-a" "$work/list-b" ||
        die "'$1' and '$2' hold other files: $(diff "$work/list-a" "$work/list-b" | tr '\n' ' ')"
    while read -r file; do
        case $file in
        */run.json)
            without_timing "$1/$file" >"$work/a"
            without_timing "$2/$file" >"$work/b"
            [ -s "$work/a" ] || die "'$1/$file' is empty"
            cmp -s "$work/a" "$work/b" || die "'$file' differs: $(diff "$work/a" "$work/b")"
            ;;
        *) cmp -s "$1/$file" "$2/$file" || die "'$file' differs" ;;
        esac
    done <"$work/list-a"
}
