"""The command line: what it trains is what the engine trains, and bad input is one clear line and code 2."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from nnplay.__main__ import main, read
from nnplay.assignment import Assignment, link_with
from nnplay.experiment import DEFAULT, Experiment
from nnplay.export import DATA_FILE, script

ROOT = Path(__file__).parents[1]


def nnplay(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        [sys.executable, "-m", "nnplay", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def report() -> dict:
    done = nnplay("train", "data=circle&hidden=4-2", "--set", "seed=7", "--epochs", "30", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_has_the_experiment_and_its_numbers(report):
    assert DEFAULT.change(**report["experiment"]) == DEFAULT.change(
        data="circle", hidden="4-2", seed=7, epochs=30
    )
    assert report["epochs"] == len(report["history"]["loss"]) == 30
    assert report["history"]["epoch"] == list(range(1, 31))
    for name in ("loss", "val_loss"):
        assert report[name] == report["history"][name][-1]
    assert report["metric"] == {"accuracy": report["history"]["accuracy"][-1]}
    assert report["val_metric"] == {"accuracy": report["history"]["val_accuracy"][-1]}
    assert report["epochs_per_second"] > 0 and report["seconds_to_first_epoch"] > 0
    assert report["stopped"] is None


def test_its_link_gives_the_same_numbers_again(report, capsys):
    """In another process, too: the report is of one of its own."""
    assert main(["train", report["link"], "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["history"] == report["history"]


def test_a_link_to_an_epoch_ends_there_with_the_same_numbers(report, capsys):
    assert main(["train", f"{report['link']}&at=12", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["epochs"] == 12 and told["link"].endswith("&at=12")
    assert told["history"] == {name: values[:12] for name, values in report["history"].items()}


@pytest.mark.usefixtures("without_xla")
def test_a_run_that_diverges_says_so_and_json_stays_valid(capsys):
    link = "data=plane&hidden=8&activation=relu&optimizer=sgd&learning_rate=100"
    assert main(["train", link, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["stopped"]["reason"] == "diverged" and "learning rate" in result["stopped"]["message"]
    assert len(result["history"]["loss"]) == result["stopped"]["epoch"]


def test_a_link_of_tensorflow_playground_is_read():
    link = "https://playground.tensorflow.org/#activation=relu&dataset=xor&networkShape=3&learningRate=0.1"
    experiment, epoch, notes = read(link, ["epochs=5"])
    assert (experiment.data, experiment.hidden, experiment.activation) == ("xor", "3", "relu")
    assert experiment.learning_rate == 0.05 and experiment.epochs == 5
    assert notes and not epoch


def test_a_sweep_is_printed_written_and_interrupted(tmp_path):
    """Its numbers are held to single runs in tests/sweep; this is the command around them."""
    file = tmp_path / "sweep.csv"
    command = ["sweep", "data=circle&hidden=4", "--over", "activation=tanh,relu", "--over", "hidden=4,lstm4"]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    process = subprocess.Popen(
        [sys.executable, "-m", "nnplay", *command, "--epochs", "100000", "--csv", str(file), "--json"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell that runs the tests in its background lets them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert process.stderr and "4 runs, 2 networks" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    told = json.loads(printed)
    assert told["cancelled"] and told["over"]["hidden"] == ["4", "lstm4"]
    assert (
        [run["run"] for run in told["runs"]]
        == [2, 4]
        == [int(line.split(",")[0]) for line in file.read_text().splitlines()[1:]]
    )
    assert {run["end"] for run in told["runs"]} == {"refused"}


def test_on_a_terminal_there_is_the_progress_alone_and_ctrl_c_keeps_what_is_done():
    child, terminal = pty.fork()
    if not child:
        # As at a terminal, wherever the tests were started from.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "nnplay", "train", "hidden=3", "--epochs", "100000"])
    printed = b""
    while b"epoch 1 of" not in printed:
        printed += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    # Linux tells the end of a terminal by an error.
    with suppress(OSError):
        while more := os.read(terminal, 4096):
            printed += more
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 130
    text = printed.decode()
    assert text.lstrip().startswith("[....") and "Traceback" not in text
    done = int(re.search(r"Stopped by Ctrl-C after epoch ([0-9,]+)", text)[1].replace(",", ""))
    assert f"epochs=100000&at={done}" in text and f"{done} epochs" in text


def test_code_prints_a_script_or_a_notebook(capsys):
    link = "data=iris&hidden=4&loss=categorical_crossentropy"
    assert main(["code", link, "--epochs", "5"]) == 0
    text = capsys.readouterr().out
    assert text == script(Experiment.from_link(link).change(epochs=5)) and "EPOCHS = 5" in text
    assert main(["code", link, "--notebook"]) == 0
    assert json.loads(capsys.readouterr().out)["nbformat"] == 4


BAD = {
    ("train", "data=mons"): "Did you mean 'moons'",
    ("train", "hidden=8--8"): "Unknown hidden layer ''",
    ("train", "hidden=513"): "1 to 512",
    ("train", "data=circle&data=xor"): "twice",
    ("train", "v=2"): "version",
    ("train", "%%%"): "Unknown setting",
    ("train", "x" * 5000): "4,000",
    ("train", "", "--set", "learning_rate"): "KEY=VALUE",
    ("train", "", "--set", "learning_rate=fast"): "1e-06 to 100",
    ("train", "", "--set", "colour=red"): "Unknown setting 'colour'",
    ("train", "", "--epochs", "0"): "1 to 100000",
    ("train", "", "--epochs", "1e3"): "whole number",
    ("train", "loss=hinge&output=softmax"): "Choose one of",
    ("train", "data=plane&loss=categorical_crossentropy"): "does not fit",
    ("train", "https://playground.tensorflow.org/#networkShape=4,x"): "networkShape",
    ("train", "epochs=50&at=51"): "from 0 to 50",
    ("train", "at=1e3"): "whole number",
    ("train", "at=1&at=2"): "2 times",
    ("train", "at=" + "9" * 3000): "from 0 to 1,000",
    ("code", "data=mons"): "Did you mean 'moons'",
    ("bench", "--jobs", "0"): "1 to 1000",
    ("bench", "--jobs", "many"): "1 to 1000",
    ("sweep", "--over", "activation"): "KEY=VALUE",
    ("sweep", "--over", "activation="): "no values",
    ("sweep", "--over", "colour=red"): "Unknown setting 'colour'",
    ("sweep", "--over", "hidden=8,9999"): "1 to 512",
    ("sweep", "--over", "hidden=8", "--over", "hidden=4"): "twice",
    ("sweep", "--seeds", "0"): "from 1 to 1,000",
    ("sweep", "--sample", "many"): "whole number",
    ("sweep", "--seeds", "1000", "--over", "hidden=1,2,3,4,5,6"): "6,000",
    ("sweep", "--over", "hidden=lstm8"): "takes a sequence",
    ("sweep", "--workers", "0"): "from 1 to 64",
    ("sweep", "--csv", "/no/such/folder/file.csv"): "cannot be written",
    ("sweep", "--scheduler", "localhost"): "tcp://192.168.0.5:8786, not 'localhost'",
    ("sweep", "--scheduler", "tcp://127.0.0.1:1"): "No scheduler answers at tcp://127.0.0.1:1",
    ("sweep", "data=mons"): "Did you mean 'moons'",
    ("teach",): "invalid choice",
}


@pytest.mark.parametrize("arguments", BAD, ids=[" ".join(arguments)[:40] for arguments in BAD])
def test_bad_input_is_one_clear_line_and_code_2(arguments, capsys):
    try:
        code = main(arguments)
    except SystemExit as stop:  # argparse's own way out
        code = stop.code
    told = capsys.readouterr()
    assert code == 2 and not told.out
    assert BAD[arguments] in told.err and "Traceback" not in told.err
    assert len(told.err.strip().splitlines()[-1]) < 1200
    if arguments[0] in ("train", "code", "sweep"):
        assert len(told.err.strip().splitlines()) == 1


def test_code_for_a_table_writes_the_file_that_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{k % 7};{k % 5};{'ab'[k % 2]}\n" for k in range(40))
    Path("mine.csv").write_text("size;price;kind\n" + rows, "utf-8")
    assert main(["code", "hidden=3", "--data", "mine.csv", "--target", "price"]) == 0
    said = capsys.readouterr()
    assert f'open("{DATA_FILE}"' in said.out and "'price' is predicted" in said.err
    saved = Path(DATA_FILE).read_text("utf-8")
    assert saved.startswith("part,size,kind = b,target") and len(saved.splitlines()) == 41
    assert main(["code", "hidden=3", "--data", "mine.csv", "--target", "price", "--notebook"]) == 0
    capsys.readouterr()
    for arguments, words in (
        (["--data", "mine.csv"], "another file of this name here"),
        (["--data", "none.csv"], "cannot be read"),
        (["--data", "mine.csv", "--target", "cost"], "no column 'cost'"),
    ):
        assert main(["code", *arguments]) == 2
        said = capsys.readouterr()
        assert words in said.err and not said.out
    assert Path(DATA_FILE).read_text("utf-8") == saved


def test_a_teachers_link_is_read_as_what_it_opens_with() -> None:
    experiment = DEFAULT.change(data="circle", hidden="3", seed=4)
    task = Assignment(experiment, "Try", locked=("data", "seed"), hidden=("seed",))
    assert read(link_with(task))[0] == experiment
    assert read("https://x.org/?" + link_with(task), ["data=xor"])[0] == experiment.change(data="xor")
