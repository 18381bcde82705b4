"""The lowest curvature on the sphere by SciPy's `eigsh` and by ours, on the same operator and start.

    swift build -c release --product CurvatureTimes
    python Benchmarks/curvature_peers.py FOLDER [--repeat 5]

`K=10, n=100, d=64`: 64,640 unknowns, at a Gaussian point and at two equal blocks of classes, whose lowest
curvature is `μ - σ`. The operator is `Π (∇²L + μ) Π`, float64; `eigsh(which='SA', k=1, tol=1e-8)` on a
`LinearOperator` in NumPy, with the same first vector as ours (SplitMix64). Both are ARPACK, with 20
Lanczos vectors; ours is told to stop at an error of 1e-8 of the eigenvalue, as SciPy does. One thread
each (`--threads 2` gives NumPy two). `size_seconds` is what
ours takes beforehand to know the largest curvature, to a hundredth.
One JSON line a variant; the load of the machine stands in each.
"""
import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES, PER_CLASS, DIM = 10, 100, 64


def points():
    import numpy as np
    from make_start import gaussian

    labels = np.repeat(np.arange(CLASSES), PER_CLASS)
    size = CLASSES // 2
    simplex = np.eye(size) - 1 / size
    root = np.kron(np.eye(2), simplex) @ np.eye(CLASSES, DIM)
    features = root[labels] / np.sqrt(PER_CLASS)
    scale = 8 / np.sqrt((root**2).sum() + (features**2).sum())
    yield "gaussian", gaussian(CLASSES, PER_CLASS, DIM, 0)
    yield "blocks", {"W": scale * root, "H": scale * features, "labels": labels}


def splitmix(count, seed=0):
    """`count` numbers in (-1, 1), as our first Lanczos vector."""
    mask, state, numbers = (1 << 64) - 1, seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        numbers.append(2 * ((((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992) - 1)
    return numbers


def operator(point):
    """`Π (∇²L + μ) Π` on flat vectors, `W` first."""
    import numpy as np
    from scipy.sparse.linalg import LinearOperator

    w, h, labels = point["W"], point["H"], point["labels"]
    logits = h @ w.T
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    g = p.copy()
    g[np.arange(len(labels)), labels] -= 1
    theta = np.concatenate([w.ravel(), h.ravel()])
    squared = theta @ theta
    mu = -2 * (g * logits).sum() / squared
    split = w.size

    def product(vector):
        v = vector - (theta @ vector / squared) * theta
        dw, dh = v[:split].reshape(w.shape), v[split:].reshape(h.shape)
        dz = h @ dw.T + dh @ w.T
        dp = p * dz
        dp -= p * dp.sum(1, keepdims=True)
        out = np.concatenate([(dp.T @ h + g.T @ dh).ravel(), (dp @ w + g @ dw).ravel()])
        out += mu * v
        return out - (theta @ out / squared) * theta

    return LinearOperator((theta.size, theta.size), matvec=product, dtype=float)


def least(repeat, work):
    times, result = [], None
    for _ in range(repeat):
        begin = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begin)
    return min(times), result


def scipy_line(point, repeat):
    import numpy as np
    import scipy
    from scipy.sparse.linalg import eigsh

    made = operator(point)
    start = np.array(splitmix(made.shape[0]))
    seconds, (values, vectors) = least(repeat, lambda: eigsh(made, k=1, which="SA", tol=1e-8, v0=start))
    vector = vectors[:, 0]
    product_seconds, _ = least(repeat, lambda: [made.matvec(vector) for _ in range(20)])
    return {
        "name": f"SciPy {scipy.__version__} eigsh",
        "unknowns": made.shape[0],
        "product_seconds": product_seconds / 20,
        "lowest_seconds": seconds,
        "lowest": values[0],
        "error": float(np.linalg.norm(made.matvec(vector) - values[0] * vector)),
    }


def our_line(program, file, repeat):
    environment = dict(os.environ)
    for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(variable, None)
    done = subprocess.run([program, file, str(repeat)], env=environment, stdout=subprocess.PIPE, check=True)
    return {"name": "layerpeel"} | json.loads(done.stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="where the points go")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each; the least time counts")
    parser.add_argument("--threads", type=int, default=1, help="for NumPy's BLAS")
    parser.add_argument("--program", default=os.path.join(HERE, "..", ".build", "release", "CurvatureTimes"))
    given = parser.parse_args()
    if not os.access(given.program, os.X_OK):
        sys.exit(f"no program at {given.program}: run `swift build -c release --product CurvatureTimes`, or give --program")
    os.environ["OPENBLAS_NUM_THREADS"] = str(given.threads)
    for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(variable, None)
    from safetensors.numpy import save_file

    os.makedirs(given.folder, exist_ok=True)
    for name, point in points():
        path = os.path.join(given.folder, f"curvature-{name}.safetensors")
        save_file(point, path)
        ours = [our_line(given.program, path, given.repeat)]
        peer = scipy_line(point, given.repeat)
        ours.append(our_line(given.program, path, given.repeat))
        for line in (min(ours, key=lambda line: line["lowest_seconds"]), peer):
            print(json.dumps({"point": name} | line | {"load": round(os.getloadavg()[0], 2)}), flush=True)
