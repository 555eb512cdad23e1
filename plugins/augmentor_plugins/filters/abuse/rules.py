"""Rules about tagged texts: who says what of whom, and whether it is said or talked about.

The rules read texts as `tagging` writes them: `<g>` stands for a group of people, `<n>` for a word that damns, and so on. They
are about English sentences, clause by clause; what they cannot see is irony, and what is only implied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from ..wordlists import sections
from . import attacks
from .tagging import Tagged

_ENGLISH = re.compile(r"\b(?:the|you|your|is|are|and|my|of|this|that|it|what|with|have|not|i|to|for|she|he|they|we|all|was|me)\b")


class Abuse(NamedTuple):
    """What was found: its class, where it stands in the tagged text, and the words that say so."""

    kind: str
    start: int
    words: str


def _t(kinds: str) -> str:
    return rf"<\w*[{kinds}]\w*>"


_G = r"(?<!\bno )(?<!\bnot all )" + _t("ga")
_N = _t("nsc")
_DEGREE = (
    r"so|really|very|just|all|always|absolutely|truly|completely|such|the|a|an|of|bunch|nothing|but|only|most|more|too|pretty|mostly|simply|literally|basically|inherently|naturally|biologically"
    r"|generally|usually|often|as|like|little|big|complete|total|utter|actual|actually|definitely|clearly|obviously|honestly|both|still|also|and|even|ever|kind|sort|some|lot|no better than|worse than"
    r"|lower than|less than|,|" + _t("fd")
)
_ADV = rf"(?:(?:{_DEGREE}) )*?"
_DET = rf"(?:(?:all|those|these|the|most|many|any|every|such|other|some|more|you|of|about|that|being|seeing|a|an|our|to|with|any|{_t('fdni')}) )*"
_BE = r"(?:are|is|were|be|being|look|looks|smell|seem|act|behave|become|remain|a)"
_PEOPLE = r"(?:people |person |folk |folks |and <g\w*> |or <g\w*> |, |who \w+ \w+ |in (?:this|our|my|the) \w+ |here |around here )?"
_BEFORE = r"(?:(?<=^)|(?<! for )(?<! with )(?<! by )(?<! about )(?<! from )(?<! at )(?<! near )(?<! between )(?<! than )(?<! not all )(?<! no )(?<! against ))"
_WE = r"(?:i|we|everyone|everybody|us|you all)"
_FIRST = rf"(?:(?:^|[.?,\"] |\band |\bbut |\bbecause |\bso |\bhow |\bwhy )(?:please |just |fucking |<\w*f\w*> )?|\b{_WE} (?:\w+ )?(?:would |will |do |am |are |have |always |have always |really |just |still |also |{_t('f')} )*)"
_DUTY = r"(?:should|must|need to|needs to|have to|has to|ought to|deserve to|deserves to|can|will|will all|better|may|going to|gonna|want them to)"
_FATE = (
    rf"(?:be {_ADV}{_t('w')}|be {_ADV}(?:gone|put|kept|taken|forced|made|allowed to die|stopped|treated (?:like|as) \w+|shown their place|left to die)|die\b|burn|rot|suffer|disappear|go back|go away|go die|go to hell|get out|leave (?:our|this|my|the)"
    rf"|stay (?:out|away|in the kitchen|at home|in their)|obey|know (?:their|your) place|shut up|{_t('vu')} (?:themselves|yourself|yourselves)|stop existing|not exist|perish|drop dead|hang|get {_t('w')}|get cancer|get lost|be ashamed|never have been born|cease to exist|choke|drown)"
)
_GO = r"(?:going to|want to|would love to|would like to|should|must|need to|have to|will|gotta|has to|needs to|ought to|about to|ready to|can not wait to|shall|hope to|time to|wish i could|wish we could|wish someone would)"
_BARS = r"(?! (?:a|an|some|over|at|in|to|off|up|out|with kindness|on the|on my|as|for|and let)\b)"
_YOU = rf"(?:you|ya|your (?:\w+ )?(?:family|kids?|children|mother|mom|mum|father|wife|husband|dog|face|head|house|throat|whole|skull|neck|ass)|him|her|(?:{_DET}){_G}|all of you|everyone (?:here|there|in)|every (?:single )?(?:one of )?(?:you|them|last)|that {_t('isp')}|this {_t('isp')}|every {_t('gisn')})"
_POSITIVE = (
    r"(?:welcome|human|people|equal|wanted|real|normal|smart|intelligent|worthy|deserving|good|trustworthy|worth|as smart|as good|as intelligent|as capable|as strong|fit|capable|able|like us|like normal|to be trusted|clean|honest|civilised|civilized|valid|needed|supposed to|meant to|natural|one of us|persons)"
)

_HATE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_FIRST}{_t('h')} (?!that <\w+> (?:\w+ ){{0,2}}?(?:are|is|get|were|being|have to|has to|suffer|face|need to|must|can not|do not|earn)\b){_DET}{_G}",
        rf"{_BEFORE}{_G} {_PEOPLE}{_BE} {_ADV}{_N}",
        rf"\b(?:why|how|because) (?:are|is|come) {_DET}{_G} {_PEOPLE}(?:are )?{_ADV}{_N}",
        rf"(?:what|such) (?:a |an )?{_N} {_G} (?:are|is)",
        rf"{_G} {_PEOPLE}(?:are|is|will) (?:<\w*f\w*> )?not (?:ever |even |really |be )?(?:a |an |the )?{_POSITIVE}",
        rf"{_G} {_PEOPLE}(?:do|does|should|will|can|could|must|would) not (?:ever |even |really )?(?:deserve(?! (?:to (?:be {_t('w')}|be treated (?:badly|this|that|like (?:this|that|{_t('n')}))|be (?:bullied|harassed|mocked|insulted|hated|harmed)|die|suffer|feel)|this|that|such|any of|{_t('hn')}|the ))|belong|have (?:any|the|a|rights)|matter|contribute|be allowed|be given|be trusted|be permitted|exist\b|breed|reproduce|be considered|be accepted|be here|live (?:here|among|in)|be able to vote|vote|fit in|be in (?:this|our|my)|be around|count as|be alive|understand anything|be born|be welcome|be part)",
        rf"{_G} {_PEOPLE}should never (?:be (?:allowed|given|trusted|permitted|accepted|in)|have (?:been|any|rights|the))",
        rf"{_G} {_PEOPLE}(?:have|has|deserve|deserves|should have|get|are|are of|add|bring) {_ADV}(?:no|zero) (?:\w+ )?(?:rights?|place|respect|soul|souls|value|worth|morals|brain|brains|business|intelligence|good|use|dignity|mercy|sympathy|future|reason to live|help|shame|honou?r)",
        rf"{_G} {_PEOPLE}(?:only |just |all |really |fully )*deserves? (?:to )?(?:be )?{_ADV}(?:{_t('wvu')}|die|death|to die|suffer|pain|nothing|worse|what they get|hell|punishment|less|misery|all the hate|everything bad|no)",
        rf"\b(?:nobody|no one|noone|none of us) (?:really |actually |ever )?(?:likes?|wants?|needs?|cares? about|cares? for|loves?|would miss|respects?|should (?:trust|hire|help|like|respect)) {_DET}{_G}(?! to )",
        rf"{_G} {_PEOPLE}(?:\w+ )?{_DUTY} {_ADV}{_FATE}",
        rf"(?:^|[.?,\"] |let us (?:all |just )*|time to |\b(?:we|i|you|someone|somebody|people|they|and|to) (?:all |just |really )*{_GO} (?:all |just |really )*|please |(?<!who would )\bwant to |(?<!who )would like to |(?<!who )would love to )(?:get rid of|throw out|kick out|send back|keep out|ship back|ship off|lock up|round up|purge|ban|no more|down with|death to|cleanse|remove|stop letting in|wipe out|say no to|{_t('vu')}) {_DET}{_G}",
        rf"{_t('d')} {_G}(?! (?:only|car|product))",
        rf"<\w*f\w*> (?:all )?(?:those |these |the |you )?{_G}",
        rf"{_G} {_t('cs')}",
        rf"{_G} (?:are |is |keep |have been |just |only |all |always |{_t('f')} )*(?:ruin(?:ing|ed|s)?|destroy(?:ing|ed|s)?|invad(?:e|ing|ed|es)|infest(?:ing|ed|s)?|steal(?:ing|s)?|taking over|killing our|poison(?:ing)?|corrupt(?:ing)?|pollut(?:e|ing)|infect(?:ing)?|overrun(?:ning)?|leech(?:ing)?|plagu(?:e|ing)|flood(?:ing)?|wreck(?:ing)?|contaminat(?:e|ing)|breed(?:ing)? like|spread(?:ing)? diseases?|control(?:ling)? (?:the|our)|bring(?:ing)? (?:crime|disease|nothing)|piss(?:es)? me|creep(?:s)? me|gross me|makes? (?:me|us|everyone) (?:feel )?(?:sick|vomit|puke|want|{_t('n')}))",
        rf"{_G} (?:really |just |{_t('f')} )*{_t('n')} me",
        rf"\b(?:i|we|you|^)(?: \w+)? (?:would |should |can |will |could |do )?(?:not|never) (?:ever )?(?:trust|hire|date|marry|employ|allow|let|associate with|be friends with|respect|tolerate|accept|want(?: to (?:see|be near|live near|work with|sit next to))?|like|need|live (?:near|with|next to)|rent to|serve) {_DET}{_G}(?! (?:to (?:be|feel|worry|pay|suffer|lose)|only))",
        rf"\b(?:world|country|society|place|we|life|planet|everything|everyone|better place|town|city)\b.{{0,24}}\bbetter (?:off |place )?(?:without|if there were no|if we got rid of|with no) {_DET}{_G}",
        rf"better (?:off )?(?:without|if there were no|with no) {_DET}{_G}",
        rf"(?:only good|best) {_G} (?:is|are) (?:a |an )?(?:dead|{_t('w')})",
        rf"(?:blame|fault of|because of|thanks to) {_DET}{_G} (?:for|that|everything|we|our)",
        rf"{_G} (?:all |only |just |really )*belongs? (?:back )?(?:in|to|on|under|behind) (?:the |a |an )?(?:kitchen|zoo|cages?|ovens?|jail|prison|hell|trash|bin|gutter|jungle|stone age|street|camps?|chains|asylum|grave|ground|sea|toilet|stables?|home|{_t('n')})",
        r"go back to (?:your|their) (?:own )?(?:country|countries|kitchen|jungle|cave|home)|go back (?:to )?where (?:you|they) (?:came|come) from|go back to (?:africa|mexico|china|india|pakistan|asia)",
        rf"\b(?:i|we) (?:really |just |{_t('f')} )*(?:wish|hope|pray|want) (?:that )?{_DET}{_G} (?:would |will |all |to |just |could |get |were )*(?:die|burn|rot|suffer|disappear|drop dead|{_t('w')}|go away|gone|never existed|be {_t('w')}|leave|choke)",
        rf"\b(?:i|we|you) (?:would )?(?:consider|think|believe|see|view|find|regard|call) (?:that )?{_DET}{_G} (?:as |to be |are |is )*{_ADV}{_N}",
        rf"\b{_t('n')} (?:like|such as|called|known as) {_DET}{_G}",
        rf"\b(?:treat|treated|using|use|see) {_DET}{_G} (?:like|as) {_ADV}{_N}",
        rf"\b(?:you|your) (?:are )?{_t('a')}|\byou are (?:just |such |nothing but |only |all |{_t('fdi')} )*(?:a |an )?(?:{_t('fdi')} )*{_t('a')}|{_t('d')} {_t('a')}|\b(?:he|she) is (?:just |such )?(?:a |an )(?:{_t('fdi')} )*{_t('a')}",
        rf"{_t('dfi')} {_t('j')}(?! (?:people|person|friend|food))|\byou {_t('j')}(?: |$)",
        rf"{_t('y')}",
        rf"\b(?:put|lock|throw|send) {_DET}{_G} (?:all )?(?:in|into|to|on) (?:\w+ )?(?:camps?|cages?|ovens?|gas chambers?|prisons?|the fire|asylums?)",
        rf"\bnothing (?:good|nice|worthwhile|of value) about {_DET}{_G}|{_G} (?:only |just )+exist to\b|{_G} (?:will|can) never be (?:real|true|proper|normal|one of us|equal)",
        rf"\b(?:i|we) (?:\w+ )?(?:feel|get) <\w*n\w*> (?:\w+ )?(?:when|whenever|every time|if) (?:i|we) (?:\w+ )?(?:see|hear|meet|look at|think of) {_DET}{_G}",
        rf"\b(?:because|since|as) (?:you|he|she|they) (?:are|is) (?:a |an )?{_G} (?:you|he|she|they) (?:are|is) {_ADV}{_N}",
        rf"\bbeing {_G}? ?(?:\w+ )?(?:gay|trans|transgender|a lesbian|black|disabled|muslim|jewish) is {_ADV}{_N}|(?:homosexuality|islam|transgenderism|judaism|feminism) is {_ADV}{_N}",
        rf"\b(?:rather|sooner) (?:die|be dead|starve|kill myself) than (?:\w+ ){{0,3}}{_DET}{_G}",
        rf"\b(?:i|we) (?:\w+ )?{_t('h')} (?:it when|how|that|seeing|having|anything) {_DET}{_G}(?! (?:\w+ ){{0,2}}?(?:are|is|get|were|being|have to|has to|suffer|face|need to|must|can not|do not|earn)\b)",
        *attacks.HATE,
    )
)
_THREAT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:i|we) (?:am |are )?(?:{_GO}|swear i will|swear to god i will|would|could|might|{_t('f')}) (?:(?:{_DEGREE}|find|hunt|track|come|get|catch|you|over|for|down|there|to) )*?(?:{_t('v')} {_YOU}|{_t('u')} {_YOU}{_BARS})",
        rf"\byou (?:all |people |{_t('fdi')} )*(?:should|must|deserve to|need to|better|are going to|will|ought to|have to) (?:{_ADV})(?:die\b|be {_ADV}{_t('w')}|{_t('vu')} yourself|{_t('vu')} yourselves|drop dead|burn in|rot|suffer for|get {_t('w')}|get cancer|not be alive|never have been born)",
        rf"\byou (?:all |people |really |just )*deserve (?:to )?(?:be {_ADV}{_t('w')}|die|death|to die|get {_t('w')}|suffer|a (?:painful|slow) death)",
        rf"(?<! not )(?:^|[.?,!\"] |go (?:and |ahead and )?|just |please |and )(?:{_t('vu')}) (?:yourself|yourselves)(?! (?:some|a|up|with|from|off))|(?:^|[.?,\"] )(?:go )?(?:die|drop dead|choke and die)\b(?= you|$| in| [.?]| <)|\bgo die\b",
        rf"\bhope (?:that )?(?:you|he|she|they|your \w+) (?:all |will |just |{_t('f')} )*(?:die|get {_ADV}(?:cancer|aids|covid|{_t('w')}|hit by)|choke|rot|burn|suffer|never wake|crash|are {_t('w')}|end up dead|bleed)",
        rf"\b(?:someone|somebody|everyone|people|they|we|let us) (?:really |just |all )*(?:should|needs? to|ought to|must|please|has to|have to|will)? ?(?:just |all )*(?:{_t('v')} {_YOU}|{_t('u')} {_YOU}{_BARS})(?<!they)",
        rf"{_t('t')}|\byou are (?:so )?{_t('w')}(?! (?:to me|right|on|wrong|tired|from|in|for|by))",
        rf"\b(?:i|we) (?:am |are )?(?:{_GO}|would|could) (?:just )?(?:{_t('vu')}(?: up| down| off)?|shoot up|burn down) (?:\w+ ){{0,3}}(?:school|office|offices|building|headquarters|house|store|shop|mosque|synagogue|church|temple|bank|company|airport|hospital|crowd|everybody in)",
        rf"\b(?:i|we) (?:\w+ )?(?:want|wish|hope|need|would love|would like|pray for|can not wait)(?: to see| for)? (?:{_DET}{_G}|you|him|her) (?:all )?(?:to )?(?:be |get )?(?:{_t('w')}|die\b|dead\b|suffer\b|bleed\b)",
        *attacks.THREAT,
    )
)
_INSULT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:you|you (?:people|guys|lot|all)) (?:are|were|look like|sound like|look|must be|really are|will always be) (?!not){_ADV}{_t('pd')}(?<!<d>)",
        rf"\byou {_ADV}{_t('pis')}",
        rf"\b(?:he|she) is (?:just |such |nothing but )?(?:a |an )(?:{_t('fdi')} )*{_t('pis')}",
        rf"\bare you {_ADV}(?:{_t('is')}|(?:retarded|brain ?dead))",
    )
)
_FREE = re.compile(_t("six"))
_CARRIED = re.compile(r"\b(?:they|them|those people|these people|that lot|all of them|people like that|these creatures|those creatures)\b")
_NAMES_GROUP = re.compile(rf"(?<!\bfor )(?<!\bwith ){_t('g')}")
_SAYING = r"(?:say|says|said|saying|think|thinks|thought|thinking|believe|believes|believed|believing|claim|claims|claimed|claiming|shout|shouts|shouted|shouting|write|writes|wrote|writing|tweeted|posted|tell|tells|told|telling|suggest|suggests|suggesting|suggested|argue|argues|argued|arguing|insist|insists|insisted|yelled|yelling|screamed|screaming|call|calls|called|calling|wishing|preach|preaches|preaching|teach|teaches|imply|implying|chanted|chanting|joked|joking|declared|announced|spread|spreading|convinced|assume|assumes|assuming|pretend)"
_TOLD = re.compile(rf"((?:\S+ ){{0,5}}){_SAYING} (?:(?!,|\.|but)\S+ ){{0,6}}$|((?:\S+ ){{0,3}})\b(?:who|that) (?:wants?|wanted|{_t('h')}|hates?) (?:\S+ ){{0,4}}$")
_OWN = re.compile(r"\b(?:i|we|us|me|honestly|please|if you ask|not you|do you|do you also)\b")
_MINE = re.compile(r"\b(?:i|we)\b")
_WHOM = re.compile(r"\b(?:who|that|which) (?:(?!(?:are|is|were|think|believe|know)\b)\S+ ){1,4}$")
_AGREED = re.compile(r"\b(?:i agree|agree with (?:him|her|them)|(?:he|she|they|you) (?:is|are) (?:so |absolutely |totally |damn )*right|and rightly|so true|and it is true|which is true|could not agree more)\b")
_RHETORICAL = re.compile(r"\b(?:do|does|is|are|would|should|can|did) not (?:you|it|they|we|anyone|everyone|everybody|anybody|i)\b(?! dare)")
_DENIED = re.compile(
    r"\b(?:not|never|nobody|no one|none|stop|cease|without|nor|wrong|false|untrue|lie|myth|refuse|against|disagree|nonsense|doubt) (?:\w+ ){0,4}?(?:think|thinks|say|saying|says|believe|believes|believing|claim|claims|claiming|mean|call|calling|assume|suggest|imply|true|that|thinking|hear|support|agree|tolerate)\b"
)
_TALK = re.compile(
    r"^(?:\w+ ){0,2}?(?:saying|claiming|thinking|believing|calling|to say|to call|people who|anyone who|anybody who|whoever|those who|stop \w+ing|if you (?:say|think|believe|call|hate)|nobody should|no one should|you should (?:not|never)|do not|never|it is (?:wrong|hateful|racist|sexist|not)|hating|your hate|your hatred|how (?:dare|can) you|imagine (?:saying|thinking)|someone|somebody|some idiot|some people|he|she|they|my \w+|a (?:man|woman|guy|user|customer|colleague|person)|the (?:man|woman|user|customer|author|post|comment|message))\b"
)
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:the|that|this|word|words|term|slur|insult|name|phrase|used|uses|using|use|say|saying|said|says|call|called|calls|calling|labelled|labeled|hear|heard|hearing|shouted|yelled|screamed|wrote|tweeted|like|being|of|is|people|someone|somebody|anyone|me|us|him|her|them|my|our|his|their|women|men|a|an|each|other|friend|sister|brother|mother|son|daughter|colleague|kid|<g\w*>|\"|,|as) )*$"
)
_NAMING = re.compile(r"\b(?:word|words|term|slur|insult|name|phrase|called|calls|calling|labelled|labeled|being called|say|saying|shouted|yelled|screamed|used|using|uses)\b")
_PROUD = re.compile(r"\b(?:i am (?:such )?(?:a|the|your)|as a|my fellow|fellow|proud|us|we|we are|we are all|my favou?rite) (?:(?!not|never|hate|hates|call|say)\w+ ){0,2}$")
_ABOUT_WORDS = re.compile(r"\b(?:(?:word|term|slur|expression|insult)s? (?:like|such as|for|is|are|was|hurts?|has|of|\"|<)|do not (?:ever )?(?:use|say|call)|never (?:use|say|call)|stop (?:using|saying|calling)|stopped (?:using|saying|calling)|(?:use|used|using|uses) (?:of )?(?:the |words like |a word like )|called me|called him|called her|calling me|calling him|calling her|calls me|being called)")


def abuse(text: Tagged) -> Iterator[Abuse]:
    """Abuse that a text says itself: classes `threat`, `hate`, `slur`, `insult`, `sexual`; not what it quotes, reports or denies."""
    text = _resolved(text)
    said = text.text
    letters = frozenset("".join(_TAG.findall(said)))
    for kind, patterns in (("threat", _THREAT), ("hate", _HATE), ("insult", _INSULT)):
        for pattern in patterns:
            if not any(all(letters & wanted for wanted in tags) for tags in _needed(pattern.pattern)):
                continue
            for match in pattern.finditer(said):
                if not talked_about(said, match.start(), match.end(), text.plain, kind):
                    yield Abuse(kind, match.start(), text.quoted(match.start(), match.end()))
                    break
    foreign = len(_ENGLISH.findall(text.plain)) * 6 < text.plain.count(" ")
    for match in _FREE.finditer(said):
        kinds = match.group()
        if foreign and text.word_at(match.start()) in sections("abuse")["foreign"]:
            continue
        kind = "slur" if "s" in kinds else "insult" if "i" in kinds else "sexual"
        if not talked_about(said, match.start(), match.end(), text.plain, kind) and not _named(said, match.start(), kind):
            yield Abuse(kind, match.start(), text.word_at(match.start()))


_TAG = re.compile(r"<(\w+)>")
_NEEDED = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)


@cache
def _needed(pattern: str) -> tuple[tuple[frozenset[str], ...], ...]:
    """For each alternative of a rule, the tags it cannot do without: a set of letters each, of which a text must have one.

    Read off the pattern: tags as `_t` writes them, outside brackets, that are not optional.
    """
    signs = _NEEDED.findall(pattern)
    alternatives: list[list[frozenset[str]]] = [[]]
    depth = 0
    for place, sign in enumerate(signs):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth:
            continue
        if sign == "|":
            alternatives.append([])
        tag, after = signs[place : place + 7], signs[place + 7 : place + 8]
        if [*tag[:3], *tag[4:]] == ["<", r"\w", "*", r"\w", "*", ">"] and after not in (["?"], ["*"], ["{"]):
            alternatives[-1].append(frozenset(tag[3].strip("[]")))
    return tuple(map(tuple, alternatives))


_SENTENCES = re.compile(r"(?<= [.?]) |(?<=,) (?=(?:and |but |because |so )?(?:they|them|those|these)\b)| (?=(?:and|but|because|so|cause) (?:they|them)\b)")
_SUBJECTLESS = re.compile(r"(?:all )?(?:should|ought to|must|deserve|need to|belong|are|make|makes) ")
_ONE_OF = re.compile(rf"\b(average|typical|ordinary|normal|single|another|each|every|any|no|decent|one|next|last|a|an) {_t('j')}(?! (?!i\b|we\b|you\b|who\b|that\b|in\b|on\b|is\b|are\b|has\b|was\b|should\b|must\b|can\b|will\b|could\b|with\b|and\b|or\b|to\b|alive\b|here\b|deserves\b|belongs\b|needs\b)[a-z])")


def _resolved(text: Tagged) -> Tagged:
    """A text in which `they`, and a sentence without a subject, mean the group named before, and `the average X` is one of a group."""
    said = _ONE_OF.sub(r"\1 <g>", text.text)
    if "g" not in said:
        return text
    words = iter(text.words)
    sentences, known, group = _SENTENCES.split(said), [], False
    for index, sentence in enumerate(sentences):
        if group and _SUBJECTLESS.match(sentence):
            known.append("they")
            sentences[index] = f"<g> {sentence}"
        pieces = re.split(r"(<\w+>)", sentence) if not group else re.split(rf"(<\w+>|{_CARRIED.pattern})", sentence)
        for place, piece in enumerate(pieces):
            if piece.startswith("<"):
                known.append(next(words))
            elif place % 2:
                known.append(piece)
        if group:
            sentences[index] = _CARRIED.sub("<g>", sentences[index])
        group = group or _NAMES_GROUP.search(sentence) is not None
    return replace(text, text=" ".join(sentences), words=tuple(known))


def talked_about(said: str, start: int, end: int, plain: str, kind: str) -> bool:
    """Whether what stands there is quoted, reported, denied or denounced instead of meant."""
    begin = max(said.rfind(" . ", 0, start), said.rfind(" ? ", 0, start)) + 1
    before = said[begin:start]
    if said.count('"', 0, start + 1) % 2 and '"' in said[end:]:
        outside = re.sub(r'"[^"]*"', " ", plain)
        if kind in {"hate", "threat"}:
            return len(outside.split()) > 2 and not _AGREED.search(outside)
        return bool(_cue("denouncing").search(outside) or _cue("reporting").search(outside))
    if kind in {"hate", "threat"} and _DENIED.search(_RHETORICAL.sub(" ", before + said[start : start + 8])):
        return True
    if kind == "hate" and said[start] == "<" and _WHOM.search(before):
        return True
    told = _TOLD.search(before)
    if kind in {"hate", "threat"} and told and not _OWN.search(told[1] or told[2] or "") and not _AGREED.search(plain):
        return True
    rest = said[end:]
    if _TALK.match(said[begin:]) and kind != "insult":
        around = _cue("denouncing").search(re.sub(r"<\w+>", " ", before + rest)) or re.search(rf" (?:are|is) {_ADV}{_t('npdw')}", rest)
        return bool(around)
    return False


def _named(said: str, start: int, kind: str) -> bool:
    """Whether a word is named ("the word ...", "called me a ...") or taken for oneself ("proud ...")."""
    before = said[max(0, start - 64) : start]
    tail = _NAMED_BEFORE.search(before)
    if tail and _NAMING.search(tail.group()) and not re.search(r"\b(?:i|we) (?:will |just |am |would )?(?:call|say)", before):
        return True
    if re.match(r"<\w+>\"? (?:is|are) (?:\w+ ){0,3}?(?:slur|slurs|offensive|derogatory|racist|word|insult|insulting|unacceptable|hurtful|hateful)", said[start:]):
        return True
    if kind != "slur":
        return False
    begin = max(said.rfind(" . ", 0, start), said.rfind(" ? ", 0, start), -1) + 1
    sentence = said[begin:].partition(" . ")[0]
    told = _TOLD.search(said[begin:start])
    if told and (not _MINE.search(told[1] or "") or re.search(r"\b(?:been|was|were|got|get|being|am) $", told[1] or "")) and "you " not in said[begin:start].removesuffix(" "):
        return True
    return _ABOUT_WORDS.search(sentence) is not None or _PROUD.search(before) is not None


@cache
def _cue(section: str) -> re.Pattern[str]:
    words = sorted(sections("abuse")[section], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")
