"""The command line: `python -m nnplay train`, `sweep`, `code` and `bench`."""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from nnplay import export, tensorflow_playground
from nnplay.assignment import opening
from nnplay.data import OWN, Dataset, NotHere, fetch, hold, is_here, megabytes
from nnplay.experiment import AT, Experiment, ExperimentError, from_pairs_at, link_to, split_link

# The modules of `benchmarks`; `engine` without a flag. Those of COUNTED take a number.
BENCHMARKS = {
    "tutorials": "the tutorials' models beside model.fit",
    "page": "what a person waits for, in a real browser",
    "network": "the network's picture in a real browser",
    "laboratory": "the laboratories beside plain Keras",
    "sweep": "a sweep of 80 runs beside model.fit",
    "race": "the race of activations beside model.fit",
    "layers": "convolutional, recurrent and attention networks beside model.fit",
    "coach": "how often the coach is right",
    "long": "what is kept of a run of 100,000 epochs",
}
# What a shell says of a command that was interrupted.
INTERRUPTED = 130
COUNTED = {"jobs": "N runs at once, in the workers", "architectures": "N networks, one after another"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0, or 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m nnplay", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train one network, without the page")
    code = commands.add_parser("code", help="print a Keras script that does the same without nnplay")
    sweep = commands.add_parser("sweep", help="train many networks: all choices of some settings")
    for command in (train, code, sweep):
        command.add_argument(
            "link", nargs="?", default="", help="a link of nnplay or of TensorFlow Playground"
        )
        command.add_argument(
            "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting of the link"
        )
        command.add_argument("--epochs", help="the same as --set epochs=N")
    for command in (train, code):
        command.add_argument(
            "--data", metavar="FILE", help="learn from this table of yours (CSV, TSV or .xlsx)"
        )
        command.add_argument("--target", metavar="COLUMN", help="the column of it to predict; else guessed")
    code.add_argument("--notebook", action="store_true", help="print it as a Jupyter notebook")
    train.add_argument("--json", action="store_true", help="print the result as JSON")
    sweep.add_argument(
        "--over", action="append", default=[], metavar="KEY=VALUE,VALUE",
        help="a setting and its values; numbers also as a range: 0.001..0.1:5 (5 steps), 0.001..0.1 (random)",
    )  # fmt: skip
    sweep.add_argument("--seeds", default="1", metavar="N", help="train each choice with so many seeds")
    sweep.add_argument("--sample", default="0", metavar="N", help="only so many choices, drawn at random")
    sweep.add_argument("--csv", metavar="FILE", help="write one row a run into this file")
    sweep.add_argument("--json", action="store_true", help="print the results as JSON")
    sweep.add_argument("--workers", default="", metavar="N", help="processes to train in; else one a core")
    sweep.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="train on a Dask cluster, such as tcp://host:8786"
    )
    bench = commands.add_parser("bench", help="measure this engine beside model.fit")
    which = bench.add_mutually_exclusive_group()
    for name, about in BENCHMARKS.items():
        which.add_argument(f"--{name}", action="store_const", dest="which", const=name, help=about)
    for name, about in COUNTED.items():
        which.add_argument(f"--{name}", type=_positive, metavar="N", help=about)
    bench.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    try:
        return _obey(options)
    except KeyboardInterrupt:
        before = " before anything was trained" if options.command in ("train", "sweep") else ""
        print(f"\nnnplay: stopped{before}.", file=sys.stderr)
        return INTERRUPTED


def _obey(options: argparse.Namespace) -> int:
    if options.command == "bench":
        return _bench(options)
    try:
        own, told = own_data(options.data, options.target) if getattr(options, "data", None) else (None, [])
        experiment, epoch, notes = read(options.link, options.set, options.epochs, own)
        notes = [*told, *notes]
    except ValueError as error:
        print(f"nnplay: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    try:
        _get_data(experiment)
    except NotHere as error:
        print(f"nnplay: {error}", file=sys.stderr)
        return 2
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if options.command == "sweep":
        return _sweep(experiment, options)
    if options.command == "code":
        return _code(experiment, epoch, as_notebook=options.notebook)
    return _train(experiment, epoch, as_json=options.json)


def _sweep(base: Experiment, options: argparse.Namespace) -> int:
    # Here, so that other commands need not load it.
    from nnplay.sweep.command import run

    try:
        return run(
            base,
            options.over,
            seeds=options.seeds,
            sample=options.sample,
            csv=options.csv,
            as_json=options.json,
            workers=options.workers,
            scheduler=options.scheduler,
        )
    except ValueError as error:
        print(f"nnplay: {' '.join(str(error).split())}", file=sys.stderr)
        return 2


def _get_data(experiment: Experiment) -> None:
    """Download the data that are not here yet, and say so. Raises `NotHere`."""
    if is_here(experiment.data):
        return
    print(
        f"{experiment.dataset.label}: {megabytes(experiment.data)} MB are downloaded once.", file=sys.stderr
    )

    def tell(done: int, total: int) -> None:
        print(f"\r{done / 1e6:.1f} of {total / 1e6:.1f} MB", end="", file=sys.stderr, flush=True)

    fetch(experiment.data, tell if sys.stderr.isatty() else None)


def _code(experiment: Experiment, epoch: int, *, as_notebook: bool) -> int:
    try:
        text = (export.notebook if as_notebook else export.script)(experiment, epochs=epoch)
        if export.reads_file(experiment):
            _write_data(experiment)
    except (export.CannotExport, OSError) as error:
        print(f"nnplay: {error}", file=sys.stderr)
        return 2
    print(text, end="")
    return 0


def _write_data(experiment: Experiment) -> None:
    """Put the file that the script reads here, over nothing else. Raises OSError with a sentence."""
    path, text = Path(export.DATA_FILE), export.data_csv(experiment)
    if path.exists() and path.read_bytes() != text.encode():
        raise FileExistsError(
            f"The script reads its data from {path}, and there is another file of this name here. Move that, "
            "or start the command in another folder."
        )
    path.write_bytes(text.encode())
    print(f"note: The script reads its data from {path}, which is written here: keep them together.",
          file=sys.stderr)  # fmt: skip


def own_data(file: str, target: str | None = None) -> tuple[Dataset, list[str]]:
    """The dataset of a person's table, and what was made of it. Raises ValueError with a sentence."""
    from dataclasses import replace

    from nnplay.data.own import columns_of, guess, make, read_file
    from nnplay.data.own.columns import looks_like_classes
    from nnplay.data.own.sheet import MOST_BYTES

    try:
        with open(file, "rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"The table {file!r} cannot be read: {error.strerror}.") from None
    columns = columns_of(read_file(content, Path(file).name))
    recipe = guess(columns)
    if target is not None:
        task = {column.name: looks_like_classes(column) for column in columns if column.usable}
        inputs = tuple(name for name in task if name != target)
        recipe = replace(
            recipe, target=target, inputs=inputs, task="classes" if task.get(target) else "regression"
        )
    made = make(columns, recipe, f"Your data: {Path(file).name[:40]}")
    return hold(made.dataset), [f"{recipe.target!r} is predicted, as {recipe.task}.", *made.notes]


def _bench(options: argparse.Namespace) -> int:
    name = options.which or next((name for name in COUNTED if getattr(options, name)), "engine")
    benchmark = import_module(f"benchmarks.{name}")
    count = getattr(options, name, None)
    report: dict[str, Any] = benchmark.measure(count) if count else benchmark.measure()
    print(json.dumps(report, indent=1) if options.json else benchmark.table(report))
    return 0


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 1000:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 1000, not {text[:40]!r}")
    return int(text)


def read(
    link: str, changes: Sequence[str] = (), epochs: str | None = None, own: Dataset | None = None
) -> tuple[Experiment, int, list[str]]:
    """The experiment that a link and KEY=VALUE changes describe, the epoch that the link asks for (0: none),
    and notes on a foreign link. `own`: a person's data, to learn from these.

    Raises `ExperimentError`.
    """
    notes: list[str] = []
    if tensorflow_playground.is_tensorflow_playground(link):
        experiment, notes = tensorflow_playground.read(link)
        pairs = split_link(experiment.to_link())
    else:
        pairs = split_link(link)
        found = opening(pairs)
        if found.assignment:
            # A teacher's link: what it opens with.
            pairs = split_link(link_to(found.experiment, found.epoch))
    if own:
        pairs = [*((name, value) for name, value in pairs if name != "data"), ("data", OWN)]
    changed: dict[str, str] = {}
    for change in [*changes, *([f"epochs={epochs}"] if epochs is not None else [])]:
        name, equals, value = change.partition("=")
        if not equals:
            raise ExperimentError(
                {"": f"--set takes KEY=VALUE, such as --set hidden=4-2, not {change[:40]!r}."}
            )
        changed[name.strip()] = value.strip()
    # Where the run has another length, it is wanted to its end.
    kept = [(name, value) for name, value in pairs if name not in changed and not (epochs and name == AT)]
    return *from_pairs_at(kept + list(changed.items()), own.name if own else ""), notes


def _train(experiment: Experiment, epoch: int, *, as_json: bool) -> int:
    # Here, so that a bad link is answered at once and not after TensorFlow has loaded.
    from nnplay.engine.fit import run
    from nnplay.engine.state import Stop

    bar = _bar if sys.stderr.isatty() else None
    results, first = run(experiment, bar, epoch)
    if bar:
        print(file=sys.stderr)
    rows = [row for result in results for row in result.rows.values.tolist()]
    names = results[0].rows.names
    trained = sum(result.seconds for result in results if len(result.rows.values))  # without compiling
    stop = results[-1].stopped
    interrupted = not stop and len(rows) < (epoch or experiment.epochs)
    if interrupted:
        epoch = len(rows)
        stop = Stop("interrupted", epoch, f"Stopped by Ctrl-C after epoch {epoch:,}.")
    history = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    final = {name: values[-1] for name, values in history.items()}
    metrics = [name for name in names if f"val_{name}" in names and name != "loss"]
    report: dict[str, Any] = {
        "experiment": experiment.model_dump(),
        "link": link_to(experiment, epoch),
        "epochs": len(rows),
        "loss": final["loss"],
        "val_loss": final["val_loss"],
        "metric": {name: final[name] for name in metrics},
        "val_metric": {name: final[f"val_{name}"] for name in metrics},
        "stopped": {"reason": stop.reason, "epoch": stop.epoch, "message": stop.message} if stop else None,
        "epochs_per_second": len(rows) / trained,
        "seconds_to_first_epoch": first,
        "history": history,
    }
    if as_json:
        # JSON has no NaN: what is not a number is null.
        print(json.dumps(_finite(report)))
        return INTERRUPTED if interrupted else 0
    print(f"loss      {final['loss']:.6g}   test {final['val_loss']:.6g}")
    for name in metrics:
        print(f"{name:<9} {final[name]:.6g}   test {final[f'val_{name}']:.6g}")
    print(f"{len(rows)} epochs, {report['epochs_per_second']:,.0f} epochs/s, first after {first:.1f} s")
    if stop:
        print(stop.message)
    print(f"link      {link_to(experiment, epoch)}")
    return INTERRUPTED if interrupted else 0


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and value - value != 0 else value


def _bar(done: int, total: int, loss: float) -> None:
    """Draw the progress on the terminal, over the last drawing."""
    full = round(30 * done / total)
    text = f"\r[{'#' * full}{'.' * (30 - full)}] epoch {done:,} of {total:,}  loss {loss:.4g}   "
    print(text, end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
