"""Checks that a file is Lucid's InceptionV1 by what unitscope-cli reads in it, and writes its sidecar; for
scripts/fetch_models.sh.

    check_inception_v1.py CLI FILE.pb                      exits 1 with one sentence for the first thing that is not so
    check_inception_v1.py --sidecar LABELS SOURCE FILE     writes the JSON that stands beside the model
"""

import json
import subprocess
import sys

LOGITS = 1008
# Channels of the branches 1x1, 3x3, 5x5 and pool, and of the bottlenecks before 3x3 and 5x5.
BLOCKS = {
    "3a": ((64, 128, 32, 32), (96, 16)), "3b": ((128, 192, 96, 64), (128, 32)), "4a": ((192, 204, 48, 64), (96, 16)),
    "4b": ((160, 224, 64, 64), (112, 24)), "4c": ((128, 256, 64, 64), (128, 24)), "4d": ((112, 288, 64, 64), (144, 32)),
    "4e": ((256, 320, 128, 128), (160, 32)), "5a": ((256, 320, 128, 128), (160, 48)),
    "5b": ((384, 384, 128, 128), (192, 48)),
}


def expected_channels():
    channels = {"input": 3, "conv2d0_pre_relu": 64, "conv2d0": 64, "maxpool0": 64, "localresponsenorm0": 64,
                "conv2d1_pre_relu": 64, "conv2d1": 64, "conv2d2_pre_relu": 192, "conv2d2": 192, "maxpool1": 192,
                "softmax2_pre_activation": LOGITS, "softmax2": LOGITS}
    for name, (ends, bottlenecks) in BLOCKS.items():
        block = f"mixed{name}"
        channels[block] = channels[f"{block}_pre_relu"] = sum(ends)
        for part, count in zip(("1x1", "3x3", "5x5", "pool_reduce"), ends):
            channels[f"{block}_{part}"] = channels[f"{block}_{part}_pre_relu"] = count
        for part, count in zip(("3x3_bottleneck", "5x5_bottleneck"), bottlenecks):
            channels[f"{block}_{part}"] = channels[f"{block}_{part}_pre_relu"] = count
    return channels


def check(cli, file):
    done = subprocess.run([cli, "units", "--model", file, "--all", "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr.strip()  # weights that are not finite or do not fit their shapes are refused there
    found = {layer["layer"]: layer["channels"] for layer in json.loads(done.stdout)}
    for name, channels in expected_channels().items():
        if name not in found:
            return f"{file} is not Lucid's InceptionV1: it has no tensor {name}"
        if found[name] != channels:
            return f"{file} is not Lucid's InceptionV1: {name} has {found[name]} channels, not {channels}"
    return None


def write_sidecar(labels_file, source, file):
    with open(labels_file, encoding="utf-8") as lines:
        labels = [line.strip() for line in lines.read().splitlines()]
    if not 1000 <= len(labels) <= LOGITS:
        sys.exit(f"fetch_models: {len(labels)} labels are not those of InceptionV1's {LOGITS} logits; nothing was written")
    labels += [f"unused {i}" for i in range(len(labels), LOGITS)]
    sidecar = {
        "name": "InceptionV1",
        "input": {"name": "input", "channels": "RGB", "height": 224, "width": 224, "scale": 255, "shift": -117,
                  "resize_short_side": 256, "crop": 224, "interpolation": "bilinear, antialiased"},
        "logits": "softmax2_pre_activation", "probabilities": "softmax2", "labels": labels, "source": source,
    }
    with open(file, "w", encoding="utf-8") as out:
        json.dump(sidecar, out, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    if sys.argv[1] == "--sidecar":
        write_sidecar(*sys.argv[2:])
    else:
        fault = check(*sys.argv[1:])
        if fault:
            sys.exit(f"fetch_models: {fault}")
