"""A page with its assets beside it, served by a place that allows nothing inline, and opened from a disk."""

from __future__ import annotations

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from augmentor.cli import cli
from augmentor_evaluation.report.embed import embedded
from augmentor_evaluation.report.page import write_report
from augmentor_evaluation.report.sections import SECTIONS
from augmentor_evaluation.report.splitting import Beside
from tests.evaluation.report.full_run import full_run


class Strict(SimpleHTTPRequestHandler):
    """Serves a folder, and allows pages nothing but files of its own."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    folder = tmp_path_factory.mktemp("split")
    run = full_run(folder / "run", 60, hostile=("</script><script>window.hacked = 1</script>", "\u2028 ' \" \\ \ud800", "__proto__"))
    write_report([run], folder / "a report.html", [section() for section in SECTIONS], split_assets=True)
    return folder / "a report.html"


@pytest.fixture(scope="module")
def server(split):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=split.parent))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/a%20report.html"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page_has_nothing_inline(split):
    html = split.read_text()
    assert "<style" not in html
    assert not re.search(r"<script(?! src=)", html)
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    names = {path.name for path in (split.parent / "a report_files").iterdir()}
    assert names == {"style.css", "script.js", "answers-data.js", "lineage-data.js", "results-data.js"}


@pytest.mark.parametrize("where", ["served", "disk"])
def test_it_works_under_a_policy_that_allows_its_own_files_only(browser, server, split, where):
    address = server if where == "served" else split.as_uri()
    tab = browser.new_page()
    noise: list[str] = []
    tab.on("console", lambda message: noise.append(message.text))
    tab.on("pageerror", lambda error: noise.append(str(error)))
    tab.on("request", lambda request: request.url.startswith(address.rpartition("/")[0]) or noise.append(request.url))
    tab.goto(address)
    assert tab.locator("#answers-explorer .row").count() == 15
    assert tab.locator("#lineage-explorer .row").count() == 15
    assert tab.evaluate("getComputedStyle(document.querySelector('.frame')).display") == "grid"
    tab.locator("#answers-explorer .row").first.click()
    assert tab.locator("#answers-explorer .detail .answer").count() > 3
    assert tab.evaluate("window.hacked") is None
    assert [text for text in noise if "favicon" not in text] == []
    tab.close()


def test_the_numbers_are_downloaded_as_they_are_in_the_run(browser, server, split):
    tab = browser.new_page()
    tab.goto(server)
    with tab.expect_download() as found:
        tab.click(".download")
    assert found.value.suggested_filename == "metrics.json"
    assert b'"headline"' in found.value.path().read_bytes()
    tab.close()


def test_rows_that_are_lifted_out_come_back_as_they_were():
    beside = Beside("x y_files")
    html = beside.lifted(f"<p>1</p>{embedded('my-rows', {'__proto__': '</script>', 'a': ' '})}<p>2</p>")
    assert html == '<p>1</p><script src="x%20y_files/my-rows.js"></script><p>2</p>'
    assert b"</script" not in beside.files["my-rows.js"]
    assert b"__proto__" in beside.files["my-rows.js"]


def test_a_block_whose_name_is_no_file_name_stays_in_the_page():
    beside = Beside("files")
    block = str(embedded("../../etc/x", [1]))
    assert beside.lifted(block) == block
    assert not beside.files


def test_the_command_splits_when_asked_to(everything, tmp_path):
    out = tmp_path / "site/report.html"
    done = CliRunner().invoke(cli, ["report", str(everything), "-o", str(out), "--split-assets"])
    assert done.exit_code == 0, done.output
    assert (out.parent / "report_files/script.js").is_file()
    done = CliRunner().invoke(cli, ["report", str(everything), "-o", str(tmp_path / "one.html")])
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "one_files").exists()
