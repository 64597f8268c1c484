#!/usr/bin/env python3
"""Makes assets/experiments/starter: the ready experiment of the embedded model on the starter pictures.

    scripts/ready_experiment.py UNITSCOPE_CLI STARTER_FOLDER

units.csv    the units: eighteen drawn ones, and the catch and practice trials that the rule chose (unit and picture)
sweeps.json  the places that the complete sweeps found, so that making the experiment takes seconds: the program computes
             the extremes again and takes a place over only if they agree

Every sweep is computed, whatever ships already: some minutes on two cores. Then the experiment is made again from the two
files, which has to take seconds and give the same trials. UNITSCOPE_CLI finds this checkout's assets.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

ASSETS = pathlib.Path(__file__).resolve().parent.parent / "assets/experiments/starter"


def run(*words):
    subprocess.run([str(word) for word in words], check=True)


def sweeps_of(folder):
    """The records of an experiment's folder, the complete ones and what was screened, each spec once."""
    files = sorted(folder.glob("stimuli/*/sweep.json")) + [folder / "screened.json"]
    records = {}
    for file in files:
        for record in json.loads(file.read_text())["sweeps"]:
            spec = record["spec"]
            records[(spec["unit"], spec["picture"]["sha256"], spec["stride_px"])] = record
    return [records[key] for key in sorted(records)]


def units_with_choices(folder, units):
    """units.csv with a row for each catch and practice trial."""
    header, *rows = list(csv.reader(units.read_text().splitlines()))
    place = {name: index for index, name in enumerate(header)}
    experiment = json.loads((folder / "trials.json").read_text())
    by_unit = {entry["unit"]: entry for entry in experiment["units"]}
    for trial in experiment["trials"]:
        if trial["role"] == "main":
            continue
        entry = by_unit[trial["unit"]]
        row = [""] * len(header)
        row[place["unit"]] = trial["unit"]
        row[place["layer_name"]] = entry["layer_name"]
        row[place["kernel_size"]] = entry["branch"]
        row[place["feature_map_number"]] = trial["unit"].rsplit(":", 1)[1]
        row[place["role"]] = trial["role"]
        row[place["hand_picked"]] = "false"
        row[place["picture"]] = trial["picture"]
        rows.append(row)
    return [header] + rows


def places(folder):
    """What was chosen and found, by trial."""
    trials = json.loads((folder / "trials.json").read_text())["trials"]
    return {(trial["unit"], trial["role"], trial["picture"]): (trial["min"], trial["max"]) for trial in trials}


def write_sweeps(records):
    lines = ",\n".join(json.dumps(record, separators=(",", ":")) for record in records)
    (ASSETS / "sweeps.json").write_text('{"kind":"unitscope sweeps","version":1,"sweeps":[\n' + lines + "\n]}\n")


def main(cli, pictures):
    ASSETS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        drawn, folder, again = (pathlib.Path(temporary) / name for name in ("units.csv", "experiment", "again"))
        run(cli, "units", "sample", "--per-layer", "2", "--seed", "0", "--out", drawn)
        make = ["trials", "make", "--images", pictures, "--seed", "0", "--tier", "quick"]
        run(cli, *make, "--sweep-all", "--units", drawn, "--out", folder)
        with open(ASSETS / "units.csv", "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(units_with_choices(folder, drawn))
        records = sweeps_of(folder)
        write_sweeps(records)
        run(cli, *make, "--units", ASSETS / "units.csv", "--out", again)
        if places(folder) != places(again) or list(again.glob("stimuli/*/map.npy")):
            sys.exit("The experiment made from these files is another one, or was swept again")
    print(f"{len(records)} sweeps in {ASSETS}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
