"""What turns a sentence round: negation, opposites, who speaks, may and must, answering instead of asking.

Good variants use other words, so a guard only speaks up where two texts say nearly the same words and one of them is turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .frames import refilled

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FUNCTION = frozenset(
    "a an the this that these those i me my mine we us our you your he she it they them their is are was were be been being am do does did done have has had having can could will would shall should may might must to of in"
    " on at for with from by about as into onto and or but if so than then there here what which who when where why how please just also too very really any some get got want wanted need needed like would know tell help let"
    " way possible able explain understand wondering question hi hello hey thanks thank not no never n't don't doesn't didn't can't cannot couldn't won't wouldn't isn't aren't wasn't haven't hasn't shouldn't i'm i've i'd it's what's how's".split()
)
_NOT = re.compile(r"\b(?:not|never|cannot|cant|dont|doesnt|didnt|wont|isnt|wasnt|havent|hasnt|couldnt|wouldnt|nothing|nobody|none|neither|no longer|no|(?:has|have|is|was|do|does|did|can|are|were|would|could)not|not(?!hing|if|ic|e|ary|or|ch|ion|ation)[a-z]{2,})\b|n ?'t\b")
# Negations that do not turn what is asked: ways of saying that one does not know, polite and rhetorical questions.
_IDLE = re.compile(
    r"\b(?:do not|don't|dont|does not|doesn't|doesnt|did not|didn't|cannot|can't|cant|could not|couldn't|have not|haven't|not|never) (?:really |quite |even |seem to |yet )*(?:know|understand|sure\w*|see|find|figure|work ?out|remember|get how|get why|clear|certain|tell|mind|forget|hesitate|want to bother|got a clue|have a clue|made out)\b"
    r"|\b(?:is|are|was)(?:n't| not) there\b|\bno (?:idea|clue|surprises|small print|problem|matter|worries|rush|doubt|way to (?:tell|know))\b|\bnot only\b|\b(?:why not|why don't you|can't you|couldn't you|won't you|can't i|couldn't i|isn't it|doesn't it|or not|if not|not just|whether or not)\b|\bno\.|^no\b"
)
_FAILS = re.compile(
    r"\b(?:stop\w*|fail\w*|unable|refus\w*|without|declin\w*|los[te]\w*|missing|broke\w*|instead|trouble|problem\w*|issue\w*|error\w*|lock\w*|block\w*|wrong\w*|den[iy]\w*|reject\w*|un\w{3,}|in(?:active|correct|valid|complete)\w*|dis\w{4,}|still|yet|waiting|late|delay\w*"
    r"|forg[oe]t\w*|gone|dead|stuck|down|bounc\w*|struggl\w*|difficult\w*|hard|impossible|avoid\w*|prevent\w*|keep from|rather than|ceas\w*|quit\w*|empty|lack\w*|short of|away from|hardly|barely|rarely|forbid\w*|bann\w*|illegal|never|nowhere|why|how come|what happen\w*|expir\w*|vanish\w*|disappear\w*|too \w+|only|except|free of|off|nope|out of|run out|mis\w{4,}|non\w*)\b"
)
_OPPOSITES = tuple(
    (frozenset(one.split("|")), frozenset(other.split("|")))
    for one, other in (
        line.split("/")
        for line in (
            "activate|activated|activating|activation/deactivate|deactivated|deactivating|deactivation", "enable|enabled|enabling/disable|disabled|disabling", "add|added|adding/remove|removed|removing|delete|deleted",
            "open|opened|opening/close|closed|closing", "upgrade|upgraded|upgrading/downgrade|downgraded|downgrading", "increase|increased|increasing|raise/decrease|decreased|decreasing|reduce|lower",
            "deposit|deposited|depositing/withdraw|withdrew|withdrawing|withdrawal", "buy|buying|bought/sell|selling|sold", "import|imported|importing/export|exported|exporting", "before/after", "incoming/outgoing",
            "lock|locked|locking/unlock|unlocked|unlocking", "subscribe|subscribed|subscribing/unsubscribe|unsubscribed|unsubscribing", "accept|accepted|accepting/decline|declined|declining|reject|rejected", "maximum|max/minimum|min",
            "cheaper|cheapest/dearer|dearest", "earlier|sooner/later", "login|log-in/logout", "show|showing/hide|hiding|hidden", "connect|connecting|connected/disconnect|disconnecting|disconnected", "install|installing|installed/uninstall|uninstalling|uninstalled",
            "start|started|starting/stop|stopped|stopping", "follow|following/unfollow|unfollowing", "debit/credit", "upload|uploading|uploaded/download|downloading|downloaded", "include|included|including/exclude|excluded|excluding",
            "higher|highest/lower|lowest", "longer|longest/shorter|shortest", "larger|bigger|largest/smaller|smallest", "first/last", "domestic/international|abroad", "mute|muting/unmute|unmuting", "block|blocking|blocked/unblock|unblocking|unblocked",
            "freeze|freezing|frozen/unfreeze|unfreezing|unfrozen", "send|sending|sent/receive|receiving|received", "lend|lending/borrow|borrowing", "arrival|arrive/departure|depart", "more/less|fewer", "always/never", "safe/unsafe|dangerous",
        )
    )
)  # fmt: skip
_MUST = re.compile(r"\b(?:must|have to|has to|need to|needs to|required to|obliged to|forced to|necessary|mandatory|compulsory)\b")
_MAY = re.compile(r"\b(?:can|may|could|allowed to|permitted to|able to|possible|okay to|ok to|optional)\b")
_MINE = re.compile(r"\b(?:my|our) (?:\w+ )?(\w+)")
_YOURS = re.compile(r"\byour (?:\w+ )?(\w+)")
_ANSWERS = re.compile(
    r"^(?:sure[,!. ]|certainly[,!. ]|of course[,!. ]|absolutely[,!. ]|here(?:'s| is| are) (?:a|an|the|some|how|another|your)\b|yes[,!.] (?:you|we|it|i)|no[,!.] (?:you|we|it|there)|i'?m sorry,? (?:but )?(?:i|we|to hear|for the)|we apologi[sz]e|thank you for (?:contact|reach|your)"
    r"|(?:re-?phrased|paraphrased?|rewritten|variation|variant|question|answer|output|response|user|customer|assistant)(?: \w+){0,2}:|you (?:can|could|should|will need to|need to|must|may|have to) (?!(?:please |kindly )?(?:help|tell|explain|show))|to (?:\w+ ){1,6}(?:your|the) [^?]*,? (?:go|click|open|visit|follow|log|select|tap|contact|please|you)\b"
    r"|(?:simply |just |first,? |please )?(?:go to|click|navigate|visit|follow (?:these|the)|log in(?:to)? (?:to )?your|select|tap|contact (?:us|our|support|customer)|call us|make sure|ensure|provide your|enter your|check your)\b|as an ai\b|1[.)] |step 1|i (?:can|will|would be happy to|'d be happy to|am happy to) help)"
)


def turned(source: str, variant: str) -> Iterator[str]:
    """What a variant turned round, a phrase each."""
    one, other = source.casefold().replace("\u2019", "'"), variant.casefold().replace("\u2019", "'")
    yield from _answered(one, other)
    yield from _told(one, other)
    yield from _speaker(one, other)
    yield from refilled(one, other)
    before, after = _content(one), _content(other)
    if not before or not after:
        return
    shared = len(before & after) / min(len(before), len(after))
    if shared >= 0.5:
        yield from _opposites(one, other)
    if len(before & after) / len(before | after) >= 0.5:
        yield from _negation(one, other)
        yield from _duty(one, other)


def _content(text: str) -> set[str]:
    """Content words, roughly stemmed."""
    return {re.sub(r"(?:ing|ed|es|s|e)$", "", word) if len(word) > 3 else word for word in _WORD.findall(text) if word not in _FUNCTION}


_ASKS = re.compile(r"(?:(?:hi|hello|hey|please|and|so|but|also|ok)[,!. ]+)*(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had|am|any|isn't|aren't|don't|doesn't|can't|couldn't|won't)\b")
_CLAUSES = re.compile(r"[,;:.!\u2013-]+ | (?=(?:and|but|so|because) (?:what|when|where|why|how|is|are|do|does|can|will)\b)")
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|ive|me|my|mine|us|our|we'd|we're|we've|let's)\b")
_FINITE = re.compile(r"\b(?:is|isn't|are|aren't|was|were|will|won't|can|can't|cannot|has|have|does|doesn't|must|may|should|takes?|costs?|starts?|begins?|ends?|offers?|delivers?|covers?|includes?|expires?|accepts?|needs?|works?|allows?|arrives?|opens?|closes?)\b")
_HOUSE = re.compile(r"^(?:yes|no|sure|well)?[,. ]*we (?:do |don't |can |can't |cannot |will |also |only |usually |currently |always |do not )*(?:offer|deliver|ship|provide|accept|apologi[sz]e|recommend|charge|refund|send|lower|support|allow|cover|have|include|require|sell)\b")
_INSTRUCTS = re.compile(
    r"^(?:please |simply |just |first,? |then |try to |you should |to fix this,? )*(?:restart|reinstall|reboot|try|ensure|make sure|navigate|click|tap|log in|log out|select|scroll|visit|go to|open|check|update|follow|wait|press|enter|unplug|plug|clear|download|(?:contact|call) (?:us|our|the|your|customer|support)|reset|switch|turn)\b"
)


def _told(source: str, variant: str) -> Iterator[str]:
    """A statement of the house in the place of a question, and instructions in the place of a complaint: nobody speaks of himself."""
    said = variant.strip(" \"'*-")
    if "?" in said or _FIRST_PERSON.search(said) or any(_ASKS.match(clause.strip()) for clause in _CLAUSES.split(said)):
        return
    asks = _ASKS.match(source.strip()) is not None
    before, after = _content(source), _content(said)
    shared = len(before & after)
    if asks and (_HOUSE.match(said) or (_FINITE.search(said) and shared >= min(2, len(before)) and 2 * shared >= len(before))):
        yield f"it answers instead of asking: {' '.join(said.split()[:4])!r}"
    elif _INSTRUCTS.match(said) and not _INSTRUCTS.match(source) and " me " not in f"{said} " and (asks or len(said.split()) > 3):
        yield f"it gives instructions instead of asking: {' '.join(said.split()[:4])!r}"


def _negation(source: str, variant: str) -> Iterator[str]:
    before, after = _content(source), _content(variant)
    first, second = _NOT.search(_IDLE.sub(" ", _about(source, after))), _NOT.search(_IDLE.sub(" ", _about(variant, before)))
    plain, negated = (variant, source) if first else (source, variant)
    # "stopped working" for "is not working": a word that the other text does not have may carry the negation.
    known = set(_WORD.findall(negated))
    carried = any(match.group() not in known for match in _FAILS.finditer(plain))
    if bool(first) != bool(second) and not carried:
        found = first or second
        assert found is not None
        yield f"{found.group()!r} is {'gone' if first else 'new'}: the sense is turned round"


def _about(text: str, words: set[str]) -> str:
    """The sentences of a text that say some of these content words; all of it where none does."""
    sentences = re.split(r"(?<=[.!?\n])\s+", text.strip())
    return " ".join(sentence for sentence in sentences if _content(sentence) & words) or text


def _opposites(source: str, variant: str) -> Iterator[str]:
    before, after = set(_WORD.findall(source)), set(_WORD.findall(variant))
    if bool(_NOT.search(source)) != bool(_NOT.search(variant)):
        return  # "not active" for "inactive"
    for one, other in _OPPOSITES:
        for here, there in ((one, other), (other, one)):
            if before & here and not before & there and after & there and not after & here:
                yield f"{min(before & here)!r} became its opposite, {min(after & there)!r}"


def _duty(source: str, variant: str) -> Iterator[str]:
    for here, there in ((_MUST, _MAY), (_MAY, _MUST)):
        found, other = here.search(source), there.search(variant)
        if found and other and not there.search(source) and not here.search(variant) and re.match(r"(?:do i|must i|can i|may i|is it|am i|are we|do we|can we)\b", source) and "how" not in variant:
            yield f"{found.group()!r} became {other.group()!r}"


def _speaker(source: str, variant: str) -> Iterator[str]:
    mine, yours = set(_MINE.findall(source)), set(_YOURS.findall(source))
    for thing in _YOURS.findall(variant):
        if thing in mine and thing not in yours and thing not in _MINE.findall(variant):
            yield f"'my {thing}' became 'your {thing}': another person speaks"
            return
    for thing in _MINE.findall(variant):
        if thing in yours and thing not in mine and thing not in _YOURS.findall(variant):
            yield f"'your {thing}' became 'my {thing}': another person speaks"
            return


def _answered(source: str, variant: str) -> Iterator[str]:
    found = _ANSWERS.match(variant.lstrip(" \"'*-"))
    if found and not _ANSWERS.match(source.lstrip(" \"'*-")) and (not variant.rstrip("\"' ").endswith("?") or ":" in found.group() or variant.startswith(("sure", "certainly", "here"))):
        yield f"it answers instead of asking: {found.group().strip()!r}"
    elif re.search(r"\n\s*(?:\d+[.)]|[-*•]) ", variant) and not re.search(r"\n\s*(?:\d+[.)]|[-*•]) ", source):
        yield "it is a list instead of a question"
