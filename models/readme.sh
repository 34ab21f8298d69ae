#!/bin/sh
# Prints models/README.md from what the program says of its tasks; a test holds the file to it.
#   sh models/readme.sh SUITE MODELS >models/README.md
suite=$1 models=$2
set -eu

cat <<'END'
# Task families

Each folder is a family: one MJCF, one C file (observation, reward, end, reset, actions), the
members in `family.json`, and a `README.md` with the source of every number and each difference
from it. `references.json` holds what returns are normalised by ([results](../results/METHODS.md)).
Sources teach, settings are chosen on `tune` members, tables report `target` members.

END
for folder in "$models"/*/; do
    family=$(basename "$folder")
    [ ! -e "$folder/README.md" ] || printf -- '- [%s](%s/README.md)\n' "$family" "$family"
done
cat <<'END'

The rest of this page is what `suite list tasks` and `suite list members` print; `readme.sh` makes
it anew.

## Tasks

```
END
"$suite" list tasks --models "$models"
cat <<'END'
```

## Members

`random` and `long` are the returns that normalised returns count as 0 and 1.

```
END
"$suite" list members --models "$models"
echo '```'
