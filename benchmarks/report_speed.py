"""How large the report gets, how long it takes to write, and how soon a browser has it ready.

    python benchmarks/report_speed.py [--rows 2000 100000] [--opened 7] [--folder /tmp]

The runs are made up by the tests' own `full_run`: four arms (two for 100,000 questions and more), with an experiment, judges, probes, leaks and
gates. Size is that of the one file; writing is CPU time; ready is the median time from opening the file in headless Chromium to the last line of
its script. There is no peer in this table: the figures are held against the limits that the tests hold, too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from augmentor_evaluation.report.page import write_report
from augmentor_evaluation.report.sections import SECTIONS
from tests.evaluation.report.fake_run import ARMS
from tests.evaluation.report.full_run import full_run

READY = "performance.getEntriesByName('ready')[0].startTime / 1000"


def opened(page: Path, times: int) -> list[float]:
    """Seconds until the page was ready, each time in a new context."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    seconds = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=flags)
        for _ in range(times):
            context = browser.new_context()
            tab = context.new_page()
            tab.goto(page.as_uri())
            seconds.append(float(tab.evaluate(READY)))
            context.close()
        browser.close()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[2000, 100_000])
    parser.add_argument("--opened", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    print("| questions | arms | size (MB) | written (CPU s) | ready (s, median) |\n|---:|---:|---:|---:|---:|")
    for rows in options.rows:
        arms = ARMS if rows < 100_000 else ARMS[-2:]
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            run = full_run(Path(folder) / "run", rows, families=max(40, rows // 20), arms=arms)
            page = Path(folder) / "report.html"
            started = time.process_time()
            write_report([run], page, [section() for section in SECTIONS])
            written = time.process_time() - started
            ready = statistics.median(opened(page, options.opened))
            print(f"| {rows:,} | {len(arms)} | {page.stat().st_size / 1e6:.2f} | {written:.1f} | {ready:.2f} |")


if __name__ == "__main__":
    main()
