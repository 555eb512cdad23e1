"""`augmentor serve` and `augmentor models convert` as a user meets them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from augmentor.cli import cli
from augmentor.errors import UsageError


def refused(*arguments: str) -> str:
    result = CliRunner(env={"AUGMENTOR_SERVE_KEY": ""}).invoke(cli, arguments)
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "0.0.0.0"), "--allow-remote"),
        (("--host", "0.0.0.0", "--allow-remote"), "AUGMENTOR_SERVE_KEY"),
        (("--host", "no.such.host.invalid", "--allow-remote"), "AUGMENTOR_SERVE_KEY"),
    ],
)
def test_serving_others_needs_the_word_and_a_key(arguments, said, tmp_path):
    assert said in refused("serve", "any", "--state", str(tmp_path / "state"), *arguments)
    assert not (tmp_path / "state").exists()


def test_a_model_that_is_not_there_is_said_before_anything_is_served(tmp_path):
    pytest.importorskip("uvicorn")
    said = refused("serve", "./nowhere", "--port", "0", "--state", str(tmp_path / "state"))
    assert "There is no model at ./nowhere" in said


def test_a_port_that_is_taken_is_said(tmp_path):
    pytest.importorskip("uvicorn")
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "Choose another with --port" in refused("serve", "x", "--port", str(taken.getsockname()[1]), "--state", str(tmp_path / "s"))


def test_a_trainer_with_a_wrong_option_is_said(tmp_path, tiny_model):
    pytest.importorskip("uvicorn")
    assert "no option 'lr'" in refused("serve", str(tiny_model), "--port", "0", "--state", str(tmp_path / "s"), "-t", "huggingface:lr=1")
