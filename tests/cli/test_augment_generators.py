"""`augmentor augment` with a model behind it, as a person calls it: a real endpoint on this machine answers."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from augmentor.cli import cli

from endpoint import serving  # isort: skip

SECRET = "sk-not-for-any-file"


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("AUGMENTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def write(folder, questions):
    rows = "".join(f"{question},Like this.\n" for question in questions)
    (folder / "faq.csv").write_text(f"question,answer\n{rows}")


def augment(folder, server, *options, model="gpt-4o-mini", strategy="prompted:n=1"):
    generator = f"openai:model={model},base_url={server.url},concurrency=16,wait=0.01"
    command = ["augment", str(folder / "faq.csv"), "-o", str(folder / "more.jsonl"), "-s", strategy, "--generator", generator, "--json", *options]
    result = CliRunner().invoke(cli, command)
    if result.exit_code == 0:
        return json.loads(result.stdout)
    return result


def questions(count):
    return [f"How do I open door number {number}?" for number in range(count)]


def rows(folder, name="more.jsonl"):
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def test_a_second_run_asks_nothing_and_an_edited_row_only_itself(work):
    asked = questions(150)
    write(work, asked)
    with serving() as server:
        assert augment(work, server)["asked"]["calls"] == 150
        first = (work / "more.jsonl").read_bytes()
        assert augment(work, server)["asked"]["calls"] == 0
        assert (work / "more.jsonl").read_bytes() == first
        asked[70] = "How do I close the window?"
        write(work, asked)
        assert augment(work, server)["asked"]["calls"] == 1
        assert server.bodies[-1]["messages"][-1]["content"] == "How do I close the window?"
        assert len(server.bodies) == 151


def test_a_cap_stops_before_it_is_passed_keeps_what_it_paid_and_goes_on(work):
    write(work, questions(100))
    with serving(delay=0.01) as server:
        stopped = augment(work, server, "--max-tokens", "600")
        assert stopped.exit_code == 1
        assert isinstance(stopped.exception, Exception)
        assert "The same command goes on" in str(stopped.exception)
        paid = len(server.bodies)
        assert paid * 7 <= 600 < paid * 7 + 80
        assert not (work / "more.jsonl").exists(), "half a file looks like a whole one"
        calls = augment(work, server)["asked"]["calls"]
        assert paid + calls == len(server.bodies) == 100


def test_a_capped_run_on_a_model_without_a_price_is_refused_with_the_file_to_put_it_in(work, tmp_path):
    write(work, questions(2))
    with serving() as server:
        refused = augment(work, server, "--max-cost", "1", model="our-own")
        assert str(tmp_path / "home" / "prices.yaml") in str(refused.exception)
        assert server.bodies == []
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "prices.yaml").write_text("- models:\n    our-own: {input: 1, output: 2}\n")
        found = augment(work, server, "--max-cost", "1", model="our-own")
        assert found["asked"] == {"calls": 2, "failed": 0, "prompt_tokens": 10, "completion_tokens": 14, "cost": pytest.approx(38e-6)}


def test_a_dry_run_shows_prompts_calls_tokens_and_cost_and_asks_nothing(work):
    write(work, questions(5))
    with serving() as server:
        augment(work, server)
        write(work, questions(8))
        result = augment(work, server, "--dry-run")
        assert len(server.bodies) == 5
    assert result["asked"]["calls"] == 3
    assert result["asked"]["cached"] == 5
    assert result["asked"]["completion_tokens"] == 240
    assert 0 < result["asked"]["cost"] < 0.001
    assert not (work / "more.dropped.jsonl").exists()


def test_a_dry_run_leaves_no_file(work):
    write(work, questions(3))
    with serving() as server:
        shown = CliRunner().invoke(
            cli, ["augment", str(work / "faq.csv"), "-o", str(work / "more.jsonl"), "-s", "prompted", "-s", "rephrase", "--dry-run",
                  "--generator", f"openai:model=gpt-4o-mini,base_url={server.url}"],
        )  # fmt: skip
        assert server.bodies == []
    assert shown.exit_code == 0
    assert "user: How do I open door number 0?" in shown.stderr
    assert re.search(r"calls: 6 new, 0 answered before\ntokens: about \d+ to read, at most 480 to write\ncost: at most about \$", shown.stderr)
    assert [path.name for path in work.iterdir()] == ["faq.csv"]


def test_as_many_are_accepted_as_are_wanted(work):
    write(work, questions(50))
    with serving() as server:
        found = augment(work, server, "--accepted", "12", strategy="prompted:n=1")
        assert found["variants"] == 12
        assert found["asked"]["calls"] == len(server.bodies) < 40
        short = augment(work, server, "--accepted", "500", "--candidates", "20", strategy="prompted:n=1")
        assert short["variants"] < 30
    assert sum(row.get("parent") is not None for row in rows(work)) == short["variants"]


def test_replies_that_failed_or_made_no_sense_are_kept_with_the_reason(work):
    write(work, ["How do I fail?", "Could you\\ngo on?", "How do I pay?"])

    def fault(endpoint, question, _):
        return "fail" in question and endpoint.fail(400, "no such thing")

    with serving(fault) as server:
        found = augment(work, server)
    assert found["asked"]["failed"] == 1
    dropped = {row["filter"]: row for row in rows(work, "more.dropped.jsonl")}
    assert "no such thing" in dropped["failed"]["reason"]
    assert found["made"] == {"prompted:n=1": 3}
    assert found["variants"] + found["dropped"] == 3


def test_the_key_is_in_no_file_and_no_message(work):
    write(work, ["How do I fail?", "How do I pay?"])

    def fault(endpoint, question, _):
        return "fail" in question and endpoint.fail(401, f"wrong key {SECRET}")

    with serving(fault) as server:
        result = augment(work, server)
        assert set(server.keys) == {f"Bearer {SECRET}"}
    assert SECRET not in json.dumps(result)
    for path in work.iterdir():
        assert SECRET.encode() not in path.read_bytes(), path.name


def test_candidates_without_a_number_to_accept_is_refused(work):
    write(work, questions(1))
    result = CliRunner().invoke(cli, ["augment", str(work / "faq.csv"), "-o", str(work / "o.jsonl"), "-s", "rephrase", "--candidates", "5"])
    assert "--accepted" in str(result.exception)
