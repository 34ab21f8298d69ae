#!/bin/sh
# Makes the tables, the figures and the report of packed records anew.
#   sh remake.sh SUITE FOLDER [OUT]
# FOLDER holds published/, which `suite pack` made, and perhaps experiment.json (else it is `paper`) and
# models/ (else the program's own). OUT, by default FOLDER, gets tables/, figures/ and README.md.
set -eu
[ $# -ge 2 ] || { echo "usage: sh remake.sh SUITE FOLDER [OUT]" >&2; exit 2; }
suite=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=$(cd "$2" && pwd)
out=${3:-$folder}
mkdir -p "$out"
cd "$out"
# names in what is made are as they are in FOLDER
for name in published models experiment.json; do
    [ -e "$name" ] || [ ! -e "$folder/$name" ] || ln -s "$folder/$name" "$name"
done
experiment=paper
[ ! -e experiment.json ] || experiment=./experiment.json
[ ! -d models ] || export SUITE_MODELS=models

mkdir -p tables
returns=jumpstart,early10,auc,final
"$suite" table published --overview >tables/overview.md
for format in md csv json; do
    "$suite" table published --normalised --metric $returns --format $format >tables/returns.$format
done
"$suite" table published --normalised --metric $returns --format latex >tables/returns.tex
"$suite" table published --metric threshold,reached,stability,negative --format csv >tables/stability.csv
for policy in deployed network; do
    "$suite" claim published --method dqinit --policy $policy >tables/claim-$policy.md
    "$suite" claim published --method dqinit --policy $policy --format csv >tables/claim-$policy.csv
done
"$suite" plot published --out figures
"$suite" report published --experiment $experiment --figures figures --out README.md
