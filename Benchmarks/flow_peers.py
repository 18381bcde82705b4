"""The rescaled gradient flow, followed by the integrators that a Python user has.

    python Benchmarks/flow_peers.py start.safetensors                 # each peer at its best tolerance
    python Benchmarks/flow_peers.py start.safetensors --tune          # tries tolerances, keeps the best
    python Benchmarks/flow_peers.py start.safetensors --peers scipy-dop853,sundae --repeat 3

One JSON line per run: name, seconds (compilation excluded, the least of the repeats), evaluations of the
right-hand side (null where the peer does not count them), steps, margin_ratio, log_norm, rtol. A peer
that cannot run says why instead, under "refused".

All peers integrate the same thing. Unknown (φ, r), θ = e^r φ, ‖φ‖ = 1, g = -∇log L(θ)/e^r:

    dφ/ds = (g - (φ·g) φ)/γ*,    dr/ds = φ·g/γ*,    until  2 v* q_min/ρ² = 0.999

A tolerance is `rtol`, with `rtol/√size` beside it as the absolute one, so that an error of one part in
1/rtol of the whole direction is what is asked for. Every run is a process of its own; each peer is run
on one thread and on two, and the faster counts.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import time

THREADS = ("1", "2")
CLOCK_END = 60.0  # far beyond the target: dr/ds is about 2, and r is about 4 there
RTOLS = (1e-2, 1e-3, 1e-4, 5e-5, 2e-5, 1e-5, 5e-6, 2e-6, 1e-6, 1e-7, 1e-8)
# The best that --tune found for K=10, n=100, d=64.
BEST = {
    "scipy-dop853": 1e-5,
    "scipy-lsoda": 1e-5,
    "scipy-bdf": 1e-5,
    "diffrax-tsit5": 1e-6,
    "diffrax-kvaerno5": 1e-5,
    "sundae": 2e-6,
}


# The problem, in NumPy: used by every peer but diffrax, and to judge them all


class Flow:
    """Right-hand side in the log domain. Samples run along the rows of K x N arrays: long inner loops."""

    def __init__(self, path):
        import numpy as np
        from safetensors.numpy import load_file

        arrays = load_file(path)
        self.np = np
        self.W, self.H = (arrays[name].astype(np.float64) for name in "WH")
        self.labels = arrays["labels"].astype(np.int64)
        (self.K, self.d), self.N = self.W.shape, len(self.H)
        counts = np.bincount(self.labels, minlength=self.K)
        roots = (np.eye(self.K) - 1 / self.K) * np.sqrt(counts)
        self.best = np.linalg.svd(roots, compute_uv=False).sum()  # v* = ‖P D^½‖_*
        self.rate = 2 * self.best  # 1/γ*
        self.true = self.labels * self.N + np.arange(self.N)  # flat places in K x N
        self.evaluations = 0

    @property
    def start(self):
        np = self.np
        theta = np.concatenate([self.W.ravel(), self.H.ravel()])
        norm = np.linalg.norm(theta)
        return np.append(theta / norm, math.log(norm))

    def split(self, u):
        cut = self.K * self.d
        return u[:cut].reshape(self.K, self.d), u[cut:-1].reshape(self.N, self.d)

    def ratios(self, W, H, r):
        """A = G/L, K x N: p/L, and for the true class minus the others' sum."""
        np = self.np
        Z = W @ H.T
        Z *= math.exp(2 * r)
        Z -= Z.ravel()[self.true]
        Z.ravel()[self.true] = -np.inf
        peak = Z.max(axis=0)
        Z -= peak
        np.exp(Z, out=Z)
        s = peak + np.log(Z.sum(axis=0))
        loss = np.logaddexp(0.0, s)
        log_losses = np.log(loss, out=s.copy(), where=s > -37)  # below, log(1 + x) is x to rounding
        top = log_losses.max()
        log_loss = top + math.log(np.exp(log_losses - top).sum())
        Z *= np.exp(peak - loss - log_loss)
        Z.ravel()[self.true] = -Z.sum(axis=0)
        return Z

    def slope(self, s, u, out=None):
        np = self.np
        self.evaluations += 1
        W, H = self.split(u)
        A = self.ratios(W, H, u[-1])
        out = np.empty_like(u) if out is None else out
        gW, gH = self.split(out)
        np.matmul(A, H, out=gW)
        np.matmul(A.T, W, out=gH)
        g, phi = out[:-1], u[:-1]
        radial = phi @ g
        g -= radial * phi
        g *= -self.rate
        out[-1] = -self.rate * radial
        return out

    def margin_ratio(self, u):
        np = self.np
        W, H = self.split(u)
        Z = W @ H.T
        margins = Z.ravel()[self.true] - Z
        margins.ravel()[self.true] = np.inf
        return 2 * self.best * margins.min() / (u[:-1] @ u[:-1])

    def report(self, u, **others):
        return {"margin_ratio": float(self.margin_ratio(u)), "log_norm": float(u[-1]), **others}


# The peers: each takes a problem, a tolerance and a target, and gives one record


def with_scipy(method):
    def run(flow, rtol, target):
        from scipy.integrate import solve_ivp

        start = flow.start
        copies = {"DOP853": 0, "LSODA": 1, "BDF": 3}[method]  # of a dense Jacobian
        refuse_above_memory(method, copies * 8 * start.size**2)

        def reached(s, u):
            return flow.margin_ratio(u) - target

        reached.terminal = True
        begin = time.perf_counter()
        solution = solve_ivp(
            flow.slope, (0.0, CLOCK_END), start, method=method, rtol=rtol, atol=rtol / math.sqrt(start.size),
            events=reached, t_eval=[0.0],
        )  # fmt: skip
        seconds = time.perf_counter() - begin
        if solution.status != 1:
            return {"refused": f"{method} did not reach the target: {solution.message}"}
        return flow.report(solution.y_events[0][0], seconds=seconds, evaluations=flow.evaluations)

    return run


def with_sundae(flow, rtol, target):
    from sksundae.cvode import CVODE

    def slope(s, u, out):
        flow.slope(s, u, out)

    def reached(s, u, events):
        events[0] = flow.margin_ratio(u) - target

    reached.terminal, reached.direction = [True], [1]
    start = flow.start
    solver = CVODE(
        slope, method="BDF", linsolver="gmres", krylov_dim=10, rtol=rtol, atol=rtol / math.sqrt(start.size),
        max_num_steps=10**6, eventsfn=reached, num_events=1,
    )  # fmt: skip
    begin = time.perf_counter()
    solution = solver.solve([0.0, CLOCK_END / 2, CLOCK_END], start)
    seconds = time.perf_counter() - begin
    if solution.t_events is None or len(solution.t_events) == 0:
        return {"refused": f"CVODE did not reach the target: {solution.message}"}
    return flow.report(solution.y_events[0], seconds=seconds, evaluations=flow.evaluations)


def with_diffrax(method):
    def run(flow, rtol, target):
        import diffrax
        import jax
        import jax.numpy as jnp
        import lineax
        import optimistix

        jax.config.update("jax_enable_x64", True)
        truth = jnp.asarray(flow.labels[None, :] == flow.np.arange(flow.K)[:, None])

        def slope(s, state, args):
            W, H, r = state
            Z = jnp.exp(2 * r) * (W @ H.T)
            Z -= jnp.where(truth, Z, 0).sum(axis=0)
            Z = jnp.where(truth, -jnp.inf, Z)
            peak = jax.lax.stop_gradient(Z.max(axis=0))
            E = jnp.exp(Z - peak)
            s = peak + jnp.log(E.sum(axis=0))
            loss = jax.nn.softplus(s)
            far = s < -37
            log_loss = jax.nn.logsumexp(jnp.where(far, s, jnp.log(jnp.where(far, 1.0, loss))))
            P = E * jnp.exp(peak - loss - log_loss)
            A = jnp.where(truth, -P.sum(axis=0), P)
            gW, gH = A @ H, A.T @ W
            radial = jnp.vdot(W, gW) + jnp.vdot(H, gH)
            return -flow.rate * (gW - radial * W), -flow.rate * (gH - radial * H), -flow.rate * radial

        def reached(t, y, args, **_):
            W, H, _ = y
            Z = W @ H.T
            margins = jnp.where(truth, jnp.inf, jnp.where(truth, Z, 0).sum(axis=0) - Z)
            return 2 * flow.best * margins.min() / (jnp.vdot(W, W) + jnp.vdot(H, H)) - target

        atol = rtol / math.sqrt(flow.start.size)
        if method == "tsit5":
            solver, per_step = diffrax.Tsit5(), 6
        else:
            # diffrax's own VeryChord does not accept a matrix-free solver under lineax 0.1; of Newton
            # and Chord, of GMRES with 3 to 20 vectors and 1e-3 to 1e-1, this was the fastest.
            gmres = lineax.GMRES(
                rtol=1e-2, atol=0.1 * atol, restart=5, stagnation_iters=5, norm=optimistix.rms_norm
            )
            root = diffrax.with_stepsize_controller_tols(optimistix.Newton)(linear_solver=gmres)
            solver, per_step = diffrax.Kvaerno5(root_finder=root), None

        @jax.jit
        def integrate(state):
            return diffrax.diffeqsolve(
                diffrax.ODETerm(slope), solver, 0.0, CLOCK_END, None, state,
                stepsize_controller=diffrax.PIDController(rtol=rtol, atol=atol),
                event=diffrax.Event(reached, optimistix.Bisection(1e-7, 1e-7)),
                saveat=diffrax.SaveAt(t1=True), max_steps=None, throw=False,
            )  # fmt: skip

        W, H = flow.split(flow.start)
        state = tuple(map(jnp.asarray, (W, H, flow.start[-1])))
        compiled = integrate.lower(state).compile()
        begin = time.perf_counter()
        solution = jax.block_until_ready(compiled(state))
        seconds = time.perf_counter() - begin
        W, H, r = (flow.np.asarray(part[-1]) for part in solution.ys)
        steps = int(solution.stats["num_steps"])
        if solution.result != diffrax.RESULTS.event_occurred:
            return {"refused": f"diffrax did not reach the target: {solution.result}"}
        return flow.report(
            flow.np.concatenate([W.ravel(), H.ravel(), r[None]]),
            seconds=seconds, steps=steps, evaluations=per_step and per_step * steps + 2,
        )  # fmt: skip

    return run


PEERS = {
    "scipy-dop853": with_scipy("DOP853"),
    "scipy-lsoda": with_scipy("LSODA"),
    "scipy-bdf": with_scipy("BDF"),
    "diffrax-tsit5": with_diffrax("tsit5"),
    "diffrax-kvaerno5": with_diffrax("kvaerno5"),
    "sundae": with_sundae,
}


class Refused(Exception):
    """A peer that cannot run here, and why."""


def available_memory():
    """What Linux would hand out without swapping, page cache included."""
    with open("/proc/meminfo") as lines:
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))


def refuse_above_memory(name, bytes_needed):
    available = available_memory()
    if bytes_needed > available:
        raise Refused(
            f"{name} has only dense Jacobians: it would take {bytes_needed / 2**30:.0f} GiB "
            f"of the {available / 2**30:.0f} GiB available"
        )


# One run is one process, so that threads, memory and time limits are its own


def run_here(name, path, rtol, target):
    try:
        return PEERS[name](Flow(path), rtol, target)
    except Refused as refusal:
        return {"refused": str(refusal)}


def run_apart(name, given, rtol, threads, limit):
    environment = os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    if threads == "1":
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(variable, None)
    command = [sys.executable, __file__, given.start, "--here", name, str(rtol), "--target", str(given.target)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return {"refused": f"not finished after {limit:g} s"}
    if done.returncode != 0:
        return {"refused": (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]}
    return json.loads(done.stdout) | {"threads": int(threads)}


def record(name, given, rtol, limit):
    """The least time of the repeats, under one set of keys."""
    runs = [run_apart(name, given, rtol, THREADS[0], limit)]
    if "refused" not in runs[0]:
        others = THREADS * given.repeat
        runs += [run_apart(name, given, rtol, threads, limit) for threads in others[1:]]
    best = min(runs, key=lambda run: run.get("seconds", math.inf))
    keys = ("seconds", "threads", "evaluations", "steps", "margin_ratio", "log_norm")
    line = {"name": name, "rtol": rtol} | {key: best.get(key) for key in keys}
    line["accepted"] = line["margin_ratio"] is not None and abs(line["margin_ratio"] - given.target) <= 1e-4
    return line | ({"refused": best["refused"]} if "refused" in best else {})


def tuned(name, given):
    """The fastest accepted tolerance; each one tried is printed, and given twice the best's time."""
    best, limit = None, given.limit
    for rtol in RTOLS:
        line = record(name, given, rtol, limit)
        print(json.dumps({"tuning": True} | line), flush=True)
        if line["accepted"] and (best is None or line["seconds"] < best["seconds"]):
            best = line
            limit = min(limit, 2 * best["seconds"] + 60)  # 60 for imports and compilation
        if str(line.get("refused", "")).find("dense Jacobians") >= 0:
            return line
    return best or {"name": name, "refused": "no tolerance reached the target in time"}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("start", help="safetensors file with W, H and labels")
    parser.add_argument("--peers", default=",".join(PEERS), help="of " + ", ".join(PEERS))
    parser.add_argument("--target", type=float, default=0.999, help="margin ratio to reach")
    parser.add_argument("--tune", action="store_true", help="try tolerances from 1e-2 to 1e-8")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the least time counts")
    parser.add_argument("--limit", type=float, default=600, help="seconds that one run may take")
    parser.add_argument("--here", nargs=2, metavar=("PEER", "RTOL"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        print(json.dumps(run_here(given.here[0], given.start, float(given.here[1]), given.target)))
    else:
        for name in given.peers.split(","):
            line = tuned(name, given) if given.tune else record(name, given, BEST[name], given.limit)
            print(json.dumps(line), flush=True)
