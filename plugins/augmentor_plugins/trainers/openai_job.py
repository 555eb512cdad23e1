"""Look at a job that the openai trainer began, or pause, resume or cancel it.

    python -m augmentor_plugins.trainers.openai_job FOLDER [status|pause|resume|cancel]

FOLDER is the trainer's: `work` in what `augmentor train -o` names, `models/ARM.SEED/work` in a run folder.
"""

from __future__ import annotations

from pathlib import Path

import click

from augmentor.errors import AugmentorError, UsageError

from .openai_ledger import FILE, Ledger
from .openai_submission import job_of

ACTIONS = ("status", "pause", "resume", "cancel")


def act(folder: Path, action: str = "status") -> tuple[str, str]:
    """Do one of `ACTIONS` to the job of a trainer's folder; its id and its status afterwards.

    Raises:
        UsageError: no job was begun there.
        TrainingError: the endpoint refuses.
    """
    submission = Ledger(folder).get()
    if submission is None:
        raise UsageError(f"{folder} holds no {FILE}: no job was begun there. In a folder of `augmentor train` it is `work`.")
    endpoint = submission.endpoint
    with endpoint.client() as client:
        identity = submission.job or job_of(client, submission)
        if identity is None:
            raise UsageError(f"{endpoint.base_url} knows no job of {folder}: it was not created, or is no longer listed.")
        jobs = client.fine_tuning.jobs
        todo = {"status": jobs.retrieve, "pause": jobs.pause, "resume": jobs.resume, "cancel": jobs.cancel}[action]
        return identity, endpoint.patiently(lambda: todo(identity), has="status").status


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("action", type=click.Choice(ACTIONS), default="status")
def command(folder: Path, action: str) -> None:
    try:
        identity, status = act(folder, action)
    except AugmentorError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{identity}: {status}")


if __name__ == "__main__":
    command()
