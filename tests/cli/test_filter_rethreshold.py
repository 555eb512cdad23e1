import json

import pytest
from click.testing import CliRunner

from augmentor.cli import cli

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@pytest.fixture
def data(tmp_path):
    """Rows of which some are near-duplicates, more or less near, and some repeat themselves."""
    rows = [f"My parcel should have come on {day} but the driver says that nobody was at home to take it" for day in DAYS]
    rows += [f"{start} does the parcel shop at the station open its doors on a bank holiday in {month}" for start in ("When", "At what time") for month in ("May", "June")]
    rows += ["Open the settings page now. " * 6, "Where can I see what I paid last year?", "go on and on and on and on and on with the very same old story of the lost card"]
    rows += ["To see what you paid open the app and then to see what you paid last year choose the archive there"]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": f"{index:02}", "messages": [{"role": "user", "content": text}]}) + "\n" for index, text in enumerate(rows)))
    return path


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def filtered(data, name, *filters):
    out = data.with_name(f"{name}.jsonl")
    done = run("filter", data, "-o", out, *(word for spec in filters for word in ("-f", spec)), "--workers", "1")
    assert done.exit_code == 0, done.output
    return out


def decided(kept, name, spec, *more):
    out = kept.with_name(f"{name}.jsonl")
    return out, run("filter", "--rethreshold", spec, kept, "-o", out, *more)


def ids(path):
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def aside(path, what="dropped"):
    return path.with_name(f"{path.stem}.{what}.jsonl")


@pytest.mark.parametrize(
    ("filters", "looser", "back"),
    [
        (["near_duplicate:threshold=0.6"], "near_duplicate:threshold=0.9", "near_duplicate:threshold=0.6"),
        (["repetition:max_share=0.3", "near_duplicate"], "repetition:max_share=1", "repetition:max_share=0.3"),
        (["repetition:max_share=0.3", "near_duplicate"], "repetition:max_share=0", "repetition:max_share=0.3"),
        (["gibberish", "noise"], "noise:max_noise=0.2", "noise:max_noise=1"),
    ],
)
def test_there_and_back_gives_the_same_files(data, filters, looser, back):
    first = filtered(data, "first", *filters)
    other, done = decided(first, "other", looser)
    assert done.exit_code == 0, done.output
    assert other.read_bytes() != first.read_bytes()
    again, done = decided(other, "again", back)
    assert done.exit_code == 0, done.output
    assert again.read_bytes() == first.read_bytes()
    assert aside(again).read_bytes() == aside(first).read_bytes() if aside(first).exists() else not aside(again).exists() or not aside(again).read_bytes()


def test_rows_come_back_to_where_they_stood_and_a_row_filter_agrees_with_a_new_run(data):
    first = filtered(data, "first", "repetition:max_share=0.3")
    loose, _ = decided(first, "loose", "repetition:max_share=0.99")
    assert ids(loose) == ids(filtered(data, "fresh", "repetition:max_share=0.99"))
    assert ids(loose) == sorted(ids(loose))
    assert len(ids(loose)) > len(ids(first))


def test_dropped_rows_say_their_number_and_whom_they_resemble(data):
    first = filtered(data, "first", "near_duplicate")
    rows = [json.loads(line) for line in aside(first).read_text().splitlines()]
    assert [row["row"] for row in rows] == [int(row["example"]["id"]) + 1 for row in rows]
    assert rows[0]["other"] == "00"


def test_rows_that_later_filters_never_saw_are_spoken_of(data):
    first = filtered(data, "first", "repetition:max_share=0.3", "near_duplicate")
    _, done = decided(first, "loose", "repetition:max_share=1")
    assert "were judged by near_duplicate" in done.output


def test_what_other_filters_dropped_stays_dropped(data):
    first = filtered(data, "first", "length:max_question=10", "repetition:max_share=0.3")
    loose, done = decided(first, "loose", "repetition:max_share=1")
    assert done.exit_code == 0, done.output
    assert {json.loads(line)["filter"] for line in aside(loose).read_text().splitlines()} == {"length:max_question=10"}


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("length:min_question=3", "does not decide by a threshold on its score alone"),
        ("privacy:action=drop", "does not decide by a threshold"),
        ("near_duplicate:threshold=0.4", "measured from threshold=0.6 on"),
        ("near_duplicate:threshold=0.8,shingle=3", "write near_duplicate:threshold=VALUE"),
        ("noise:max_noise=2", "no row has a score by 'noise'"),
        ("novelti:min=0.2", "Did you mean 'novelty'?"),
    ],
)
def test_what_cannot_be_decided_from_scores_is_refused(data, spec, says):
    first = filtered(data, "first", "near_duplicate")
    out, done = decided(first, "other", spec)
    assert done.exit_code != 0
    assert says in str(done.exception)
    assert not out.exists()


def test_dropped_rows_of_another_data_set_are_refused(data):
    first = filtered(data, "first", "near_duplicate")
    lines = aside(first).read_text().splitlines(keepends=True)
    aside(first).write_text(lines[0].replace('"row":2', '"row":99'))
    _, done = decided(first, "other", "near_duplicate:threshold=0.9")
    assert "are not those of these kept rows" in str(done.exception)


def test_filters_and_rethreshold_exclude_each_other(data):
    done = run("filter", data, "-o", data.with_name("o.jsonl"), "-f", "length", "--rethreshold", "noise:max_noise=2")
    assert "not both" in str(done.exception)
    assert "not both" in str(run("filter", data, "-o", data.with_name("o.jsonl")).exception)


def test_pairs_name_both_rows_of_a_leak(data):
    test = data.with_name("test.jsonl")
    test.write_text(json.dumps({"id": "t1", "messages": [{"role": "user", "content": "Where can I see what I paid last year"}]}) + "\n")
    pairs = data.with_name("pairs.jsonl")
    done = run("filter", data, "-o", data.with_name("o.jsonl"), "-f", f"leakage:against={test}", "--pairs", pairs)
    assert done.exit_code == 0, done.output
    (pair,) = map(json.loads, pairs.read_text().splitlines())
    assert (pair["id"], pair["other"]) == ("10", "test.jsonl row 1")
    assert pair["question"].startswith("Where can I see")
