"""Makes the .npz files of this folder with NumPy.

Needs `pip install numpy` (made with numpy 2.4.6). Run it in this folder.
`point_by_layerpeel.npz` is the one file it reads: LayerPeel wrote it, the script makes sure that
NumPy opens it without pickle and would write every array of it in the same bytes.
"""

import io
import json
import pathlib
import zipfile

import numpy as np

here = pathlib.Path(__file__).parent

# Entries that are exact in float16, and that a transpose would misplace.
labels = np.array([2, 0, 1, 1, 0])
w = (np.arange(12).reshape(3, 4) - 2.5) / 8
h = (np.arange(20).reshape(5, 4) - 7.25) / 16


def archive(name, members, pack=zipfile.ZIP_STORED, version=None, file=None):
    """As numpy.savez does it, but with a choice of the header's version and of the file."""
    with zipfile.ZipFile(file or here / f"{name}.npz", "w", pack) as target:
        for key, array in members.items():
            with target.open(f"{key}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), version)


# Every type, byte order and order of indices: 2 × 3 entries under names such as `<f8 C`.
real = [[-1.5, 0, 2], [0.25, -8, 1]]
signed = [[-2, 0, 3], [100, -100, 1]]
unsigned = [[0, 3, 200], [1, 255, 2]]
arrays = {}
for kind, values in ("f", real), ("i", signed), ("u", unsigned):
    for size in (1, 2, 4, 8):
        for order in "<>" if size > 1 else "|":
            for layout in "CF":
                if kind + str(size) != "f1":
                    code = f"{order}{kind}{size}"
                    arrays[f"{code} {layout}"] = np.array(values, code, order=layout)
arrays["cube"] = np.array(np.arange(24.0).reshape(2, 3, 4), order="F")
arrays["scalar"] = np.array(0.1)
arrays["empty"] = np.zeros((0, 7))
arrays["large"] = np.array([0, 2**63], "u8")
np.savez(here / "arrays_stored.npz", **arrays)
np.savez_compressed(here / "arrays_deflated.npz", **arrays)
for version in (1, 2, 3):
    archive(f"arrays_version{version}", {"x": np.array(real)}, version=(version, 0))

# Headers of many lengths; with fifteen extents the room to grow takes another 64 bytes.
np.savez(
    here / "arrays_written.npz",
    scalar=np.array(0.1),
    list=np.arange(3),
    deep=np.ones((1,) * 15),
    empty=np.zeros((0, 7), "f4"),
    text=np.frombuffer(b"text", "u1"),
)

# What is refused, one array a kind.
refused = {
    "object": np.array([{}, 1], object),
    "complex": np.array([1j, 2]),
    "structured": np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
    "subarray": np.zeros(2, [("a", "f8", (2,))]),
    "text": np.array(["a", "é"]),
    "bytes": np.array([b"a", b"bc"]),
    "bool": np.array([True, False]),
    "time": np.array(["2020-01-01"], "M8[D]"),
    "long": np.zeros(1, "f16"),
    "void": np.zeros(2, "V3"),
}
np.savez(here / "refused.npz", **refused)

# One point in many ways.
np.savez(here / "point.npz", W=w, H=h, labels=labels)
np.savez_compressed(
    here / "point_other.npz",
    W=np.asfortranarray(w).astype(">f2"),
    features=np.asfortranarray(h).astype("<f4"),
    labels=labels.astype(">u2"),
    bias=np.array([0.5, -1, 2], "f4"),
    metadata=np.array("somebody else's"),
    **{k: refused[k] for k in ("object", "text")},
)
# Two classes that the bias brings nearer: margins of 3 and 1, a squared norm of 2 + 1/2 + 4.
np.savez_compressed(
    here / "point_bias.npz",
    W=np.array([[1], [-1]], "f4"),
    H=np.asfortranarray([[1.0], [-1]]),
    bias=np.array([0.5, -0.5]),
    labels=np.array([0, 1], "i4"),
)
np.savez(here / "point_both.npz", H=h, features=-h, W=w, labels=labels.astype("u1"))


class Pipe(io.RawIOBase):
    """What cannot be rewound: sizes and checksums stand behind the data instead of before it."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, more):
        self.content += bytes(more)
        return len(more)


pipe = Pipe()
archive("", {"W": w, "H": h, "labels": labels}, zipfile.ZIP_DEFLATED, file=pipe)
(here / "point_streamed.npz").write_bytes(pipe.content)

# Eight entries by its header, a million by its size: no more memory than for the eight.
head = io.BytesIO()
np.save(head, np.zeros((2, 4)))
with zipfile.ZipFile(here / "bomb.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
    target.writestr(zipfile.ZipInfo("W.npy"), head.getvalue()[:128] + bytes(8 << 20), 8, 9)

ours = here / "point_by_layerpeel.npz"
if ours.exists():
    found = np.load(ours, allow_pickle=False)
    members = zipfile.ZipFile(ours)
    assert members.testzip() is None
    for name in found.files:
        again = io.BytesIO()
        np.save(again, found[name])
        assert members.read(f"{name}.npy") == again.getvalue(), name
    record = {name: found[name].tolist() for name in ("W", "H", "labels")}
    record["dtypes"] = {name: found[name].dtype.name for name in found.files}
    record["metadata"] = json.loads(bytes(found["metadata"]))
    text = json.dumps(record, indent=1, sort_keys=True)
    (here / "point_by_layerpeel_npz.json").write_text(text + "\n")
