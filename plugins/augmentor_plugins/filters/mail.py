"""What mail programs and habits put around what somebody wants to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from augmentor.protocols import Candidate, Verdict

from .repairs import Repair, judge_repairs
from .turns import Side

_QUOTE_HEADS = re.compile(
    r"^(?:"
    r"-{2,} ?(?:original message|forwarded message|begin forwarded message) ?-{2,}"
    r"|begin forwarded message:"
    r"|_{10,}"
    r"|on .{6,120}(?:wrote|schrieb|a écrit) ?:"
    r"|am .{6,120}schrieb .{1,80}:"
    r"|le .{6,120}a écrit ?:"
    r"|#{2,}-? ?please (?:type|write) your reply above this line ?-?#{2,}"
    r"|please reply above this line.*"
    r")$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\*?(?:from|sent|to|cc|subject|date|von|gesendet|an|betreff)\*? ?: ?\S", re.IGNORECASE)
_QUOTED = re.compile(r"^\s{0,3}>")
_SIGN_OFF = re.compile(
    r"^(?:(?:kind|kindest|best|warm|warmest|many|with (?:kind|best)) (?:regards|wishes|thanks)|best|regards|sincerely|yours (?:sincerely|faithfully|truly)|"
    r"respectfully|cheers|thanks|thank you|many thanks|thanks (?:again|in advance|and regards|& regards)|thank you (?:again|in advance|and regards)|"
    r"all the best|take care|mit freundlichen grüßen|viele grüße|cordialement|saludos)[,.!]?$",
    re.IGNORECASE,
)
_DEVICE = re.compile(r"^(?:sent|get|gesendet|envoyé) (?:from|via|with|outlook for|von|depuis) ?(?:my |the |meinem |mon )?[\w .+&-]{2,40}(?:<https?://\S+>|\(https?://\S+\))?\.?$", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"(?:this (?:e-?mail|message|communication)[^.\n]{0,80}(?:confidential|privileged|intended (?:only|solely))|if you (?:are not|have received this)[^.\n]{0,40}(?:intended recipient|in error)"
    r"|please consider the environment before printing|this (?:e-?mail|message) (?:has been|was) (?:scanned|checked)|virus-free\. ?www)",
    re.IGNORECASE,
)
_NAME_LINES = 7
_NAME_LENGTH = 70


@dataclass(frozen=True)
class Mail:
    """Cut what mail adds to a message: the quoted mail below it, the signature, "Sent from my phone", the legal disclaimer.

    Cuts whole lines at the end of a text only, and only what it is sure of: a sign-off counts as a signature where at most
    seven short lines follow. A line quoted with `>` goes wherever it stands, as long as something else is said. What was cut
    is said in the reason; a turn that would be empty drops the conversation. The score is the number of cuts.

    Attributes:
        quotes: cut the mail that is replied to.
        signatures: cut sign-offs with what follows, and "Sent from my phone".
        disclaimers: cut legal paragraphs.
        side: whose texts: `both`, `questions` or `answers`.
    """

    quotes: bool = True
    signatures: bool = True
    disclaimers: bool = True
    side: Side = "questions"

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        repairs = [
            Repair(says, cut)
            for wanted, says, cut in (
                (self.quotes, "cut a quoted message", without_quotes),
                (self.disclaimers, "cut a disclaimer", without_disclaimer),
                (self.signatures, "cut a signature", without_signature),
            )
            if wanted
        ]
        return judge_repairs(candidates, self.side, repairs)


def without_quotes(text: str) -> str:
    """The text without the message it replies to.

    >>> without_quotes("Still broken.\\n\\nOn Mon, 5 Jan 2026 at 10:02, Support wrote:\\n> Try again")
    'Still broken.'
    """
    lines = text.split("\n")
    end = next((place for place in range(len(lines)) if _begins_quote(lines, place)), len(lines))
    if end < len(lines) and not any(line.strip() for line in lines[:end]):
        return text  # the reply stands below what it quotes, or there is none: cutting would lose it
    kept = [line for line in lines[:end] if not _QUOTED.match(line)]
    return _joined(kept) if len(kept) < len(lines) and any(line.strip() for line in kept) else text


def _begins_quote(lines: Sequence[str], place: int) -> bool:
    line = lines[place].strip()
    if _QUOTE_HEADS.match(line):
        return True
    # "On Monday, somebody <a@b.c>" and "wrote:" are often two lines; forwarded headers come in a block of three or more.
    if place + 1 < len(lines) and line.lower().startswith("on ") and _QUOTE_HEADS.match(f"{line} {lines[place + 1].strip()}"):
        return True
    return bool(_HEADER.match(line)) and sum(bool(_HEADER.match(other.strip())) for other in lines[place : place + 5]) >= 3


def without_disclaimer(text: str) -> str:
    """The text without the legal paragraphs at its end."""
    paragraphs = re.split(r"\n\s*\n", text)
    end = len(paragraphs)
    while end > 1 and _DISCLAIMER.search(paragraphs[end - 1]):
        end -= 1
    return _joined(paragraphs[:end], "\n\n") if end < len(paragraphs) else text


def without_signature(text: str) -> str:
    """The text without the signature at its end.

    >>> without_signature("Where is my parcel?\\n\\nKind regards,\\nA. Customer\\nSent from my phone")
    'Where is my parcel?'
    """
    lines = text.split("\n")
    place = next((number for number, line in enumerate(lines) if number and line.rstrip() in {"--", "-- ", "—"} and len(lines) - number <= 12), len(lines))
    lines = lines[:place]
    while len(lines) > 1 and (not lines[-1].strip() or _DEVICE.match(lines[-1].strip())):
        lines.pop()
    for start in range(max(1, len(lines) - _NAME_LINES - 1), len(lines)):
        if _SIGN_OFF.match(lines[start].strip()) and all(len(line) <= _NAME_LENGTH and not line.rstrip().endswith("?") for line in lines[start + 1 :]):
            lines = lines[:start]
            break
    kept = _joined(lines)
    return kept if kept and kept != text.strip() else text


def _joined(parts: Sequence[str], between: str = "\n") -> str:
    return between.join(parts).strip()
