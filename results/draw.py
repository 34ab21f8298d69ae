#!/usr/bin/env python3
"""Draw the target members that the published comparison is made on.

    python3 results/draw.py COMMIT
    python3 results/draw.py tune

COMMIT is the full hash of the commit that froze every method's settings (results/METHODS.md): the
draw's seed, which nobody can choose. The ranges below were written down before it. Two members of
each family lie within the range that the sources span, two in the wider one around it. With the
word `tune` for a seed: members from the same ranges to choose settings on. Prints the rows for
each family.json.
"""
import hashlib
import json
import math
import sys

# family: name of the member, and for each parameter the sources' range and the wider one
RANGES = {
    "reacher": {"radius": ((0.10, 0.17), (0.04, 0.20)), "angle": ((0, 360), (0, 360))},
    "pendulum": {"mass": ((0.7, 1.3), (0.6, 1.8)), "length": ((0.8, 1.2), (0.7, 1.3))},
    "cartpole": {"pole_mass": ((0.05, 0.5), (0.03, 0.8)),
                 "pole_half_length": ((0.3, 1.0), (0.2, 1.5))},
    "cartpole_swingup": {"pole_mass": ((0.05, 0.25), (0.03, 0.4)),
                         "pole_length": ((0.7, 1.3), (0.5, 1.6))},
    "hopper": {"torso_mass": ((0.7, 1.4), (0.6, 1.6)), "leg_mass": ((0.7, 1.3), (0.6, 1.6)),
               "foot_friction": ((1.0, 2.0), (0.8, 2.2))},
}
NEAR, FAR = 2, 2
TUNE_FEWER = {"hopper": (0, NEAR)}  # one near and one far: its runs take a hundred times longer


def uniform(seed, family, member, parameter):
    """A number in [0, 1) from the hash of its own name."""
    name = f"{seed}/{family}/{member}/{parameter}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big") / 2**56


def draw(seed, family, index):
    wide = index >= NEAR
    values = {}
    for parameter, ranges in RANGES[family].items():
        low, high = ranges[wide]
        values[parameter] = low + (high - low) * uniform(seed, family, index, parameter)
    if family == "reacher":
        angle = math.radians(values.pop("angle"))
        radius = values.pop("radius")
        values = {"goal_x": radius * math.cos(angle), "goal_y": radius * math.sin(angle),
                  "goal_spread": 0}
    name = f"{'wide' if wide else 'within'}_{index % NEAR + 1}"
    role = "tune" if seed == "tune" else "target"
    return {"name": f"tune_{name}" if role == "tune" else name, "role": role,
            "parameters": {p: round(v, 3) for p, v in values.items()}}


def main():
    if len(sys.argv) != 2 or (len(sys.argv[1]) != 40 and sys.argv[1] != "tune"):
        sys.exit(__doc__)
    seed = sys.argv[1]
    for family in RANGES:
        print(family)
        few = TUNE_FEWER.get(family) if seed == "tune" else None
        for index in few or range(NEAR + FAR):
            print("    " + json.dumps(draw(seed, family, index)) + ",")


if __name__ == "__main__":
    main()
