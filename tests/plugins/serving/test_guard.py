"""Who may ask: names, sites, keys, addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from augmentor.errors import UsageError
from augmentor.protocols import ServeSettings
from augmentor_plugins.serving.server import check_address

KEY = "a-key-that-nobody-guesses"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "", "[::1", "0.0.0.0"])
def test_a_name_that_is_not_ours_is_refused(server, host):
    status, _, body = server.send("GET", "/v1/models", headers={"host": host})
    assert status == 403
    assert json.loads(body)["error"]["code"] == "wrong_host"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8080", "localhost."])
def test_names_of_this_machine_are_ours(server, host):
    assert server.send("GET", "/v1/models", headers={"host": host})[0] == 200


def test_pages_of_other_sites_are_refused(server):
    for origin in ("https://evil.example", "null", "http://localhost:1"):
        status, headers, body = server.send("GET", "/v1/models", headers={"origin": origin})
        assert status == 403
        assert json.loads(body)["error"]["code"] == "wrong_origin"
        assert "access-control-allow-origin" not in headers
    assert server.send("GET", "/v1/models", headers={"origin": server.address})[0] == 200


def test_a_form_of_another_site_cannot_pass_for_json(server):
    body = json.dumps({"model": "tiny", "messages": [{"role": "user", "content": "a"}]})
    assert server.send("POST", "/v1/chat/completions", body, {"content-type": "text/plain"})[0] == 415


def test_a_key_is_asked_for_everywhere_but_on_the_page(start, tiny_model, tmp_path):
    with start(tiny_model, tmp_path, key=KEY, page=True) as server:
        for path in ("/v1/models", "/v1/files", "/nothing"):
            for wrong in ({}, {"authorization": "Bearer "}, {"authorization": f"Bearer {KEY}x"}, {"authorization": KEY}):
                status, headers, body = server.send("GET", path, headers=wrong)
                assert status == 401
                assert headers["www-authenticate"] == "Bearer"
                assert KEY.encode() not in body
        assert server.send("GET", "/")[0] == 200
        assert server.client(api_key=KEY).models.list().data[0].id == "tiny"
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert KEY.encode() not in everything


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"host": "0.0.0.0"}, "--allow-remote"),
        ({"host": "192.168.1.5", "key": KEY}, "--allow-remote"),
        ({"host": "0.0.0.0", "allow_remote": True}, "Set \\$AUGMENTOR_SERVE_KEY"),
        ({"host": "::", "allow_remote": True}, "Set \\$AUGMENTOR_SERVE_KEY"),
        ({"key": "short"}, "at least 16"),
    ],
)
def test_other_machines_are_let_in_only_on_purpose_and_with_a_key(options, said):
    with pytest.raises(UsageError, match=said):
        check_address(ServeSettings(model="m", state=Path("s"), **options))


def test_what_is_meant_is_allowed():
    check_address(ServeSettings(model="m", state=Path("s")))
    check_address(ServeSettings(model="m", state=Path("s"), host="::1", key=KEY))
    remote = ServeSettings(model="m", state=Path("s"), host="0.0.0.0", allow_remote=True, key=KEY)
    check_address(remote)
    assert KEY not in repr(remote)


def test_a_state_folder_is_one_servers(start, tiny_model, tmp_path):
    with start(tiny_model, tmp_path), pytest.raises(UsageError, match="Another server"), start(tiny_model, tmp_path):
        pass
