"""Rules about whole clauses: attacks on a group whose words stand apart.

Where `rules` wants words next to each other, these let some others stand between. So each says which words may not: those that make
the group a victim ("treated like"), an audience, or the object of somebody else's feelings.
"""

from __future__ import annotations

import re


def tag(kinds: str) -> str:
    """A pattern for a listed word of one of these kinds, as `tagging` writes it."""
    return rf"<\w*[{kinds}]\w*>"


_CLEARED = (  # words that turn the sense of a clause, or that make the group something else than its object
    r"not|never|no|nobody|neither|nor|without|treated|called|victims?|portrayed|accused|seen|afraid|scared|worried|affected|targets?|targeted|against|by|from|about|with|for|who|if|unless|because|face|faces|suffer"
    r"|experience|that|how|when|it|people|anyone|anybody|what|why|to|being|discrimination|racism|sexism|but|like|say|says|said|think|thinks|in|and they|told|help|protect|support|defend|love|respect|hates|facing|against"
)
_FREE = r"not|never|no|nobody|who|when|how|if|that|because|but|hurts?|attacks?|harms?|insults?|bully|bullies|mistreats?|discriminates?|helps?|protects?|supports?|defends?|against|rights|people|anyone|anybody|those"
_G = rf"(?<!\bno )(?<!\bnot all )(?<!\bfor ){tag('ga')}(?! s\b)"
_N = tag("nscd")
_FEW = rf"(?:(?!(?:{_CLEARED})\b)[\w,<>]+ ){{0,5}}?"
_SOME = rf"(?:(?!(?:{_FREE})\b)[\w,<>]+ ){{0,5}}?"
_SUBJECT = r"(?:(?<=^)|(?<! for )(?<! with )(?<! by )(?<! about )(?<! from )(?<! at )(?<! near )(?<! between )(?<! than )(?<! not all )(?<! no )(?<! against )(?<! to ))"
_ANY = r"[^.?\"]"
_I = r"\b(?:i|we|us)"
_ENDED = rf"(?:die|dies|died|dead|dying|bleed|burn|suffer|rot|hang|beg|scream|choke|drown|starve|disappear|disappeared|vanish|vanished|gone|leave|perish|{tag('w')})"
_GOOD = r"(?:decent|good|honest|nice|smart|intelligent|innocent|clean|normal|useful|trustworthy|clever|kind|peaceful|civilised|civilized|moderate|hard working|real)"
_THINGS = r"(?:wallets?|purses?|kids|children|valuables|daughters|sons|doors?|bags?|bikes?|cars?|silver|wife|wives|dogs?|cats?|phones?|money|pockets)"

HATE = (
    rf"{_SUBJECT}{_G} {_FEW}(?:are|is|were|was|remain|look|smell|seem|will be) {_FEW}{_N}",
    rf"{_I} {_SOME}{tag('h')} {_FEW}{_G}",
    rf"{_G} {_SOME}(?:make|makes|give|gives) (?:me|us|my|everyone|everybody|anyone) (?:\w+ ){{0,2}}?(?:{tag('nfvuh')}|sick|crawl|creeps|angry|vomit|puke|throw up|ill|boil|mad|furious|shudder|gag|nauseous|wince|heave|nightmares)",
    rf"{_G} {_FEW}(?:piss|creep|gross|freak|repulse|revolt|nauseate|infuriate|repel|irritate|appal|appall|offend|sicken|disgust|annoy|{tag('nf')}) (?:me|us|everyone|everybody)\b",
    rf"\b(?:looking at|seeing|being around|being near|sight of|thought of|thinking of|hearing|talking to|dealing with|living near|sitting next to|working with|smell of) {_FEW}{_G} {_ANY}{{0,12}}?(?:makes?|gives?|fills?|turns?|disgusts?|sickens?|{tag('n')}) (?:me|us|my|everyone)\b",
    rf"{_I} {_SOME}(?:feel|get|am|become|felt|got) (?:\w+ ){{0,2}}?(?:{tag('nh')}|sick|ill|angry|furious|nauseous|nauseated|mad|dirty|uneasy) {_ANY}{{0,6}}?(?:when|whenever|every time|each time|if|as soon as|just) {_ANY}{{0,30}}?{_G}(?! {_ANY}{{0,20}}?(?:{tag('w')}|treated|suffer|die|discriminated|insulted|bullied))",
    rf"\b(?:i|we|my|our|only|nothing but|pure) {_SOME}(?:contempt|hatred|disgust|disdain|scorn|loathing|hate|{tag('h')}|respect|sympathy|patience|tolerance|mercy|pity|love|use) (?:for|of|towards?|against|at) {_FEW}{_G}(?<=.)".replace("respect|sympathy|patience|tolerance|mercy|pity|love|use", "(?<=no )(?:respect|sympathy|patience|tolerance|mercy|pity|love|use)|(?<=zero )(?:respect|sympathy|patience|tolerance|mercy|pity|love|use)"),
    rf"\b(?:no such thing as|yet to (?:meet|see|find)|never (?:met|seen|known|come across|heard of)|does not exist|show me|name one|not (?:met|seen|known) (?:one|a single)) (?:an? |one |any |single )*{_GOOD} {tag('gaj')}",
    rf"\bnever (?:met|seen|known|come across) (?:an? |one |any )*{tag('ga')} (?:with|who|that) (?:an? |any |was |is |had |could |has |knew |did |not )",
    rf"\bno {tag('ga')} (?:has|have|can|could|will|would) (?:\w+ )?(?:ever )?(?:done|did|do|be|been|achieve|achieved|contribute|contributed|built|build|invented|invent|deserve|deserved|understand|understood|amount|amounted|produced|create|created|become) (?:anything|something|a thing|trusted|useful|good|worth|any|our|it|respect|human|like)",
    rf"\bno {tag('ga')} (?:people )?(?:should|must|can|may) (?:ever )?(?:be (?:allowed|permitted|trusted|given|hired|let|admitted|accepted|president|in charge)|vote|breed|reproduce|enter|teach|hold office|marry|have children|have kids|run)\b(?! {_ANY}{{0,30}}?(?:{tag('w')}|treated|suffer|die|fear))",
    rf"\b(?:nothing|not a thing|not one thing|not anything) (?:\w+ )?(?:good|nice|positive|likeable|redeeming|decent|kind|worth) (?:to say |to be said |worth saying |to find |can be said )?(?:about|in|of|to like about) {_FEW}{_G}",
    rf"\b(?:can|could|should|do|would) (?:not|never) (?:ever |even )?(?:expect|trust|rely|count|believe|turn your back|get|leave) {_ANY}{{0,24}}?(?:from|on|with|to|near|around|in|of)? ?{_FEW}{_G}(?! (?:to (?:be|feel|worry|pay|suffer|lose|have)|behind|alone|out|only))",
    rf"{_G} {_FEW}(?:can|could|will|should|must) (?:not|never|no longer) (?:ever |even |really )?(?:be (?:trusted|civili[sz]ed|educated|tolerated|helped|fixed|cured|saved|equal|human|real|one of us|like us|proper|allowed|given|let|integrated|redeemed)|change|learn|integrate|think|love|breed|vote|behave|understand|amount|deserve)",
    rf"{_G} {_FEW}(?:are|is) (?:not|hardly|barely|not even|no|neither) {_ANY}{{0,14}}?(?:worth|capable|fit|able to (?:think|love|learn)|worthy|better than|human|civili[sz]ed|real|people|men|women|proper|normal|one of us|evolved)\b(?! (?:less|to be {tag('w')}))",
    rf"{_G} {_FEW}(?:have|has|got|show|with) (?:no|zero|not any|half|less|few|the|only) {_ANY}{{0,12}}?(?:morals?|brains?|soul|souls|honou?r|shame|decency|manners|culture|intelligence|conscience|dignity|iq|heart|hearts|feelings|mind of|brain of|brains of|intellect|place|value|worth|rights? to|business|respect|honesty|empathy|class|self control|work ethic)\b",
    rf"{_G} {_FEW}(?:are|is|were|was|be) {_FEW}(?:worth less|less (?:intelligent|human|capable|evolved|civili[sz]ed|valuable|than)|below (?:us|me|everyone|human)|beneath (?:us|me|everyone|contempt)|lower than|not as (?:smart|good|intelligent|evolved|human|capable)|lower form|lowest form|born to|no better)\b",
    rf"{_G} {_FEW}(?:crawl|breed|swarm|multiply|infest|scurry|slither|leech|spread|reproduce)(?:s|ed|ing)? (?:\w+ ){{0,4}}?(?:out|like|all over|off|into|around|everywhere|diseases?|filth|{tag('nc')})",
    rf"\b(?:overrun|invaded|flooded|infested|swamped|plagued|overwhelmed|ruined|destroyed|polluted|contaminated|poisoned|taken over|{tag('wn')}) (?:by|with) (?:(?!not )[\w<>]+ ){{0,4}}?{_G}",
    rf"\b(?:swarms?|hordes?|herds?|infestation|invasion|{tag('nc')}) of {_FEW}{_G}",
    rf"(?<!not )(?<!never )\b(?:get|be|getting|got|getting|become|finally) (?:finally |completely |fully )?rid of {_FEW}{_G}",
    rf"\b(?:why|how) (?:do|does|are|is|did|come|can|could|have|must|the <\w*f\w*> do|the <\w*f\w*> are) {_FEW}{_G} {_FEW}{_N}",
    rf"(?:^|[.?,\"] |\b(?:so|and|but) )(?:are|is) {_FEW}{_G} (?:even |really |actually |truly |considered )*(?:human|people|real|a person|persons)\b",
    rf"\b(?:fewer|less) {_FEW}{_G}{_ANY}{{0,40}}?\b(?:better|happier|safer|cleaner|nicer)\b|\b(?:better|happier|safer|cleaner|nicer) {_ANY}{{0,24}}?\b(?:fewer|less|without|no|before|had no|minus) {_FEW}{_G}",
    rf"\b(?:used to be|went downhill|gone downhill|went to {tag('f')}|was (?:so much |much |far )?(?:better|safer|cleaner|nicer|great|nice|fine|good|lovely)) {_ANY}{{0,24}}?(?:before|since|until|when|after|because of|the (?:day|moment|year|minute) (?:we|they|you|{tag('ga')})) {_ANY}{{0,16}}?{_G}",
    rf"\byou know {_ANY}{{0,40}}?(?:bad|dangerous|rough|wrong|in trouble|doomed|over|lost|{tag('nf')}) {_ANY}{{0,30}}?{_G}",
    rf"{_G} {_FEW}(?:should|ought to|must|had better|can) (?:just |all )*(?:be|feel) (?:very |so |damn |<\w*f\w*> )?(?:grateful|thankful|glad|happy|lucky) (?:that )?(?:we|i|anyone|nobody|anybody|they are (?:even )?(?:allowed|alive)|to be (?:alive|here|allowed))",
    rf"\b(?:shed a tear|care|miss (?:them|it)|mind|cry|be sad|be happy|be glad|love it|celebrate|cheer|dance|party|laugh|smile|best day) {_ANY}{{0,12}}?(?:if|when|once) {_FEW}{_G} {_FEW}{_ENDED}",
    rf"\b(?:hide|lock up|lock|watch|guard|hold on to|hold|mind|keep an eye on) (?:up )?(?:your|the) (?:\w+ )?{_THINGS}{_ANY}{{0,30}}?{_G}",
    rf"\bnever (?:again )?(?:let|allow|leave|send|want|bring) (?:my|our|any|your) (?:\w+ )?(?:kids|children|child|daughter|son|wife|family|dog|baby|sister) {_ANY}{{0,24}}?{_G}|\bnot (?:let|allow|leave|send|want|trust) (?:my|our|your) (?:\w+ )?(?:kids|children|child|daughter|son|wife|family|dog|baby|sister) (?:near|with|to (?:marry|date|be|play|sit|go)|around|alone) {_ANY}{{0,12}}?{_G}",
    rf"\b(?:rather|sooner) {_ANY}{{1,40}}? than (?:\w+ ){{0,5}}?{_G}(?! s\b)",
    rf"\bthe {tag('gj')} (?:question|{tag('n')})(?! (?:of|is whether|about))",
    rf"\b(?:deal with|solve|fix|clean up|sort out|stop) {_ANY}{{0,8}}?{tag('gj')} (?:question|people|invasion|{tag('nc')})\b",
    rf"{_G} {_FEW}(?:should|ought to|must|need to|have to|has to|needs to) (?:be )?{_FEW}(?:kept away|kept out|kept from|forced to|made to|stay away|get out|go back|go home|leave|wear a|be ashamed|be quiet|serve|obey|banned from|stripped of|denied|thrown|sent|put|chained|registered|tagged|{tag('wv')})",
    rf"{_G} (?:should|must|will|can|may) never (?:ever )?(?:be|have|get|hold|vote|set foot|enter|lead|teach|breed)\b(?! (?:{tag('w')}|to |treated|hurt|afraid|feel|ashamed|judged))",
    rf"{_G} {_FEW}deserve (?:every|all|only|each|no|nothing|what|a|the|whatever|much worse) (?:\w+ ){{0,4}}?(?:bullet|pain|beating|rope|they get|coming|punishment|death|misery|suffering|better|kick|slap|hate|{tag('wnv')}|noose|mercy|sympathy|rights)\b",
    rf"\b(?:kick|throw|ship|send|drive|boot|chase|keep|vote|force|run) (?:all )?{_FEW}{_G} {_ANY}{{0,8}}?(?:out|back|off|away|home|into the sea|overseas)\b",
    rf"\b(?:deport|expel|ban|round up|lock up|cage|sterili[sz]e|castrate|exile|evict|intern|enslave|neuter|eradicate|exterminate|remove|eliminate|{tag('v')}) (?:every |each |all )(?:single |one of |of |last |the |these |those |bloody |{tag('df')} )*{_G}",
    rf"\b(?:please|solution is to|answer is to|time to|best to|only way is to|let us) {_FEW}(?:deport|expel|ban|round up|lock up|cage|{tag('vu')}) {_FEW}{_G}",
    rf"\b(?:hanging|shooting|prison|jail|death|hell|torture|deportation|a bullet|camps?|a slap|{tag('vwu')}) (?:is|are|would be) (?:still |far |much |way )*too (?:good|kind|nice|mild|soft|lenient) for {_FEW}{_G}",
    rf"\b(?:brains?|mind|iq|intelligence|manners|morals) of an? {tag('nc')}|\b{_G} {_FEW}(?:have|has) {_ANY}{{0,8}}?(?:brain|mind|iq|intelligence|manners|morals) (?:of|like) an? ",
    rf"(?:\b(?:who else|does anyone else|anyone else|anybody else)|(?:^|[.?] )who) (?:also |really |just )*(?:wants?|hates?|{tag('h')}|wishes|thinks) {_FEW}{_G}(?! (?:to (?:be|feel|have|get|win|vote) (?!{tag('w')})|rights|here))",
)
"""Clauses that attack a group."""

THREAT = (
    rf"{_I} (?:{_SOME})(?:going to|will|want to|would|love to|must|need to|about to|ready to|plan to|planning to|dying to|like to|wish i could|itching to|swear|should|ought to|have to|might|could|can not wait to|hope to|wanna) {_SOME}(?:{tag('v')} {_SOME}{_G}|{tag('u')} (?:up |down |all |every |each |some |a |the |those |these |next |that |of |single |bunch |first |{tag('fd')} )*{_G})(?! (?:with kindness|at (?:chess|football|tennis|cards|their own)))",
    rf"{_G}{_ANY}{{0,40}}? (?:i|we) (?:am |are |will |would |shall |swear )+{_SOME}(?:{tag('vu')}) (?:them|him|her|their|his|it out of)\b",
    rf"\bhunt(?:ing)? {_FEW}{_G} down|\bcoming for (?:you )?{_FEW}{_G}|\b(?:bullets?|knife|axe|bat|fist|bomb|fire|rope) (?:in|into|to|through|under|around) {_ANY}{{0,20}}?{_G}",
    rf"\b(?:wait to|want to|love to|like to|going to|gonna|will|hope to|let us) (?:\w+ )?(?:watch|see|hear|make) {_FEW}{_G} {_FEW}(?:die|bleed|burn|suffer|rot|hang|beg|scream|choke|drown|starve|dead|perish|{tag('w')})\b",
    rf"\b(?:someone|somebody|everyone|we|you|they|the army|the police|hitler|god) (?:really |just |all )*(?:should|needs? to|ought to|must|has to|have to|better|please) (?:just |all |finally |really |have )*(?:{tag('vw')} |{tag('u')} (?=up |down |all |the |every |these |those |{tag('gaf')})){_SOME}{_G}",
)
"""Clauses that threaten a group."""


def compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))
