"""An ONNX file run by PyTorch, node by node, so that every tensor of the file has a value and a gradient to compare with.
Knows the operators that PyTorch's exporters write for torchvision's networks; scripts/parity.py uses it."""

import numpy
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def attributes_of(node):
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def same_axis_pads(pads):
    """ONNX's [top, left, bottom, right] as PyTorch's [left, right, top, bottom]."""
    return [pads[1], pads[3], pads[0], pads[2]]


def convolution(x, weight, bias=None, *, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1, **_):
    return F.conv2d(F.pad(x, same_axis_pads(pads)), weight, bias, tuple(strides), 0, tuple(dilations), group)


def max_pool(x, *, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), ceil_mode=0, **_):
    assert pads[0] == pads[2] and pads[1] == pads[3]
    return F.max_pool2d(x, tuple(kernel_shape), tuple(strides), tuple(pads[:2]), tuple(dilations), bool(ceil_mode))


def average_pool(x, *, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0), ceil_mode=0, count_include_pad=0, **_):
    assert pads[0] == pads[2] and pads[1] == pads[3]
    return F.avg_pool2d(x, tuple(kernel_shape), tuple(strides), tuple(pads[:2]), bool(ceil_mode), bool(count_include_pad))


def reshape(x, shape, *, allowzero=0, **_):
    target = [int(side) for side in shape]
    if not allowzero:
        target = [x.shape[i] if side == 0 else side for i, side in enumerate(target)]
    return x.reshape(target)


def reduce_mean(x, axes=None, *, keepdims=1, **named):
    axes = named.get("axes") if axes is None else axes
    return x.mean(tuple(int(axis) for axis in axes), keepdim=bool(keepdims))


def clip(x, low=None, high=None, *, min=None, max=None):
    return x.clamp(low if low is not None else min, high if high is not None else max)


def squeeze(x, axes=None, **named):
    axes = named.get("axes") if axes is None else axes
    if axes is None:
        return x.squeeze()
    for axis in sorted((int(axis) % x.dim() for axis in axes), reverse=True):
        x = x.squeeze(axis)
    return x


def unsqueeze(x, axes=None, **named):
    axes = [int(axis) for axis in (named.get("axes") if axes is None else axes)]
    for axis in sorted(axis % (x.dim() + len(axes)) for axis in axes):
        x = x.unsqueeze(axis)
    return x


def slice_(x, starts, ends, axes=None, steps=None, **_):
    for i in range(len(starts)):
        axis = int(axes[i]) if axes is not None else i
        assert steps is None or int(steps[i]) == 1
        index = [slice(None)] * x.dim()
        index[axis] = slice(int(starts[i]), min(int(ends[i]), 2**31))
        x = x[tuple(index)]
    return x


def split(x, sizes=None, *, axis=0, outputs=2, **named):
    sizes = named.get("split") if sizes is None else sizes
    parts = [int(size) for size in sizes] if sizes is not None else -(-x.shape[axis] // outputs)
    return torch.split(x, parts, axis)


def layer_norm(x, scale, shift=None, *, axis=-1, epsilon=1e-5, **_):
    return F.layer_norm(x, x.shape[axis:] if axis < 0 else x.shape[axis:], scale, shift, epsilon)


def gather(x, index, *, axis=0, **_):
    picked = torch.index_select(x, axis, index.reshape(-1))
    return picked.reshape(x.shape[:axis] + index.shape + x.shape[axis + 1:])


def gemm(a, b, c=None, *, alpha=1.0, beta=1.0, transA=0, transB=0, **_):
    product = alpha * ((a.t() if transA else a) @ (b.t() if transB else b))
    return product if c is None else product + beta * c


def constant(**named):
    if "value" in named:
        return torch.from_numpy(numpy_helper.to_array(named["value"]).copy())
    value = next(iter(named.values()))
    return torch.tensor(value)


def batch_norm(x, scale, shift, mean, variance, *, epsilon=1e-5, **_):
    return F.batch_norm(x, mean, variance, scale, shift, False, 0.0, epsilon)


def divide(a, b):
    return torch.div(a, b, rounding_mode=None if a.is_floating_point() else "floor")


OPERATORS = {
    "Add": lambda a, b: a + b,
    "AveragePool": average_pool,
    "BatchNormalization": batch_norm,
    "Cast": lambda x, *, to, **_: x.float() if to == 1 else x.long() if to == 7 else x,
    "Clip": clip,
    "Concat": lambda *parts, axis: torch.cat([part.reshape(-1) if part.dim() == 0 else part for part in parts], axis),
    "Constant": constant,
    "ConstantOfShape": lambda shape, *, value: torch.from_numpy(numpy_helper.to_array(value).copy()).expand([int(s) for s in shape]),
    "Conv": convolution,
    "Div": divide,
    "Dropout": lambda x, *_, **__: x,
    "Erf": torch.erf,
    "Flatten": lambda x, *, axis=1: x.flatten(axis),
    "Floor": torch.floor,
    "Gather": gather,
    "Gelu": lambda x, *, approximate=b"none": F.gelu(x, approximate=approximate.decode()),
    "Gemm": gemm,
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
    "GlobalMaxPool": lambda x: x.amax((2, 3), keepdim=True),
    "HardSigmoid": lambda x, *, alpha=0.2, beta=0.5: (alpha * x + beta).clamp(0, 1),
    "HardSwish": lambda x: x * (x / 6 + 0.5).clamp(0, 1),
    "Identity": lambda x: x,
    "LayerNormalization": layer_norm,
    "MatMul": lambda a, b: a @ b,
    "MaxPool": max_pool,
    "Mul": lambda a, b: a * b,
    "Pad": lambda x, pads, value=0.0, *_, **__: F.pad(x, [int(pads[i]) for i in (3, 7, 2, 6)], value=float(value)),
    "Pow": lambda a, b: a ** b,
    "Range": lambda start, end, step: torch.arange(int(start), int(end), int(step)),
    "Reciprocal": torch.reciprocal,
    "ReduceMean": reduce_mean,
    "Relu": torch.relu,
    "Reshape": reshape,
    "Shape": lambda x, *, start=0, end=None: torch.tensor(list(x.shape)[start:end]),
    "Sigmoid": torch.sigmoid,
    "Slice": slice_,
    "Softmax": lambda x, *, axis=-1: x.softmax(axis),
    "Split": split,
    "Sqrt": torch.sqrt,
    "Squeeze": squeeze,
    "Sub": lambda a, b: a - b,
    "Tanh": torch.tanh,
    "Transpose": lambda x, *, perm: x.permute(tuple(perm)),
    "Unsqueeze": unsqueeze,
}


def run(model, picture):
    """Every tensor of the file by name, for this picture [1, C, H, W]."""
    graph = model.graph
    tensors = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    tensors[graph.input[0].name] = picture
    for node in graph.node:
        inputs = [tensors[name] if name else None for name in node.input]
        named = attributes_of(node)
        if node.op_type == "Split":
            named["outputs"] = len(node.output)
        result = OPERATORS[node.op_type](*inputs, **named)
        for name, value in zip(node.output, result if isinstance(result, tuple) else (result,)):
            tensors[name] = value
    return tensors
