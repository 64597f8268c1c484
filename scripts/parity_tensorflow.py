"""A frozen TensorFlow graph of InceptionV1's structure, names and sizes with random weights, and what TensorFlow answers
with it; scripts/parity.py uses it. The structure is that of Lucid's InceptionV1 with its auxiliary heads."""

import numpy
import tensorflow as tf

tf1 = tf.compat.v1

# 1x1, 3x3 bottleneck, 3x3, 5x5 bottleneck, 5x5, pool reduce (Szegedy et al. 2015, table 1; mixed4a as in Lucid's file)
BLOCKS = {
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64), "4a": (192, 96, 204, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64), "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128), "5a": (256, 160, 320, 48, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
}
CLASSES = 1008


class Builder:
    def __init__(self):
        self.draw = numpy.random.default_rng(3)

    def constant(self, name, shape, spread):
        return tf.constant(self.draw.normal(0, spread, shape).astype(numpy.float32), name=name)

    def convolution(self, x, name, channels, kernel, stride=1):
        fan_in = kernel * kernel * int(x.shape[3])
        weight = self.constant(f"{name}_w", (kernel, kernel, int(x.shape[3]), channels), (2 / fan_in) ** 0.5)
        bias = self.constant(f"{name}_b", (channels,), 0.1)
        conv = tf1.nn.conv2d(x, weight, [1, stride, stride, 1], "SAME", name=f"{name}_pre_relu/conv")
        return tf1.nn.relu(tf1.nn.bias_add(conv, bias, name=f"{name}_pre_relu"), name=name)

    def matrix(self, x, name, outputs):
        weight = self.constant(f"{name.replace('_pre_activation', '').replace('_pre_relu', '')}_w", (int(x.shape[1]), outputs),
                               (1 / int(x.shape[1])) ** 0.5)
        bias = self.constant(f"{name.replace('_pre_activation', '').replace('_pre_relu', '')}_b", (outputs,), 0.1)
        return tf1.nn.bias_add(tf.matmul(x, weight, name=f"{name}/matmul"), bias, name=name)

    def block(self, x, name, sizes):
        one, three_in, three, five_in, five, pool_out = sizes
        pool = tf1.nn.max_pool(x, [1, 3, 3, 1], [1, 1, 1, 1], "SAME", name=f"{name}_pool")
        branches = [
            self.convolution(x, f"{name}_1x1", one, 1),
            self.convolution(self.convolution(x, f"{name}_3x3_bottleneck", three_in, 1), f"{name}_3x3", three, 3),
            self.convolution(self.convolution(x, f"{name}_5x5_bottleneck", five_in, 1), f"{name}_5x5", five, 5),
            self.convolution(pool, f"{name}_pool_reduce", pool_out, 1),
        ]
        return tf.raw_ops.Concat(concat_dim=tf.constant(3, name=f"{name}/concat_dim"), values=branches, name=name)

    def head(self, x, number):
        pool = tf1.nn.avg_pool(x, [1, 5, 5, 1], [1, 3, 3, 1], "VALID", name=f"head{number}_pool")
        bottleneck = self.convolution(pool, f"head{number}_bottleneck", 128, 1)
        flat = tf.reshape(bottleneck, [-1, int(numpy.prod(bottleneck.shape[1:]))], name=f"head{number}_bottleneck/reshape")
        hidden = tf1.nn.relu(self.matrix(flat, f"nn{number}_pre_relu", 1024), name=f"nn{number}")
        hidden = tf.reshape(hidden, [-1, 1024], name=f"nn{number}/reshape")
        tf.nn.softmax(self.matrix(hidden, f"softmax{number}_pre_activation", CLASSES), name=f"softmax{number}")

    def graph(self):
        x = tf1.placeholder(tf.float32, [None, 224, 224, 3], name="input")

        def norm(tensor, name):
            return tf1.nn.local_response_normalization(tensor, depth_radius=5, bias=2.0, alpha=1e-4, beta=0.5, name=name)

        def pool(tensor, name):
            return tf1.nn.max_pool(tensor, [1, 3, 3, 1], [1, 2, 2, 1], "SAME", name=name)

        x = norm(pool(self.convolution(x, "conv2d0", 64, 7, 2), "maxpool0"), "localresponsenorm0")
        x = self.convolution(self.convolution(x, "conv2d1", 64, 1), "conv2d2", 192, 3)
        x = pool(norm(x, "localresponsenorm1"), "maxpool1")
        for name, sizes in BLOCKS.items():
            if name in ("4a", "5a"):
                x = pool(x, {"4a": "maxpool4", "5a": "maxpool10"}[name])
            x = self.block(x, f"mixed{name}", sizes)
            if name in ("4a", "4d"):
                self.head(x, {"4a": 0, "4d": 1}[name])
        x = tf1.nn.avg_pool(x, [1, 7, 7, 1], [1, 1, 1, 1], "VALID", name="avgpool0")
        x = tf.reshape(x, [-1, 1024], name="avgpool0/reshape")
        tf.identity(tf.nn.softmax(self.matrix(x, "softmax2_pre_activation", CLASSES), name="softmax2"), name="output")


def make(folder, kink_step):
    """The file, a picture as it is fed [1, 224, 224, 3], every tensor by its node's name, and the gradients."""
    graph = tf.Graph()
    with graph.as_default():
        Builder().graph()
    file = folder / "inception-v1.pb"
    file.write_bytes(graph.as_graph_def().SerializeToString())
    picture = numpy.random.default_rng(4).uniform(-117, 138, (1, 224, 224, 3)).astype(numpy.float32)
    session = tf1.Session(graph=graph, config=tf1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1))
    flows = [op.outputs[0] for op in graph.get_operations() if op.type not in ("Const", "Placeholder")]
    values = session.run(flows, {"input:0": picture})
    tensors = {tensor.op.name: value for tensor, value in zip(flows, values)}
    tensors["input"] = picture
    # Lucid's mixed4a_pre_relu: the branches before their last ReLU, side by side.
    ends = ("1x1", "3x3", "5x5", "pool_reduce")
    for name in BLOCKS:
        tensors[f"mixed{name}_pre_relu"] = numpy.concatenate([tensors[f"mixed{name}_{end}_pre_relu"] for end in ends], 3)

    def gradient_of(name, channel, step=None):
        """At the picture, or at one that differs from it by a random step."""
        nearby = picture
        if step is not None:
            noise = numpy.random.default_rng(100 + step).normal(0, 1, picture.shape).astype(numpy.float32)
            nearby = picture + noise * numpy.float32(kink_step * numpy.abs(picture).max())
        with graph.as_default():
            block = name[len("mixed"):-len("_pre_relu")] if name.startswith("mixed") and name.endswith("_pre_relu") else ""
            if block in BLOCKS:
                tensor = tf.concat([graph.get_tensor_by_name(f"mixed{block}_{end}_pre_relu:0") for end in ends], 3)
            else:
                tensor = graph.get_tensor_by_name(f"{name}:0")
            gradient = tf1.gradients(tf.reduce_mean(tensor[..., channel]), graph.get_tensor_by_name("input:0"))[0]
        return session.run(gradient, {"input:0": nearby})[0].transpose(2, 0, 1)

    return file, picture, tensors, gradient_of
