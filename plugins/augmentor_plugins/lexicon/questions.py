"""What kind of thing a customer's question asks for."""

from __future__ import annotations

import re

GREETING = re.compile(
    r"^\s*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: (?:there|all|team|everyone|support|sir|madam|sir or madam))*\s*[,.!-]+\s*)+", re.IGNORECASE
)
_ASIDE = re.compile(
    r"^(?:(?:please|so|and|but|ok|okay|well|sorry|excuse me|quick question|question)[,:.!]?\s+|"
    r"(?:can|could|would|will) (?:you|someone|somebody|anyone) (?:please |kindly |just )?(?:tell|explain|show|advise|let)(?: (?:to )?(?:me|us))?(?: know)?\s+|"
    r"(?:please |just )?(?:tell|show|let) (?:me|us)(?: know)?\s+|"
    r"do you know\s+|(?:i|we)(?:'m| am|'re| are| was| were)? (?:just |only )?(?:wonder(?:ing)?|asking|curious|not sure|unsure)\s+(?:about )?|"
    r"(?:i|we)(?:'d| would)? (?:just )?(?:like|want|need) to (?:know|find out|ask|understand)\s+(?:about )?|"
    r"(?:i|we) do(?:n't| not) (?:know|understand)\s+|any idea\s+)",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"^(?:about |by |until |till |from |since |for |at |on |in |to |with )?(?:how (?:much|many|long|often|far|soon|late|early|old|big|fast|large|quickly)|when(?!ever)|who|whose|whom|which|what (?:time|day|date|kind|type|sort|age|size|happens?|are|is|was|were|does|do you|else|counts?|documents?|information)|"
    r"how (?:does|is|are|was|were|will|come|safe|secure|good)|where(?: is|'s| are| was| were| did| does| do you| will|\s+my|\s+the)|"
    r"are|is|was|were|does|do you|do they|do i|do we|did|has|have you|will|would it|must|should|am i|whether|if)\b",
    re.IGNORECASE,
)
_DO = re.compile(
    r"^(?:how (?:to|(?:do|can|could|should|would|might|may|must|am|will|shall) (?:i|we|you|one|someone|customers?|users?|people))|how\s+(?:i|we)\b|"
    r"where (?:do|can|could|should|would|must) (?:i|we|you|one)|where to|where (?:i|we) can|"
    r"(?:can|could|may|might|am|are|would|shall|should) (?:i|we)\b(?! (?:sure|being))|(?:is|would|was) it (?:be )?possible|is there (?:a|any|some|an) (?:\w+ )?(?:way|option|possibility|chance|method)|"
    r"if (?:it is|it's) possible|if (?:i|we) can|whether (?:i|we) can|"
    r"what (?:do|should|must|can|would) (?:i|we|you) (?:need to |have to )?do (?:to|in order to)\b|what(?:'s| is| are) (?:the |your )?(?:\w+ )?(?:way|process|procedure|steps?|method)\b|"
    r"what (?:do|should|must) (?:i|we) (?:need|have) to\b|"
    r"(?:i|we)(?:'d| would| really| just| also)* (?:like|want|wish|need|love|prefer|have|must|intend|plan|hope|wanna)\b|(?:i|we)(?:'m| am|'re| are) (?:trying|looking|hoping|planning|going|about) (?:to|for)|"
    r"(?:(?:can|could|would|will) you|please|i need you to|i want you to)\b|help (?:me|us)\b|i(?:'m| am) looking)",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"^(?:why|how come|what (?:should|do|can|shall|must) (?:i|we) do (?:if|when|now|about|with|since)|what (?:if|now)|what happens (?:if|when|with|to)|what(?:'s| is) wrong|what happened)\b|\bwhat (?:should|do|can|shall) (?:i|we) do\b", re.IGNORECASE
)
_SURE = re.compile(r"^how (?:do|can|could|will|would|should) (?:i|we) (?:know|tell|be sure|make sure that|find out (?:if|whether|when))\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_STATEMENT = re.compile(r"^(?:i|we|my|our|the|it|this|that|there|someone|somebody|your|a|an|nothing|something|no)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|does|did|do|will|would|can|could|wo|keeps?|seems?|looks?|says?|shows?|'s|'re|'m|'ve|'ll|n't|not|never|"
    r"i|we|\w+ed|lost|forgot|got|went|came|broke|stole|sent|paid|bought|made|found|fell|left|stopped|works?|needs?|takes?|comes|goes|gets)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"n't\b|\bnot\b|\bnever\b|\bunable\b|\bno longer\b|\bfails?\b|\bfailed\b|\bcan not\b", re.IGNORECASE)

KINDS = frozenset({"do", "fix", "ask"})


def strip_asides(text: str) -> str:
    """The question itself, without greeting and *can you tell me*."""
    text = GREETING.sub("", text).strip()
    while (aside := _ASIDE.match(text)) and len(text) > aside.end() + 3:
        text = text[aside.end() :]
    return text


def kinds(text: str) -> frozenset[str]:
    """Which kinds of topic a *respelt* question may belong to: some of `do`, `fix` and `ask`.

    A bare noun phrase may be any of them, and *Can you ship it to Canada?* is a request or a question of fact.
    """
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    return frozenset().union(*map(_kinds, sentences)) if len(sentences) > 1 else _kinds(text)


def _kinds(text: str) -> frozenset[str]:
    text = strip_asides(text)
    negative = bool(_NOT.search(text))
    if _SURE.match(text):
        return frozenset({"ask", "fix"})
    if _TROUBLE.search(text):
        return frozenset({"fix", "ask"}) if re.match(r"why|how come|what", text, re.IGNORECASE) else frozenset({"fix"})
    if _DO.match(text):
        found = {"do"}
        if negative:
            found.add("fix")
        if re.match(r"(?:i|we) (?:have|must)\b", text, re.IGNORECASE):
            found.add("fix")
        if re.match(r"(?:can|could|may|would|will|should|am|are|is|shall) |if |whether |do |what ", text, re.IGNORECASE):
            found.add("ask")
        return frozenset(found)
    if _FACT.match(text):
        return frozenset({"ask", "fix"}) if negative or re.match(r"(?:where|is|are|was|has|does|did|when)\b", text, re.IGNORECASE) else frozenset({"ask"})
    if _STATEMENT.match(text) and _CLAUSE.search(text):
        return frozenset({"fix"}) if not re.match(r"(?:i|we)\b", text, re.IGNORECASE) or negative else frozenset({"fix", "do"})
    return KINDS


def states_fact_word(text: str) -> str | None:
    """The question word that is part of what is asked (*when*, *how much*), in a *respelt* question of fact, or None."""
    text = strip_asides(text)
    match = re.match(
        r"(?:about |by |until |till |from |since |for |at |on |in |to |with )?(how (?:much|many|long|often|far|soon|late|early|old|big|fast|large)|when|where|why|how come|who|whom|whose|which)\b", text, re.IGNORECASE
    )
    if match is None:
        return None
    word = match.group(1).lower()
    return {"how come": "why", "whom": "who", "how large": "how big"}.get(word, word)
