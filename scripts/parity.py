"""What scripts/parity.sh runs: makes models with random weights, asks unitscope-cli for every activation and for the
input gradient of a unit of every layer of units, and compares those that are tensors of the file with PyTorch and
TensorFlow.

    parity.py [NAME...]    NAME: a row of the table below, such as resnet50 or inception-v1.pb
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import numpy
import onnx
import torch
import torchvision

import parity_onnx

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLI = os.environ.get("UNITSCOPE_CLI", ROOT / "build" / "bin" / "unitscope-cli")
LARGEST_ERROR = 1e-4  # of the layer's largest magnitude
# A gradient jumps where a ReLU's input is 0 or two cells of a pool are equal, and of millions of cells a few are so near
# that the last bits decide. Where the error is larger, the reference's own gradient is asked for pictures that differ by
# this share; if it jumps as far, the picture lies at such a kink, and the row says how many layers do.
KINK_STEP, KINK_PICTURES = 1e-5, 4

# Name: input side in pixels. Small ones where the network takes any, so that the gradients take minutes.
TORCHVISION = {
    "alexnet": 224, "vgg11": 224, "vgg11_bn": 224, "resnet18": 96, "resnet50": 96, "resnext50_32x4d": 96,
    "wide_resnet50_2": 96, "densenet121": 96, "squeezenet1_1": 96, "googlenet": 96, "inception_v3": 128,
    "mobilenet_v2": 96, "mobilenet_v3_small": 96, "mobilenet_v3_large": 96, "efficientnet_b0": 96,
    "efficientnet_v2_s": 96, "regnet_x_400mf": 96, "regnet_y_400mf": 96, "shufflenet_v2_x1_0": 96,
    "convnext_tiny": 96, "mnasnet0_5": 96,
}
# Both exporters; of the older one the operator sets between which operators changed.
EXPORTS = [("script", 11), ("script", 13), ("script", 17), ("script", 20), ("dynamo", 18), ("dynamo", 20)]
FULL = {"convnext_tiny", "mobilenet_v3_small", "shufflenet_v2_x1_0", "googlenet", "efficientnet_b0", "squeezenet1_1"}


def make(name):
    """The network with weights that leave no layer silent or saturated."""
    torch.manual_seed(0)
    options = {"init_weights": False, "aux_logits": False} if name in ("googlenet", "inception_v3") else {}
    network = getattr(torchvision.models, name)(weights=None, **options).eval()
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.copy_(torch.randn(module.running_mean.shape, generator=draw) * 0.1)
                module.running_var.copy_(torch.rand(module.running_var.shape, generator=draw) + 0.5)
                module.weight.copy_(torch.rand(module.weight.shape, generator=draw) + 0.5)
                module.bias.copy_(torch.randn(module.bias.shape, generator=draw) * 0.1)
            if hasattr(module, "layer_scale"):
                module.layer_scale.fill_(0.3)
    return network


def export(network, exporter, opset, side, file):
    options = {"opset_version": opset, "input_names": ["input"], "output_names": ["logits"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if exporter == "script":
            torch.onnx.export(network, (torch.randn(1, 3, side, side),), str(file), dynamo=False,
                              dynamic_axes={"input": {0: "pictures"}}, **options)
        else:
            torch.onnx.export(network, (torch.randn(2, 3, side, side),), str(file), dynamo=True, verbose=False,
                              dynamic_shapes=({0: torch.export.Dim("pictures")},), **options)


def ask(model, tensor, folder):
    command = [CLI, "respond", "--model", model, "--tensor", tensor, "--all", "--gradient", "--out", folder, "--json",
               "--threads", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)["layers"]


def error_of(ours, theirs):
    """The largest difference as a share of the reference's largest magnitude."""
    if ours.shape != theirs.shape:
        raise RuntimeError(f"shape {ours.shape} instead of {theirs.shape}")
    scale = numpy.abs(theirs).max()
    return float(numpy.abs(ours - theirs).max() / scale) if scale > 0 else float(numpy.abs(ours).max())


def as_map(tensor):
    """[1, C, H, W] or [1, C] or, of a view, in another order: as unitscope keeps it, [C, H, W]; None if it cannot be."""
    shape = tensor.shape
    if len(shape) == 4:
        return tensor[0]
    if len(shape) == 2:
        return tensor[0].reshape(-1, 1, 1)
    return None


def compare(layers, folder, reference, gradient_of):
    """(layers compared, worst activation error, gradients compared, worst gradient error, kinks, complaints)"""
    worst, worst_gradient, count, gradients, kinks, complaints = 0.0, 0.0, 0, 0, 0, []
    for layer in layers:
        name = layer["layer"]
        theirs = reference.get(name)
        if theirs is None and name.endswith("_pre_relu"):
            continue  # a view that the file does not have; the activations of its parts are compared
        if theirs is None:
            complaints.append(f"{name} is not in the reference")
            continue
        ours = numpy.load(folder / layer["file"])
        theirs = theirs.numpy() if isinstance(theirs, torch.Tensor) else theirs
        maps = [theirs] if theirs.shape == ours.shape else []
        if theirs.ndim == 3 and theirs.size == ours.size:
            maps += [theirs.reshape(ours.shape), theirs.transpose(2, 0, 1)]  # a squeezed axis, or channels last
        maps = [candidate for candidate in maps if candidate.shape == ours.shape]
        if not maps:
            complaints.append(f"{name}: shape {ours.shape} instead of {theirs.shape}")
            continue
        error = min(error_of(ours, candidate) for candidate in maps)
        worst, count = max(worst, error), count + 1
        if not error <= LARGEST_ERROR:
            complaints.append(f"{name}: activation off by {error:.1e}")
        if "gradient" in layer:
            ours = numpy.load(folder / layer["gradient"]["file"])
            theirs = gradient_of(name, layer["shape"][0] // 2)
            error, gradients = error_of(ours, theirs), gradients + 1
            if error <= LARGEST_ERROR:
                worst_gradient = max(worst_gradient, error)
                continue
            jumps = [error_of(gradient_of(name, layer["shape"][0] // 2, step), theirs) for step in range(KINK_PICTURES)]
            if error <= 2 * max(jumps):
                kinks += 1
            else:
                complaints.append(f"{name}: gradient off by {error:.1e}, its own jumps are {max(jumps):.1e}")
    return count, worst, gradients, worst_gradient, kinks, complaints


def check_onnx(name, exporter, opset, folder):
    network, side = make(name), TORCHVISION[name]
    file = folder / f"{name}.onnx"
    export(network, exporter, opset, side, file)
    torch.manual_seed(2)
    picture = torch.randn(1, 3, side, side)
    numpy.save(folder / "x.npy", picture.numpy())
    layers = ask(file, folder / "x.npy", folder / "out")

    leaf = picture.clone().requires_grad_(True)
    model = onnx.load(str(file))
    tensors = parity_onnx.run(model, leaf)
    with torch.no_grad():
        logits = network(picture)
    exported = error_of(tensors["logits"].detach().numpy(), logits.numpy())
    if not exported <= LARGEST_ERROR:
        raise RuntimeError(f"the exporter itself is off by {exported:.1e}")

    def gradient_of(tensor, channel, step=None):
        """At the picture, or at one that differs from it by a random step."""
        nearby, values = leaf, tensors[tensor]
        if step is not None:
            draw = torch.Generator().manual_seed(100 + step)
            nearby = (picture + torch.randn(picture.shape, generator=draw) * KINK_STEP * picture.abs().max()).requires_grad_(True)
            values = parity_onnx.run(model, nearby)[tensor]
        axis = 3 if tensor in channels_last else 1
        return torch.autograd.grad(values.select(axis, channel).mean(), nearby, retain_graph=True)[0][0].numpy()

    reference, channels_last = {}, set()
    shapes = {layer["layer"]: layer["shape"] for layer in layers}
    for tensor, values in tensors.items():
        if tensor not in shapes or not torch.is_tensor(values):
            continue
        channels = shapes[tensor][0]
        if values.dim() == 4 and list(values.shape[1:]) != shapes[tensor] and values.shape[3] == channels:
            channels_last.add(tensor)
            values = values.permute(0, 3, 1, 2)
        detached = values.detach()
        reference[tensor] = as_map(detached) if detached.dim() != 3 else detached
    return compare(layers, folder / "out", reference, gradient_of)


def check_inception_v1(folder):
    import parity_tensorflow

    file, picture, tensors, gradient_of = parity_tensorflow.make(folder, KINK_STEP)
    numpy.save(folder / "x.npy", numpy.ascontiguousarray(picture.transpose(0, 3, 1, 2)))
    layers = ask(file, folder / "x.npy", folder / "out")
    reference = {}
    for name, values in tensors.items():
        reference[name] = values[0].transpose(2, 0, 1) if values.ndim == 4 else values[0].reshape(-1, 1, 1)
    return compare(layers, folder / "out", reference, gradient_of)


def rows(asked):
    for name in TORCHVISION:
        for exporter, opset in EXPORTS:
            usual = (exporter, opset) in (("script", 17), ("dynamo", 18))
            if (name in FULL or usual) and (not asked or name in asked):
                yield name, f"{exporter}, opset {opset}", lambda folder, n=name, e=exporter, o=opset: check_onnx(n, e, o, folder)
    if not asked or "inception-v1.pb" in asked:
        yield "InceptionV1 (GraphDef)", "TensorFlow", check_inception_v1


def write_table(table):
    readme = ROOT / "tests" / "README.md"
    text = readme.read_text()
    marked = re.compile(r"(<!-- parity: begin -->\n).*(<!-- parity: end -->)", re.DOTALL)
    readme.write_text(marked.sub(lambda match: match[1] + table + match[2], text))


def main():
    asked = sys.argv[1:]
    lines = ["| model | exported by | layers | largest error | gradients | largest error | at kinks | |\n",
             "|---|---|--:|--:|--:|--:|--:|---|\n"]
    red = 0
    print("".join(lines), end="", flush=True)
    for name, how, check in rows(asked):
        with tempfile.TemporaryDirectory() as folder:
            try:
                count, worst, gradients, worst_gradient, kinks, complaints = check(pathlib.Path(folder))
                numbers = f"{count} | {worst:.1e} | {gradients} | {worst_gradient:.1e} | {kinks}"
            except Exception as problem:  # a row of the table, whatever went wrong
                numbers, complaints = "– | – | – | – | –", [f"{type(problem).__name__}: {str(problem)[:300]}"]
        red += 1 if complaints else 0
        line = f"| {name} | {how} | {numbers} | {'✗' if complaints else '✓'} |\n"
        lines.append(line)
        print(line, end="", flush=True)
        for complaint in complaints[:5]:
            print("   ", complaint, flush=True)
    if not asked:
        write_table("".join(lines))
    print(f"{len(lines) - 2} rows, {red} red")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
