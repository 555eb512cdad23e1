"""The chat page in a browser."""

from __future__ import annotations

import os
import shutil

import pytest

HOSTILE = '<img src=x onerror="document.title=1"> & "refund"' + " late colour" * 60
"""Nearly all that the tiny model can read, so that its reply is short."""


def chosen(page, model):
    """Wait for the model to be chosen; the page's policy forbids what `wait_for_function` does."""
    from playwright.sync_api import expect

    expect(page.locator("#model")).to_have_value(model)


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_server(start, tiny_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    with start(tiny_model, folder, page=True, log=folder / "talk.jsonl", consent="Kept <b>for</b> training.") as server:
        yield server


@pytest.fixture
def page(browser, page_server):
    context = browser.new_context(viewport={"width": 390, "height": 700}, color_scheme="dark")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" and "status of 400" not in message.text else None)
    opened.goto(page_server.address)
    chosen(opened, "tiny")
    yield opened
    context.close()
    assert errors == []


def lines(server) -> int:
    return server.parts.state.folder.parent.joinpath("talk.jsonl").read_bytes().count(b"\n")


def answered(page) -> None:
    page.wait_for_selector(".turn.assistant:not(.waiting) .said:not(:empty)", timeout=60_000)


def test_a_chat_by_keyboard_on_a_phone(page, page_server):
    before = lines(page_server)
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.inner_text("#consent-text") == "Kept <b>for</b> training."
    page.keyboard.insert_text(HOSTILE)
    page.keyboard.press("Enter")
    answered(page)
    assert page.inner_text(".turn.user .said") == HOSTILE
    assert page.locator("img").count() == 0, "what is said is text"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.activeElement.id") == "text"
    assert lines(page_server) == before + 1


def test_who_does_not_want_to_be_kept_is_not(page, page_server):
    before = lines(page_server)
    page.check("#private")
    page.fill("#text", HOSTILE)
    page.click("#send")
    answered(page)
    assert lines(page_server) == before


def test_a_new_chat_begins_empty_and_an_error_is_told(page, page_server):
    page.fill("#text", "late colour " * 1600)
    page.keyboard.press("Control+End")
    with page.expect_response("**/v1/chat/completions") as told:
        page.click("#send")
    assert told.value.status == 400
    page.wait_for_selector(".turn.error")
    assert "this model reads 256" in page.inner_text(".turn.error .said")
    page.click("#new")
    assert page.locator(".turn").count() == 0


def test_the_page_may_run_nothing_but_its_own_script(page_server):
    status, headers, body = page_server.send("GET", "/")
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert b"<style" not in body
    assert b" onclick" not in body
    assert body.count(b"<script") == body.count(b"<script src=") == 1


def test_there_is_no_page_unless_it_is_asked_for(server):
    assert server.send("GET", "/")[0] == 404


def test_a_key_is_asked_for_and_kept_for_this_tab(browser, start, tiny_model, tmp_path):
    key = "a-key-that-nobody-guesses"
    with start(tiny_model, tmp_path, page=True, key=key) as server:
        opened = browser.new_page()
        opened.goto(server.address)
        opened.wait_for_selector("#unlock:not([hidden])")
        opened.fill("#key", key)
        opened.keyboard.press("Enter")
        chosen(opened, "tiny")
        assert not opened.is_visible("#unlock")
        assert not opened.is_visible("#consent")
        opened.fill("#text", HOSTILE)
        opened.keyboard.press("Enter")
        answered(opened)
        opened.close()
