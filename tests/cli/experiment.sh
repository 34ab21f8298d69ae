#!/bin/sh
# An experiment runs its rows, once, by its path or its name; the command line's words narrow it
# and its settings; what is wrong in its file is said in one line with file and line.
#   experiment.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

mkdir "$work/results"
tiny=$work/results/tiny.json
cat >"$tiny" <<'END'
{"name": "tiny", "seeds": "2", "notes": "frozen before the first target was seen",
 "settings": {"run.steps": 300, "source.steps": 300, "dqinit.states": 200, "run.episodes": 2,
              "agent.hidden": 8, "agent.batch": 8},
 "rows": [
  {"tasks": ["reacher"], "members": "within_1", "methods": ["dqinit", "scratch"]},
  {"tasks": ["reacher"], "members": "within_1", "method": "dqinit", "label": "seven",
   "settings": {"dqinit.known_visits": 7}},
  {"tasks": ["reacher"], "members": "within_1", "method": "dqinit", "label": "other",
   "settings": {"source.seed": 3}},
  {"tasks": ["pendulum"], "members": "within_2", "method": "scratch", "seeds": "1-2"},
  {"tasks": ["reacher"], "members": "within_1", "method": "scratch", "seeds": "1-2"}
 ]}
END

tiny_run() {
    "$suite" run --models "$models" --experiment "$tiny" --out "$work/runs" "$@" 2>"$work/err"
}

# refused MESSAGE option ...: exactly this one line, nothing printed, nothing begun
refused() {
    message=$1
    shift
    code=0
    timeout 60 "$suite" run --models "$models" --out "$work/none" "$@" \
        >"$work/out" 2>"$work/err" </dev/null || code=$?
    [ "$code" -eq 2 ] || die "suite run $*: exit code $code, not 2"
    [ ! -s "$work/out" ] || die "suite run $*: wrote to standard output"
    echo "suite: $message" | cmp -s - "$work/err" ||
        die "suite run $*: says \"$(cat "$work/err")\", not \"$message\""
    [ ! -e "$work/none" ] || die "suite run $*: something was begun"
}

# 8 sources; dqinit, seven, other and scratch with two seeds; a third of scratch; pendulum's two
tiny_run >"$work/table" || die "the experiment failed: $(cat "$work/err")"
check_records "$work/runs" 19
grep -q ' dqinit+other |.* dqinit+seven |$' "$work/table" || die "the summary has not all columns"
of=$work/runs/reacher/within_1
grep -q '"dqinit.known_visits":	"7"' "$of/dqinit+seven/seed-0/run.json" ||
    die "the row's settings were not used"
for column in dqinit:0 dqinit+seven:0 dqinit+other:3; do
    grep -A2 '"sources":' "$of/${column%:*}/seed-1/run.json" |
        grep -q "\"seed\":	${column#*:},$" || die "${column%:*} learned from other sources"
done

# by its name; nothing is made twice
cp -r "$work/runs" "$work/before"
SUITE_RESULTS=$work/results "$suite" run --models "$models" --experiment tiny \
    --out "$work/runs" >"$work/again" 2>"$work/err" || die "the second time failed"
grep -q '0 runs made, 0 failed, 19 were done before' "$work/err" || die "runs were made again"
diff -r "$work/before" "$work/runs" || die "the second time changed something"
cmp "$work/table" "$work/again" || die "the table differs"
rm "$of/scratch/seed-2/run.json"
tiny_run >/dev/null || die "the third time failed"
grep -q '1 runs made, 0 failed, 18 were done before' "$work/err" || die "more was made again"
same_records "$work/before" "$work/runs"

# words that narrow it, and stand above it
[ "$(tiny_run --dry-run --method scratch | grep -c seed-)" -eq 5 ] || die "--method: wrong runs"
[ "$(tiny_run --dry-run --seeds 2-5 | grep -c seed-)" -eq 2 ] || die "--seeds: wrong runs"
[ "$(tiny_run --dry-run --task pendulum | grep -c seed-)" -eq 2 ] || die "--task: wrong runs"
[ "$(tiny_run --dry-run --member within_1 | grep -c seed-)" -eq 17 ] || die "--member: wrong runs"
"$suite" run --models "$models" --experiment "$tiny" --out "$work/none" --steps 77 \
    --method scratch --dry-run | grep -c '       77 steps' | grep -qx 5 || die "--steps is not above"

nothing="--task, --member, --method and --seeds leave nothing of experiment 'tiny'"
refused "$nothing" --experiment "$tiny" --seeds 7-8
refused "$nothing" --experiment "$tiny" --task hopper
refused "--label cannot be given with --experiment, whose rows have their own" \
    --experiment "$tiny" --label a
refused "unknown task 'reecher'; did you mean 'reacher'?" --experiment "$tiny" --task reecher

# its file
export SUITE_RESULTS="$work/results"
refused "there is no experiment 'tinny' in '$work/results'; did you mean 'tiny'?" \
    --experiment tinny
refused "--experiment: cannot read '$work/no.json': No such file or directory" \
    --experiment "$work/no.json"
wrong=$work/wrong.json
sed 's/"label": "seven"/"lable": "seven"/' "$tiny" >"$wrong"
refused "$wrong:6: unknown key 'lable'; did you mean 'label'?" --experiment "$wrong"
sed 's/within_1", "methods/withim_1", "methods/' "$tiny" >"$wrong"
refused "$wrong:5: unknown member 'withim_1'; did you mean 'within_1'?" --experiment "$wrong"
sed 's/"label": "seven"/"label": ""/' "$tiny" >"$wrong"
refused "$wrong:6: this row and that of line 5 both make \
'$work/none/reacher/within_1/dqinit/seed-0', but with different settings \
(dqinit.known_visits=0 there, dqinit.known_visits=7 here); give one of them a label" \
    --experiment "$wrong"
sed 's/"source.seed": 3/"source.steps": 400/' "$tiny" >"$wrong"
refused "$wrong:8: this row and that of line 5 both need \
'$work/none/reacher/east/source/seed-0', but with different settings \
(run.steps=300 there, run.steps=400 here); targets of a family share its sources" \
    --experiment "$wrong"
echo "experiments run, once, and mistakes in them are named"
