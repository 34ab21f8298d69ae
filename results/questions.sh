#!/bin/sh
# Judges the experiments that dqinit's open questions are answered by: each variant beside what it is
# asked about, on tune members.
#   sh questions.sh SUITE QUESTIONS SOURCES [OUT]
# QUESTIONS is what `suite run --experiment questions` filled, SOURCES what `suite run --experiment sources
# --family results/eight_reacher.json --family results/eight_pendulum.json` did. OUT, by default this
# script's folder, gets questions.csv and sources.csv (differences) and tune.csv (every method on the tune
# members).
set -eu
[ $# -ge 3 ] || { echo "usage: sh questions.sh SUITE QUESTIONS SOURCES [OUT]" >&2; exit 2; }
suite=$1 questions=$2 sources=$3 out=${4:-$(dirname "$0")}

heading=yes
# ask FOLDER COLUMN RIVALS: lines of CSV, below one heading
ask() {
    lines=$("$suite" claim "$1" --role tune --method "$2" --rivals "$3" --metric early10,auc,final --format csv)
    [ $heading = yes ] || lines=$(echo "$lines" | sed 1d)
    heading=no
    echo "$lines"
}

all_questions() {
    ask "$questions" dqinit scratch,finetune,jsrl,distill,finetune+best
    for variant in q1-linear q1-exponential q1-threshold q1-precision q1-clock.1 q1-clock.3 q1-clock1 \
        q1-clock.3_cap.9 q1-frozen q1-none q1-believed q2-tilings q2-constant q2-merged q2-network_acts \
        q2-batch q3-20k q3-80k q3-1m q3-network; do
        ask "$questions" dqinit+$variant dqinit
    done
    for budget in q1-short q1-long; do
        ask "$questions" dqinit+${budget}_share scratch+$budget,finetune+$budget
        for known in visits clock clockshare; do
            ask "$questions" dqinit+${budget}_$known dqinit+${budget}_share,scratch+$budget,finetune+$budget
        done
    done
    for variant in q5-prefit q7-shuffle q7-shuffle_believed q7-plain_bootstrap q7-residual; do
        ask "$questions" dqinit+$variant dqinit,scratch
    done
    ask "$questions" dqinit+q6-one dqinit,finetune,jsrl,distill
    ask "$questions" dqinit+q7-poor dqinit,scratch,finetune+q7-poor,jsrl+q7-poor,distill+q7-poor
}

all_sources() {
    ask "$sources" dqinit scratch,finetune,distill,finetune+all,distill+all
    for count in one two four; do
        ask "$sources" dqinit+$count dqinit,scratch,finetune,distill
    done
}

# what is there stays until all of it is made anew
all_questions >"$out/questions.csv.new"
heading=yes
all_sources >"$out/sources.csv.new"
"$suite" table "$questions" --role tune --method scratch,finetune,finetune+best,jsrl,distill,dqinit --normalised \
    --metric jumpstart,early10,auc,final --format csv >"$out/tune.csv.new"
for name in questions sources tune; do
    mv "$out/$name.csv.new" "$out/$name.csv"
done
