"""`augmentor convert` and `augmentor inspect`, as a person calls them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from augmentor.cli import cli
from augmentor.errors import DataError, UsageError

GOOD = '{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}], "label": "greet"}\n'
SECRET = '{"messages": "key sk-proj-A1b2"}\n'


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def work(*args):
        return CliRunner().invoke(cli, list(args), catch_exceptions=False, standalone_mode=False)

    return work


def test_a_csv_becomes_openai_chat(run, repository, tmp_path):
    result = run("convert", str(repository / "examples/support/faq.csv"), "-o", "out.jsonl", "--to", "openai", "--json")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 64
    assert all(set(row) == {"messages"} for row in rows)
    assert json.loads(result.stdout)["examples"] == 64
    assert "question = column 'Question'" in result.stderr
    assert "64 examples had meta, a label or lineage" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl"]


def test_bad_rows_go_to_the_quarantine_and_their_text_is_never_shown(run, tmp_path):
    (tmp_path / "in.jsonl").write_text(GOOD + SECRET + GOOD)
    result = run("convert", "in.jsonl", "-o", "out.jsonl", "--to", "native", "--quarantine", "bad.jsonl")
    [bad] = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert bad == {"file": "in.jsonl", "line": 2, "reason": "the turns are a text, not a list", "raw": SECRET.strip()}
    assert "in.jsonl:2: the turns are a text" in result.stderr
    assert "sk-proj" not in result.output + run("inspect", "in.jsonl").output


def test_strict_fails_and_writes_nothing(run, tmp_path):
    (tmp_path / "in.jsonl").write_text(GOOD + SECRET)
    with pytest.raises(DataError, match=r"in.jsonl:2: .*Nothing was written"):
        run("convert", "in.jsonl", "-o", "out.jsonl", "--to", "native", "--strict")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_an_example_that_the_target_cannot_hold_leaves_no_file(run, tmp_path):
    (tmp_path / "in.jsonl").write_text(GOOD + '{"messages": [{"role": "user", "content": "a"}], "label": "x"}\n')
    with pytest.raises(DataError, match="has no answer"):
        run("convert", "in.jsonl", "-o", "out.jsonl", "--to", "openai")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_the_input_is_never_overwritten(run, tmp_path):
    (tmp_path / "in.jsonl").write_text(GOOD)
    for options in (("-o", "in.jsonl"), ("-o", "out.jsonl", "--quarantine", "in.jsonl"), ("-o", "out.jsonl", "--quarantine", "out.jsonl")):
        with pytest.raises(UsageError):
            run("convert", "in.jsonl", "--to", "native", *options)
    assert (tmp_path / "in.jsonl").read_text() == GOOD


def test_inspect_prints_a_page_for_people_and_documented_keys_for_machines(run, repository):
    path = str(repository / "examples/support/chats.jsonl")
    page = run("inspect", path).stdout
    assert "144 examples, 2 unreadable" in page
    assert "chats.jsonl:58: not JSON" in page
    assert "balance 0.97 of 1" in page
    found = json.loads(run("inspect", path, "--json").stdout)
    documented = (repository / "docs/data.md").read_text("utf-8")
    assert all(f"`{key}`" in documented for key in found)
    assert found["examples"] == 144


def test_inspect_writes_a_page_and_says_where(run, tmp_path):
    (tmp_path / "in.jsonl").write_text(GOOD * 3 + SECRET)
    result = run("inspect", "in.jsonl", "--html", "pages/in.html", "--sample", "2", "-f", "length:max_answer=1")
    html = (tmp_path / "pages/in.html").read_text()
    assert "What cannot be read" in html
    assert "sk-proj" not in html + result.output
    assert f"Page: {tmp_path / 'pages/in.html'}" in result.stderr
    assert "of 2 examples drawn by chance" in result.stdout


def test_inspect_never_writes_its_page_over_the_data(run, tmp_path):
    (tmp_path / "in.jsonl").write_text(GOOD)
    with pytest.raises(UsageError, match="is the input"):
        run("inspect", "in.jsonl", "--html", "in.jsonl")
    assert (tmp_path / "in.jsonl").read_text() == GOOD


def test_as_many_examples_are_drawn_as_the_help_says():
    from augmentor.inspection import EXAMPLES

    assert next(option.default for option in cli.get_command(None, "inspect").params if option.name == "sample") == EXAMPLES


def test_an_interrupt_leaves_no_page_behind(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(GOOD.replace("hi", f"hi {number}") for number in range(200_000)))
    process = subprocess.Popen(
        [sys.executable, "-m", "augmentor", "inspect", path, "--html", tmp_path / "page.html"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - where the tests run in the background, children ignore it
    )  # fmt: skip
    assert process.stderr.readline() == "inspect: started\n"
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in said
    assert [file.name for file in tmp_path.iterdir()] == ["in.jsonl"]


def test_the_formats_in_the_documentation_are_the_formats_there_are(repository):
    from augmentor.plugins import plugins

    documented = (repository / "docs/data.md").read_text("utf-8")
    offered = [name for name in plugins()["format"].names() if plugins()["format"].plugin_of(name) == "formats"]
    assert len(offered) == 13
    assert all(f"| `{name}` |" in documented for name in offered)
