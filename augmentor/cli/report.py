"""`augmentor report`"""

from __future__ import annotations

from pathlib import Path

import click

from .common import json_option, say, show_json


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: report.html in the run, comparison.html for several]")
@click.option("--split-assets", is_flag=True, help="Style sheet, script and rows as files in a folder beside the page, for places whose content policy allows nothing inline.")
@json_option
def command(runs: tuple[Path, ...], output: Path | None, split_assets: bool, as_json: bool) -> None:
    """Write the HTML report of one run folder, or of several compared: one file, no network.

    \b
      augmentor report runs/support
      augmentor report runs/first runs/second -o comparison.html
      augmentor report runs/support -o site/report.html --split-assets
    """
    from ..errors import DataError
    from ..plugins import plugins

    for run in runs:
        if not (run / "manifest.json").is_file() and not (run / "metrics.json").is_file():
            raise DataError(f"{run} is no run folder: it has neither manifest.json nor metrics.json. `augmentor run` and `augmentor evaluate` make one.")
    out = output or (runs[0] / "report.html" if len(runs) == 1 else Path("comparison.html"))
    sections = [component() for _, component in plugins()["section"]]
    plugins().manager.hook.augmentor_write_report(runs=list(runs), out=out, sections=sections, split_assets=split_assets)
    say(f"Report: {out.resolve()}")
    if as_json:
        show_json({"report": str(out)})
