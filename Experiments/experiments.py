"""The experiments by name: what each trains, on what, and about how long it takes."""

from dataclasses import dataclass, field

# Images a second in training on two cores of a 2024 server; evaluating one takes a third of a step's time.
SPEED = {"mlp": 30_000, "resnet18-w16": 1_600, "resnet18": 199}
EPOCHS = {"mlp": 200, "resnet18-w16": 40, "resnet18": 10}
CONTROLS = {
    "decay": ["--weight-decay", "5e-4"],
    "shuffled": ["--labels", "shuffled"],
    "nonorm": ["--norm", "none"],
}
SLOWER = ["--norm", "none", "--rate", "0.02"]  # At 0.1 a ResNet without normalisation may diverge.


@dataclass(frozen=True)
class Experiment:
    """One training; whatever is not said here is the program's default."""

    name: str
    data: str
    network: str
    options: list = field(default_factory=list)
    images: int = 60_000

    def minutes(self):
        """Steps; the test set after every epoch; some 22 probes of the training set."""
        passes = EPOCHS[self.network] * (self.images + 10_000 / 3) + 22 * self.images / 3
        return passes / SPEED[self.network] / 60

    def arguments(self, folders, threads, quick):
        """What follows `layerpeel train`, but for the folder of the run."""
        given = ["--data", self.data]
        if self.data in folders:
            given += ["--data-dir", folders[self.data]]
        given += {"mlp": ["--model", "mlp"], "resnet18-w16": ["--model", "resnet18", "--width", "16"],
                  "resnet18": ["--model", "resnet18"]}[self.network]  # fmt: skip
        given += self.options + ["--threads", str(threads)]
        return given + (["--per-class", "20", "--epochs", "3"] if quick else self.size())

    def size(self):
        own = [] if self.images == 60_000 else ["--per-class", str(self.images // 10)]
        return own + (["--epochs", "10"] if self.network == "resnet18" else [])


def all_experiments():
    found = []
    for data in ("fashion-mnist", "mnist"):
        for network, images in (("resnet18-w16", 10_000), ("mlp", 60_000)):
            variants = {f"seed{seed}": ["--seed", str(seed)] for seed in range(3)}
            variants |= {control: [*options, "--seed", "0"] for control, options in CONTROLS.items()}
            if network == "resnet18-w16":
                variants["nonorm-slower"] = [*SLOWER, "--seed", "0"]
            for variant, options in variants.items():
                found.append(Experiment(f"{data}-{network}-{variant}", data, network, options, images))
    found.append(Experiment("fashion-mnist-resnet18-full", "fashion-mnist", "resnet18", ["--seed", "0"]))
    return {experiment.name: experiment for experiment in found}
