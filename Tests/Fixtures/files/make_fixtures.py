"""Makes the files of this folder with Python's safetensors, numpy and gzip.

Needs `pip install numpy safetensors` (made with safetensors 0.8.0, numpy 2.4.6). Run it in this
folder. `point_by_layerpeel.safetensors` is the one file it reads: LayerPeel wrote it, the script
records what Python finds in it, and a test checks that LayerPeel still writes the same bytes.
"""

import base64
import gzip
import json
import pathlib

import numpy as np
import safetensors
from safetensors import numpy as st

here = pathlib.Path(__file__).parent


def point(classes, dimension, labels, dtype):
    """Entries that are exact in float32, and that a transpose would misplace."""
    rows = len(labels)
    w = (np.arange(classes * dimension).reshape(classes, dimension) - 2.5) / 8
    h = (np.arange(rows * dimension).reshape(rows, dimension) - 7.25) / 16
    return {"W": w.astype(dtype), "H": h.astype(dtype)}


labels = np.array([2, 0, 1, 1, 0])

for name, dtype, label_type in [("double", np.float64, np.int64), ("single", np.float32, np.uint8)]:
    arrays = point(3, 4, labels, dtype) | {"labels": labels.astype(label_type)}
    st.save_file(arrays, here / f"point_{name}.safetensors", metadata={"made": "by Python"})

with_bias = point(3, 4, labels, np.float32) | {
    "labels": labels.astype(np.int32),
    "bias": np.zeros(3, np.float32),
}
st.save_file(with_bias, here / "point_bias.safetensors")

# One array a type: -1.5, 0, 2 or -2, 0, 3 or their like without sign.
real, signed, unsigned = [-1.5, 0, 2], [-2, 0, 3], [0, 3, 200]
arrays = {
    "F64": np.array(real, "<f8"),
    "F32": np.array(real, "<f4"),
    "F16": np.array(real, "<f2"),
    "BOOL": np.array([1, 0, 1], "?"),
    "scalar": np.array(0.1),
    "empty": np.zeros((0, 7)),
    'quote " and é': np.full((1, 1), 42, "u1"),
}
for bits in (8, 16, 32, 64):
    arrays[f"I{bits}"] = np.array(signed, f"<i{bits // 8}")
    arrays[f"U{bits}"] = np.array(unsigned, f"<u{bits // 8}")
specs = {
    name: safetensors.TensorSpec(
        dtype=a.dtype.name, shape=a.shape, data_ptr=a.ctypes.data, data_len=a.nbytes
    )
    for name, a in arrays.items()
}
# numpy has no such type: the upper halves of float32.
brain = (np.array(real, "<f4").view("<u4") >> 16).astype("<u2")
specs["BF16"] = safetensors.TensorSpec(
    dtype="bfloat16", shape=brain.shape, data_ptr=brain.ctypes.data, data_len=brain.nbytes
)
(here / "all_types.safetensors").write_bytes(safetensors.serialize(specs))

# Three images of 2 × 2, of two classes.
def idx(shape, values):
    head = bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
    return head + bytes(values)


images, marks = idx([3, 2, 2], range(240, 252)), idx([3], [1, 0, 1])
for name, content in [("images.idx", images), ("labels.idx", marks)]:
    (here / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
(here / "images.idx").write_bytes(images)
half = len(images) // 2
(here / "members.idx.gz").write_bytes(
    gzip.compress(images[:half], mtime=0) + gzip.compress(images[half:], mtime=0)
)
# A header that promises twelve bytes, and a million zeros after it.
(here / "bomb.idx.gz").write_bytes(gzip.compress(images[:16] + bytes(1 << 20), 9, mtime=0))

ours = here / "point_by_layerpeel.safetensors"
if ours.exists():
    with safetensors.safe_open(ours, "np") as f:
        record = {k: f.get_tensor(k).tolist() for k in f.keys()}
        record["dtypes"] = {k: f.get_tensor(k).dtype.name for k in f.keys()}
        record["metadata"] = f.metadata()
    record["bytes"] = base64.b64encode(ours.read_bytes()).decode()
    text = json.dumps(record, indent=1, sort_keys=True)
    (here / "point_by_layerpeel.json").write_text(text + "\n")
