#!/bin/sh
# Members of a user's own: each mistake in their file is said in one line with file and line,
# and they run, resume and are evaluated like any other.
#   family.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

mine=$work/mine.json
failures=0

complain() {
    echo "FAILED: $*" >&2
    sed 's/^/    | /' "$work/err" >&2
    failures=$((failures + 1))
}

# says MESSAGE word ...: exactly this one line, nothing printed, nothing begun
says() {
    message=$1
    shift
    code=0
    timeout 60 "$suite" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    [ "$code" -eq 2 ] || complain "suite $*: exit code $code, not 2"
    [ ! -s "$work/out" ] || complain "suite $*: wrote to standard output"
    echo "suite: $message" | cmp -s - "$work/err" || complain "suite $*: does not say \"$message\""
    [ ! -e "$work/none" ] || complain "suite $*: something was begun"
}

# refuses MESSAGE TEXT: whichever command reads the file
refuses() {
    printf '%s' "$2" >"$mine"
    says "$mine:$1" run --family "$mine" --method scratch --models "$models" --out "$work/none"
    says "$mine:$1" list members --family "$mine" --models "$models"
    says "$mine:$1" list tasks --family "$mine" --models "$models"
}

# member MESSAGE TEXT: in a file that is good but for this, which begins on line 3
member() {
    refuses "$1" '{"family": "reacher",
"members": [
'"$2]}"
}

# the file
refuses "1: not valid JSON" ''
refuses "2: not valid JSON" '{"family": "reacher",
"members": [}'
refuses "1: a family file must hold an object" '[]'
refuses "2: unknown key 'membres'; did you mean 'members'?" '{"family": "reacher",
"membres": []}'
refuses "1: 'family' is missing" '{"members": []}'
refuses "2: 'family' must be a string" '{"members": [],
"family": 7}'
refuses "2: unknown task 'raecher'; did you mean 'reacher'?" '{"members": [],
"family": "raecher"}'
refuses "1: unknown task 'zzzzzzzz'; \`suite list tasks\` names them" '{"family": "zzzzzzzz"}'
refuses "1: 'members' must be a list of at least one member" '{"family": "reacher"}'
refuses "2: 'members' must be a list of at least one member" '{"family": "reacher",
"members": []}'
refuses "2: 'family' is given twice" '{"family": "reacher",
"family": "reacher"}'

# its settings
refuses "2: 'settings' must be an object" '{"family": "reacher",
"settings": 3}'
refuses "3: setting 'run.steps' must be a number, true, false or a short string" \
    '{"family": "reacher", "settings": {

"run.steps": [1]}}'
refuses "1: unknown setting 'agent.gama'; did you mean 'agent.gamma'?" \
    '{"family": "reacher", "settings": {"agent.gama": 0.9},
"members": [{"name": "mine", "role": "target"}]}'
refuses "2: setting 'agent.gamma' cannot be '2': it takes a number from 0 to 1" \
    '{"family": "reacher", "settings": {
"agent.gamma": 2}, "members": [{"name": "mine", "role": "target"}]}'

# a member
member "3: a member must be an object" '"mine"'
member "3: unknown key 'rolle'; did you mean 'role'?" '{"name": "mine", "rolle": "target"}'
member "3: 'name' is missing" '{"role": "target"}'
member "3: 'role' is missing" '{"name": "mine"}'
member "4: unknown role 'targt'; did you mean 'target'?" '{"name": "mine",
"role": "targt"}'
member "3: member '../mine' has letters in its name other than a-z A-Z 0-9 _ - ." \
    '{"name": "../mine", "role": "target"}'
member "3: a member cannot be called 'all', which means many" '{"name": "all", "role": "target"}'
member "3: 'parameters' must be an object" '{"name": "mine", "role": "target", "parameters": 1}'
member "4: unknown parameter 'goal_z'; did you mean 'goal_x'?" \
    '{"name": "mine", "role": "target", "parameters": {"goal_y": 0.1,
"goal_z": 0.1}}'
member "3: parameter 'goal_x' must be a number" \
    '{"name": "mine", "role": "target", "parameters": {"goal_x": "0.1"}}'
member "3: parameter 'goal_x' must be a number" \
    '{"name": "mine", "role": "target", "parameters": {"goal_x": 1e999}}'
member "3: not valid JSON" '{"name": "mine", "role": "target", "parameters": {"goal_x": NaN}}'
range=$("$suite" list tasks | sed -n 's/^  parameter     goal_x  *\(.* to [0-9.]* m\),.*/\1/p')
member "3: parameter 'goal_x' is 9, outside $range" \
    '{"name": "mine", "role": "target", "parameters": {"goal_x": 9}}'

# its name
member "4: member 'mine' is given twice" '{"name": "mine", "role": "target"},
{"name": "mine", "role": "tune"}'
member "4: members 'mine' and 'Mine' differ only in case" '{"name": "mine", "role": "target"},
{"name": "Mine", "role": "tune"}'
member "3: family 'reacher' already has a member 'east'; give this one another name" \
    '{"name": "east", "role": "target"}'
member "3: member 'East' and 'east' of the family differ only in case; give this one another name" \
    '{"name": "East", "role": "target"}'

# how many, how large
own=$(grep -c '"role":' "$models/reacher/family.json")
member "2: 990 members here and $own before are more than 1000" \
    "$(awk 'BEGIN { for (i = 0; i < 990; i++)
        printf "%s{\"name\": \"m%d\", \"role\": \"tune\"}", i ? ",\n" : "", i }')"
head -c 16777217 /dev/zero | tr '\0' ' ' >"$work/large.json"
says "--family: '$work/large.json' has 16777217 bytes, more than the 16777216 allowed" \
    list --family "$work/large.json"
says "--family: cannot read '$work/no.json': No such file or directory" \
    list --family "$work/no.json"
says "--family: cannot read '$work': it is a folder" list --family "$work"

# two files, and a file that is for no task of the command
my_file() {
    printf '{"family": "reacher", "settings": {"run.steps": 400},\n"members": [\n'
    printf '{"name": "%s", "role": "target", "parameters": {"goal_x": %s, "goal_spread": 0}},\n' \
        "$1" "$2"
    printf '{"name": "%s_source", "role": "source", "parameters": {"goal_y": 0.1}}]}\n' "$1"
}
my_file mine 0.12 >"$mine"
my_file mine 0.13 >"$work/again.json"
my_file other 0.13 >"$work/other.json"
says "$work/again.json:3: '$mine:3' already adds a member 'mine'; give this one another name" \
    list --family "$mine" --family "$work/again.json" --models "$models"
"$suite" list members --family "$mine" --family "$work/other.json" >"$work/members"
[ "$(grep -c 'mine\|other' "$work/members")" -eq 4 ] || die "members of two files are not listed"
grep -q 'target  other  *goal_x=0.13 goal_y=0 goal_spread=0$' "$work/members" ||
    die "the parameters of a member are not listed"

# end to end, with a source of its own
run_mine() {
    "$suite" run --models "$models" --method dqinit,scratch --member mine --seeds 2 \
        --set source.steps=600 --set dqinit.states=300 --set run.episodes=3 \
        --set agent.hidden=16 --set agent.batch=16 --out "$work/runs" --quiet "$@"
}
run_mine --family "$mine" >"$work/table"
check_records "$work/runs" 9
grep -q '^| mine ' "$work/table" || die "the table has no row of the new member"
for record in "$work/runs/reacher/mine/"*/seed-*/run.json; do
    grep -q '^		"goal_x":	0.12,$' "$record" || die "'$record' does not hold the parameters"
    grep -q '^	"steps":	400,$' "$record" || die "'$record' is not of the file's settings"
done
grep -q '"member":	"mine_source"' "$work/runs/reacher/mine/dqinit/seed-0/run.json" ||
    die "the new source was not learned from"
run_mine --family "$mine" --dry-run | grep -q '; 0 to do' || die "finished runs are made again"

# its policy, without the file and with it
run=$work/runs/reacher/mine/dqinit/seed-1
"$suite" eval "$run" --models "$models" >"$work/alone"
grep -q '^return  -[0-9]' "$work/alone" || die "the policy was not evaluated"
"$suite" eval "$run" --models "$models" --family "$mine" | cmp -s - "$work/alone" ||
    die "the file changes what its own policy returns"

# the same name with another goal
differs="goal_x=0.12 there, goal_x=0.13 now"
says "'$run' was trained on another member 'mine' than the one here ($differs)" \
    eval "$run" --models "$models" --family "$work/again.json"
first=$work/runs/reacher/mine/scratch/seed-0
says "'$first' holds a run of another member 'mine' ($differs); give this one another name or \
another --out, or replace that one with --fresh" \
    run --models "$models" --family "$work/again.json" --method scratch --member mine --seeds 1 \
    --out "$work/runs"

# the physics of a member of one's own
echo 0 >"$work/actions"
"$suite" rollout --models "$models" --task reacher --member mine --family "$mine" \
    --actions "$work/actions" >"$work/rollout"
[ "$(wc -l <"$work/rollout")" -eq 3 ] || die "the member cannot be rolled out"
awk -F, 'NR == 2 { exit $5 != 0.12 }' "$work/rollout" || die "the goal is not the member's"
says "unknown member 'mine'; \`suite list members\` names them" \
    rollout --models "$models" --task reacher --member mine --actions "$work/actions"

[ "$failures" -eq 0 ] || exit 1
echo "members of one's own are taken, and mistakes in them are named"
