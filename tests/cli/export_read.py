"""Reads what `suite export` wrote and compares it with the records and with the CSV.

Needs numpy alone: event files are read here by their specification, and their checksums, made from
a table, are compared with those in the file.

    python3 export_read.py WORK     WORK holds runs/, all.csv, tensorboard/, npz/, npz-network/
"""

import csv
import struct
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

RETURNS = ["jumpstart", "jumpstart5", "early10", "auc", "final"]
NORMALISED = ["threshold", "reached", "drop", "collapse"]  # of normalised returns only
BUDGET = 800  # of common.sh's small job


# -- event files: TFRecords of protocol buffers

def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc_table()


def masked_crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


assert masked_crc32c(b"123456789") == ((0xE3069283 >> 15 | 0xE3069283 << 17) + 0xA282EAD8) % 2**32


def records(data):
    while data:
        length, length_crc = struct.unpack_from("<QI", data)
        assert masked_crc32c(data[:8]) == length_crc, "checksum of a length"
        event = data[12:12 + length]
        assert len(event) == length, "the file ends within a record"
        (event_crc,) = struct.unpack_from("<I", data, 12 + length)
        assert masked_crc32c(event) == event_crc, "checksum of an event"
        yield event
        data = data[16 + length:]


def varint(data):
    value = 0
    for i, byte in enumerate(data):
        value |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return value, data[i + 1:]
    raise AssertionError("a number does not end")


def fields(data):
    while data:
        key, data = varint(data)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, data = varint(data)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if kind == 2:
                size, data = varint(data)
            value, data = data[:size], data[size:]
            assert len(value) == size
        yield number, value


def read_events(path):
    """Points (step, value) by tag, in the order of the file."""
    points, last = defaultdict(list), 0
    for i, event in enumerate(records(path.read_bytes())):
        parts = dict(fields(event))
        step = parts.get(2, 0)
        (wall_time,) = struct.unpack("<d", parts.get(1, bytes(8)))
        assert wall_time == step and step >= last
        last = step
        if i == 0:
            assert parts[3] == b"brain.Event:2"
            continue
        for number, value in fields(parts[5]):
            assert number == 1
            scalar = dict(fields(value))
            points[scalar[1].decode()].append((step, np.frombuffer(scalar[2], "<f4")[0]))
    return dict(points)


# -- the records

def read_rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def single(rows, step, value):
    return [(int(row[step]), np.float32(row[value])) for row in rows if row[value] != ""]


def check_events(folder, evaluations, episodes):
    points = read_events(folder / "events.out.tfevents.0.suite")
    wanted = {}
    for policy, group in ("deployed", "eval"), ("network", "network"):
        rows = [row for row in evaluations if row["policy"] == policy]
        for column, tag in ("mean", "return"), ("normalised", "normalised"), ("length", "length"):
            wanted[f"{group}/{tag}"] = single(rows, "step", column)
    wanted["train/episode_return"] = single(episodes, "step", "return")
    wanted["train/episode_length"] = single(episodes, "step", "length")
    assert points == {tag: list_ for tag, list_ in wanted.items() if list_}, folder


def seen_by(rows, policy):
    """The rows of the deployed policy, or where the network has one of its own, that."""
    own = {row["step"]: row for row in rows if row["policy"] == policy}
    return [own.get(row["step"], row) for row in rows if row["policy"] == "deployed"]


def check_evaluations(path, rows):
    with np.load(path, allow_pickle=False) as file:
        assert sorted(file.files) == ["results", "timesteps"]
        steps, results = file["timesteps"], file["results"]
    assert steps.dtype == np.int64 and results.dtype == np.float64
    np.testing.assert_array_equal(steps, [int(row["step"]) for row in rows])
    np.testing.assert_array_equal(
        results, [[float(value) for value in row["returns"].split(";")] for row in rows])


def metric(name, steps, curve):
    if name == "jumpstart":
        return curve[0]
    if name == "jumpstart5":
        return curve[(steps > 0) & (steps <= 0.05 * BUDGET)].mean()
    if name == "final":
        return curve[steps >= 0.9 * BUDGET].mean()
    end = {"early10": 0.1, "auc": 1.0}[name] * BUDGET
    x = np.append(steps[steps < end], end)
    y = np.interp(x, steps, curve)
    return np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2) / end


def metric_of_normalised(name, steps, curve):
    if np.isnan(curve).any():
        return np.nan
    if name in ("drop", "collapse"):
        best = np.maximum.accumulate(curve)
        return (best - curve if name == "drop" else (best > 0) & (curve < 0.8 * best)).mean()
    recent = np.array([curve[max(0, i - 2):i + 1].mean() for i in range(len(curve))])
    above = recent >= 0.8
    if name == "reached":
        return float(above.any())
    if not above.any():
        return 1.0
    i = above.argmax()
    return np.interp(0.8, recent[i - 1:i + 1], steps[i - 1:i + 1]) / BUDGET if i else 0.0


def check_scores(path, rows, policy):
    runs = defaultdict(list)
    for row in rows:
        column = row["method"] + ("+" + row["label"] if row["label"] else "")
        runs[column, int(row["seed"]), row["member"]].append(row)
    columns = {column for column, _, _ in runs}
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    members, seeds, steps = (arrays.pop(name) for name in ("members", "seeds", "steps"))
    assert members.dtype.kind == "U" and members.tolist() == sorted({m for _, _, m in runs})
    assert seeds.tolist() == sorted({seed for _, seed, _ in runs})
    assert steps.tolist() == sorted({int(row["step"]) for row in rows})
    assert len(arrays) == len(columns) * (2 * (len(RETURNS) + 1) + len(NORMALISED))

    for column in columns:
        for i, seed in enumerate(seeds):
            for j, member in enumerate(members):
                seen = seen_by(runs.get((column, int(seed), str(member)), []), policy)
                for kind, value in ("raw", "mean"), ("normalised", "normalised"):
                    curve = np.array([float(row[value] or "nan") for row in seen] or
                                     [np.nan] * len(steps))
                    np.testing.assert_array_equal(arrays[f"{kind}/curve/{column}"][i, j], curve)
                    for name in RETURNS:
                        np.testing.assert_allclose(
                            arrays[f"{kind}/{name}/{column}"][i, j], metric(name, steps, curve),
                            rtol=1e-12, err_msg=f"{kind} {name} of {column}")
                for name in NORMALISED:  # of the normalised curve, which is the last
                    np.testing.assert_allclose(
                        arrays[f"normalised/{name}/{column}"][i, j],
                        metric_of_normalised(name, steps, curve), rtol=1e-12, atol=1e-12,
                        err_msg=f"{name} of {column}")


def main(work):
    exported = defaultdict(list)
    for row in read_rows(work / "all.csv"):
        column = row["method"] + ("+" + row["label"] if row["label"] else "")
        exported[row["task"], row["member"], column, row["seed"]].append(row)
    for (family, member, column, seed), rows in exported.items():
        place = Path(family, member, column, f"seed-{seed}")
        evaluations = read_rows(work / "runs" / place / "evals.csv")
        check_events(work / "tensorboard" / place, rows,
                     read_rows(work / "runs" / place / "episodes.csv"))
        for policy, folder in ("deployed", "npz"), ("network", "npz-network"):
            check_evaluations(
                work / folder / family / column / f"{member}_{seed}" / "evaluations.npz",
                seen_by(evaluations, policy))
    rows = [row for rows in exported.values() for row in rows]
    roles = sorted({row["role"] for row in rows})
    assert roles == ["target", "tune"], roles
    for role in roles:
        of_role = [row for row in rows if row["role"] == role]
        for policy, folder in ("deployed", "npz"), ("network", "npz-network"):
            check_scores(work / folder / "reacher" / f"scores-{role}.npz", of_role, policy)
    assert any(row["policy"] == "network" for row in rows)
    print(f"{len(exported)} runs are read as they were written")


main(Path(sys.argv[1]))
