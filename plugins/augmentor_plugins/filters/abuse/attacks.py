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
_G = rf"(?<!\bno )(?<!\bnot all ){tag('ga')}(?! s\b)"
_N = tag("nsci")
_FEW = rf"(?:(?!(?:{_CLEARED})\b)[\w,<>]+ ){{0,5}}?"
_SOME = rf"(?:(?!(?:{_FREE})\b)[\w,<>]+ ){{0,5}}?"
_SUBJECT = r"(?:(?<=^)|(?<! for )(?<! with )(?<! by )(?<! about )(?<! from )(?<! at )(?<! near )(?<! between )(?<! than )(?<! not all )(?<! no )(?<! against )(?<! to )(?<! on )(?<! of )(?<! in ))"
_ANY = r"[^.?\"]"
_I = r"(?<!\w)(?:i|we|us|me)"
_ENDED = rf"(?:die|dies|died|dead|dying|bleed|burn|suffer|rot|hang|beg|scream|choke|drown|starve|disappear|disappeared|vanish|vanished|gone|leave|perish|{tag('w')})"
_GOOD = r"(?:decent|good|honest|nice|smart|intelligent|innocent|clean|normal|useful|trustworthy|clever|kind|peaceful|civilised|civilized|moderate|hard working|real)"
_THINGS = r"(?:wallets?|purses?|kids|children|valuables|daughters|sons|doors?|bags?|bikes?|cars?|silver|wife|wives|dogs?|cats?|phones?|money|pockets)"

HATE = (
    rf"{_SUBJECT}{_G} {_FEW}(?:are|is|were|was|remain|look|smell|seem|will be) {_FEW}{_N}",
    rf"{_I} {_SOME}{tag('h')} {_FEW}{_G}",
    rf"{_G} {_SOME}(?:make|makes|give|gives) (?:me|us|my|everyone|everybody|anyone) (?:the )?(?:\w+ ){{0,2}}?(?:{tag('nfvuhp')}|sick|crawl|creeps|angry|vomit|puke|throw up|ill|boil|mad|furious|shudder|gag|nauseous|wince|heave|nightmares|creeps|ick|shivers|headache)",
    rf"{_G} {_FEW}(?:piss|creep|gross|freak|repulse|revolt|nauseate|infuriate|repel|irritate|appal|appall|offend|sicken|disgust|annoy|{tag('nf')}) (?:me|us|everyone|everybody)\b",
    rf"(?<!\w)(?:looking at|seeing|being around|being near|sight of|thought of|thinking of|hearing|talking to|dealing with|living near|sitting next to|working with|smell of) {_FEW}{_G} {_ANY}{{0,12}}?(?:makes?|gives?|fills?|turns?|disgusts?|sickens?|{tag('n')}) (?:me|us|my|everyone)\b",
    rf"{_I} {_SOME}(?:feel|get|am|become|felt|got) (?:\w+ ){{0,2}}?(?:{tag('nh')}|sick|ill|angry|furious|nauseous|nauseated|mad|dirty|uneasy) {_ANY}{{0,6}}?(?:when|whenever|every time|each time|if|as soon as|just) {_ANY}{{0,30}}?{_G}(?! {_ANY}{{0,20}}?(?:{tag('w')}|treated|suffer|die|discriminated|insulted|bullied))",
    rf"(?<!\w)(?:i|we|only|nothing but|and|but) (?:\w+ )?(?:have|feel|felt|hold|am full of|are full of|got|bear|harbou?r|show|nothing but) (?:(?!(?:not|never|against)\b)[\w<>]+ ){{0,3}}?(?:contempt|hatred|disgust|disdain|scorn|loathing|hate|{tag('h')}|(?:no|zero|little) (?:respect|sympathy|patience|tolerance|mercy|pity|love|use|time)) (?:for|of|towards?|against|at) {_FEW}{_G}",
    rf"(?<!\w)(?:no such thing as|yet to (?:meet|see|find)|never (?:met|seen|known|come across|heard of)|does not exist|show me|name one|not (?:met|seen|known) (?:one|a single)) (?:an? |one |any |single )*{_GOOD} {tag('gaj')}",
    rf"\bnever (?:met|seen|known|come across) (?:an? |one |any )*{tag('ga')} (?:with|who|that) (?:an? |any |was |is |had |could |has |knew |did |not )",
    rf"\bno {tag('ga')} (?:has|have|can|could|will|would) (?:\w+ )?(?:ever )?(?:done|did|do|be|been|achieve|achieved|contribute|contributed|built|build|invented|invent|deserve|deserved|understand|understood|amount|amounted|produced|create|created|become) (?:anything|something|a thing|trusted|useful|good|worth|any|our|it|respect|human|like)",
    rf"\bno {tag('ga')} (?:people )?(?:should|must|can|may) (?:ever )?(?:be (?:allowed|permitted|trusted|given|hired|let|admitted|accepted|president|in charge)|vote|breed|reproduce|enter|teach|hold office|marry|have children|have kids|run)\b(?! {_ANY}{{0,30}}?(?:{tag('w')}|treated|suffer|die|fear))",
    rf"(?<!\w)(?:nothing|not a thing|not one thing|not anything) (?:\w+ )?(?:good|nice|positive|likeable|redeeming|decent|kind|worth) (?:to say |to be said |worth saying |to find |can be said )?(?:about|in|of|to like about) {_FEW}{_G}",
    rf"(?<!\w)(?:can|could|should|do|would) (?:not|never) (?:ever |even )?(?:expect|trust|rely|count|believe|turn your back|get|leave) {_ANY}{{0,24}}?(?:from|on|with|to|near|around|in|of)? ?{_FEW}{_G}(?! (?:to (?:be|feel|worry|pay|suffer|lose|have)|behind|alone|out|only))",
    rf"{_G} {_FEW}(?:can|could|will|should|must) (?:not|never|no longer) (?:ever |even |really )?(?:be (?:trusted|civili[sz]ed|educated|tolerated|helped|fixed|cured|saved|equal|human|real|one of us|like us|proper|allowed|given|let|integrated|redeemed)|change|learn|integrate|think|love|breed|vote|behave|understand|amount|deserve)",
    rf"{_G} {_FEW}(?:are|is) (?:not|hardly|barely|not even|no|neither) {_ANY}{{0,14}}?(?:worth|capable|fit|able to (?:think|love|learn)|worthy|better than|human|civili[sz]ed|real|people|men|women|proper|normal|one of us|evolved)\b(?! (?:less|to be {tag('w')}))",
    rf"{_G} {_FEW}(?:have|has|got|show|with) (?:no|zero|not any|half|less|few) {_ANY}{{0,12}}?(?:morals?|brains?|soul|souls|honou?r|shame|decency|manners|culture|intelligence|conscience|dignity|iq|heart|hearts|feelings|mind of|brain of|brains of|intellect|place|value|worth|rights? to|business|respect|honesty|empathy|class|self control|work ethic)\b",
    rf"{_G} {_FEW}(?:are|is|were|was|be) {_FEW}(?:worth less|less (?:intelligent|human|capable|evolved|civili[sz]ed|valuable|than)|below (?:us|me|everyone|human)|beneath (?:us|me|everyone|contempt)|lower than|not as (?:smart|good|intelligent|evolved|human|capable)|lower form|lowest form|born to|no better)\b",
    rf"{_G} {_FEW}(?:crawl|breed|swarm|multiply|infest|scurry|slither|leech|spread|reproduce)(?:s|ed|ing)? (?:\w+ ){{0,4}}?(?:out|like|all over|off|into|around|everywhere|diseases?|filth|{tag('nc')})",
    rf"(?<!\w)(?:overrun|invaded|flooded|infested|swamped|plagued|overwhelmed|ruined|destroyed|polluted|contaminated|poisoned|taken over|{tag('wn')}) (?:by|with) (?:(?!not )[\w<>]+ ){{0,4}}?{_G}",
    rf"(?<!\w)(?:swarms?|hordes?|herds?|infestation|invasion|{tag('nc')}) of {_FEW}{_G}",
    rf"(?<!not )(?<!never )(?<!\w)(?:get|be|getting|got|getting|become|finally) (?:finally |completely |fully )?rid of {_FEW}{_G}",
    rf"(?<!\w)(?:why|how) (?:do|does|are|is|did|come|can|could|have|must|the <\w*f\w*> do|the <\w*f\w*> are) {_FEW}{_G} {_FEW}{_N}",
    rf"(?:^|[.?,\"] |(?<!\w)(?:so|and|but) )(?:are|is) {_FEW}{_G} (?:even |really |actually |truly |considered )*(?:human|people|real|a person|persons)\b(?! (?:who|that|allowed|to))",
    rf"(?<!\w)(?:fewer|less) {_FEW}{_G}{_ANY}{{0,40}}?(?<!\w)(?:better|happier|safer|cleaner|nicer)\b|(?<!\w)(?:better|happier|safer|cleaner|nicer) {_ANY}{{0,24}}?(?<!\w)(?:fewer|less|without|no|before|had no|minus) {_FEW}{_G}",
    rf"(?<!\w)(?:used to be|went downhill|gone downhill|went to {tag('f')}|was (?:so much |much |far )?(?:better|safer|cleaner|nicer|great|nice|fine|good|lovely)) {_ANY}{{0,24}}?(?:before|since|until|when|after|because of|the (?:day|moment|year|minute) (?:we|they|you|{tag('ga')})) {_ANY}{{0,16}}?{_G}",
    rf"\byou know {_ANY}{{0,40}}?(?:bad|dangerous|rough|wrong|in trouble|doomed|over|lost|{tag('nf')}) {_ANY}{{0,50}}?{_G}",
    rf"{_G} {_FEW}(?:should|ought to|must|had better|can) (?:just |all )*(?:be|feel) (?:very |so |damn |<\w*f\w*> )?(?:grateful|thankful|glad|happy|lucky) (?:that )?(?:we|i|anyone|nobody|anybody|they are (?:even )?(?:allowed|alive)|to be (?:alive|here|allowed))",
    rf"(?<!\w)(?:shed a tear|care|miss (?:them|it)|mind|cry|be sad|be happy|be glad|love it|celebrate|cheer|dance|party|laugh|smile|best day) {_ANY}{{0,12}}?(?:if|when|once) {_FEW}{_G} {_FEW}{_ENDED}",
    rf"(?<!\w)(?:hide|lock up|lock|watch|guard|hold on to|hold|mind|keep an eye on) (?:up )?(?:your|the) (?:\w+ )?{_THINGS}{_ANY}{{0,30}}?{_G}",
    rf"\bnever (?:again )?(?:let|allow|leave|send|want|bring) (?:my|our|any|your) (?:\w+ )?(?:kids|children|child|daughter|son|wife|family|dog|baby|sister) {_ANY}{{0,24}}?{_G}|\bnot (?:let|allow|leave|send|want|trust) (?:my|our|your) (?:\w+ )?(?:kids|children|child|daughter|son|wife|family|dog|baby|sister) (?:near|with|to (?:marry|date|be|play|sit|go)|around|alone) {_ANY}{{0,12}}?{_G}",
    rf"(?<!\w)(?:rather|sooner) (?:(?!<\w*g)[^.?\"]){{1,40}}? than (?:\w+ ){{0,5}}?{_G}(?! s\b)",
    rf"\bthe {tag('gj')} (?:question|{tag('n')})(?! (?:of|is whether|about))",
    rf"(?<!\w)(?:deal with|solve|fix|clean up|sort out|stop) {_ANY}{{0,8}}?{tag('gj')} (?:question|people|invasion|{tag('nc')})\b",
    rf"{_G} {_FEW}(?:should|ought to|must|need to|have to|has to|needs to) (?:be )?{_FEW}(?:kept away|kept out|kept from|forced to|made to|stay away|get out|go back|go home|leave|wear a|be ashamed|be quiet|serve|obey|banned from|stripped of|denied|thrown|sent|put|chained|registered|tagged|{tag('wv')})",
    rf"{_G} (?:should|must|will|can|may) never (?:ever )?(?:be|have|get|hold|vote|set foot|enter|lead|teach|breed)\b(?! (?:{tag('w')}|to |treated|hurt|afraid|feel|ashamed|judged))",
    rf"{_G} {_FEW}deserve (?:every|all|only|each|no|nothing|what|a|the|whatever|much worse) (?:\w+ ){{0,4}}?(?:bullet|pain|beating|rope|they get|coming|punishment|death|misery|suffering|better|kick|slap|hate|{tag('wnv')}|noose|mercy|sympathy|rights)\b",
    rf"(?<!\w)(?:kick|throw|ship|send|drive|boot|chase|keep|vote|force|run) (?:all )?{_FEW}{_G} {_ANY}{{0,8}}?(?:out|back|off|away|home|into the sea|overseas)\b",
    rf"(?<!\w)(?:deport|expel|ban|round up|lock up|cage|sterili[sz]e|castrate|exile|evict|intern|enslave|neuter|eradicate|exterminate|remove|eliminate|{tag('v')}) (?:every |each |all )(?:single |one of |of |last |the |these |those |bloody |{tag('df')} )*{_G}",
    rf"(?<!\w)(?:please|solution is to|answer is to|time to|best to|only way is to|let us) {_FEW}(?:deport|expel|ban|round up|lock up|cage|{tag('vu')}) {_FEW}{_G}",
    rf"(?<!\w)(?:hanging|shooting|prison|jail|death|hell|torture|deportation|a bullet|camps?|a slap|{tag('vwu')}) (?:is|are|would be) (?:still |far |much |way )*too (?:good|kind|nice|mild|soft|lenient) for {_FEW}{_G}",
    rf"(?<!\w)(?:brains?|mind|iq|intelligence|manners|morals) of an? {tag('nc')}|{_G} {_FEW}(?:have|has) {_ANY}{{0,8}}?(?:brain|mind|iq|intelligence|manners|morals) (?:of|like) an? ",
    rf"(?:(?<!\w)(?:who else|does anyone else|anyone else|anybody else)|(?:^|[.?] )who) (?:also |really |just )*(?:wants?|hates?|{tag('h')}|wishes|thinks) {_FEW}{_G}(?! (?:to (?:be|feel|have|get|win|vote) (?!{tag('w')})|rights|here))",
    rf"(?<!\w)(?:world|country|society|we|nobody|earth|city|company|army|planet|town|neighbou?rhood) (?:really |just )?(?:do|does) not (?:really )?need {_FEW}{_G}",
    rf"{tag('j')} {tag('ic')}",
    rf"\bbeing (?:an? )?(?:{tag('gj')}|disabled) (?:is|should be) {_FEW}{_N}",
    rf"(?<!\w)(?:trouble|issue|thing|{tag('n')}) with {_G} is (?!not\b|that (?:they|<g>) (?:face|have to|suffer|are (?:treated|{tag('w')})))",
    rf"(?<!\w)(?:this is|look at|here comes?|another|saw|met|it is) {_FEW}{_G} \. {_N}(?: \.|$)",
    rf"\bonly {tag('np')} (?:like|love|trust|support|hire|marry|date|want|defend|respect|care about) {_FEW}{_G}",
    rf"{_G} {_FEW}(?:brings?|adds?|contributes?|causes?|means?|offers?|produces?|spreads?) (?:us |only |just |always |so much |a lot of )*(?:nothing|trouble|problems|crime|diseases?|misery|chaos|destruction|violence|{tag('n')})",
    rf"{_G} (?:have |has |had |will |would |always |just |only |are |all )*(?:ruin|destroy|invade|infest|wreck|pollute|poison|corrupt|spoil)(?:s|ed|ing)? (?!by\b)",
    rf"\bstop (?:giving|letting|allowing|helping|hiring|feeding|accepting|importing|inviting|protecting|electing|pretending) {_FEW}{_G}(?! (?:down|suffer|die|be|out))",
    rf"\bwhat (?:is|are) {_FEW}(?:point|use|purpose) of {_FEW}{_G}|\bwhat are {_FEW}{_G} (?:even |ever |actually )?good for",
    rf"\bit is (?:totally |perfectly |absolutely |always |just )?(?:ok|okay|fine|acceptable|right|good|fun|cool|funny|legal|time|great) to {_SOME}{tag('vu')} {_FEW}{_G}",
    rf"\byou (?:should|must|ought to|have to) (?:all |really )?be {_FEW}ashamed (?:of being|to be) {_FEW}{tag('gja')}",
    rf"(?<!\w)(?:disgusts?|sickens?|repulses?|angers?|pains|{tag('n')}|makes me {tag('n')}) (?:me )?(?:to see|when|that|seeing|how|whenever) {_ANY}{{0,12}}?{_G}(?! (?:\w+ ){{0,2}}?(?:are|is|get|were|being|have to|suffer|face|treated|{tag('w')})\b)",
    rf"\bhow {_FEW}{_N} (?:are|is) {_FEW}{_G}|(?<!\w)(?:are|is) {_FEW}{_G} (?:so |all |really |just |that |always |too )*{_N}(?= [.?]|$)",
    rf"(?<!\w)(?:should|need|want|have) (?:to )?(?:be |have |see |let in )?(?:fewer|less|no more) {_FEW}{_G}(?= (?:in|around|here|on|at|[.?])|$)",
    rf"{_G} , (?:please |just |{tag('f')} )*(?:go (?:back|home|away|where)|get (?:out|lost)|shut up|leave|out|{tag('i')})\b",
    rf"{_G} (?:all |just |really |totally |simply |{tag('f')} )*(?:suck|stink|reek|{tag('n')})(?= (?:[.?,]|so\b)|$)",
    rf"{_G} (?:can |should |will |may |all |just |deserve to )*(?:go to hell|{tag('i')})(?= |$)",
    rf"(?<!not )(?<!\w)(?:great|better|nice|good|wonderful|perfect|happier|best|lovely|paradise) (?:place |world )?(?:if|when|once|without) {_FEW}{_G} (?:did not exist|were (?:gone|dead|all {tag('w')}|{tag('w')})|{_FEW}{_ENDED})",
    rf"(?:^|[.?,] )(?:just |please |go |then |now |simply )+{tag('vu')} (?:all |every |each |the |these |those |bloody |{tag('fd')} )*{_G}(?! (?:in the (?:list|table)|with))",
    rf"{_G} (?:do|does) not (?:even |really )?have (?:any |a |real |proper )*(?:morals?|brains?|souls?|honou?r|shame|decency|manners|culture|intelligence|conscience|dignity|hearts?|feelings|business|self respect)\b",
    rf"\bif you are (?:an? )?(?:{tag('gj')}|disabled) (?:, )?(?:then )?you are {_FEW}{tag('npi')}",
    rf"(?<!why does )(?<!why do )\b(?:god|jesus|allah|everyone|everybody|we all|the whole world) (?:really |just )?{tag('h')} {_FEW}{_G}",
    rf"(?<!\w)(?:nobody|no one|who) (?:ever |even )?(?:asked for|invited|needs) {_FEW}{_G}|\bget {_FEW}{_G} (?:away|out|off) (?:from|of) (?:me|us|here|my|our|this)",
    rf"\ba good {tag('gj')} is a dead {tag('gj')}",
    rf"{_G} (?:only |just |really |all )*makes? {_ANY}{{0,30}}?(?:uglier|worse|more dangerous|unsafe|dirtier|poorer|a {tag('n')} place)\b",
    rf"(?<!\w)(?:nothing|nobody|no one) (?:is |could be |was )?(?:ever )?(?:worse|lower|dumber|uglier|more {tag('n')}) than {_FEW}{_G}",
    rf"{_I} {_SOME}{tag('h')} (?:what|everything|all|anything|the way) (?:about |that )?{_FEW}{_G}(?! (?:have to|are {tag('w')}|are treated|suffer|face|go through|get))",
    rf"{_G} {_FEW}(?:should|must|ought to|need to) (?:all |just )*be (?:in|under|behind) (?:prison|jail|camps?|chains|hell|cages?|the ground|a zoo|bars|asylums?)",
    rf"(?<!not )\bno (?:place|room|space|future|need) for {_FEW}{_G}(?= (?:in (?:this|our|my)|here|among|[.?])|$)",
    rf"{_G} (?:just |always |only )*{tag('u')} (?:everything|our)\b",
    rf"\b(?:i|we) (?:\w+ )?(?:want nothing to do with|refuse to (?:\w+ ){{1,5}}?(?:with|near|for|next to|beside)) {_FEW}{_G}",
    rf"{_G} {_FEW}(?:have|has) (?:such )?(?:small|tiny|smaller|little|half|defective|inferior) (?:brains?|minds?)\b",
    rf"\b(?:teach|taught|show|shows|showed) {_FEW}{_G} (?:a lesson|their place|who is (?:the )?boss)",
    rf"\bif {_FEW}{_G} {_FEW}{_ENDED} {_ANY}{{0,12}}?(?:nobody|no one|i would not|i would be|who would|we would all)\b",
)
"""Clauses that attack a group."""

THREAT = (
    rf"(?<!not ){_I} {_SOME}(?:want|wish|hope|hoping|pray|praying|dream|waiting|long) (?:is |it |for |of |that |just )*{_FEW}{_G} (?:to |would |will |all |just |finally )*(?!leave){_ENDED}",
    rf"(?<!not )(?<!\w)(?:happy|glad|love|good|nice|great|fun|enjoy|delighted|pleased|like) (?:to )?(?:see|seeing|watch|watching|hear|hearing) {_FEW}{_G} {_FEW}(?!leave){_ENDED}\b",
    rf"{_I} (?:{_SOME})(?:going to|will|want to|would|love to|must|need to|about to|ready to|plan to|planning to|dying to|like to|wish i could|itching to|swear|should|ought to|have to|might|could|can not wait to|hope to|wanna) {_SOME}(?:{tag('v')} {_SOME}{_G}|{tag('u')} (?:up |down |all |every |each |some |a |the |those |these |next |that |of |single |bunch |first |{tag('fd')} )*{_G})(?! (?:with kindness|at (?:chess|football|tennis|cards|their own)))",
    rf"{_G}{_ANY}{{0,40}}? (?:i|we) (?:am |are |will |would |shall |swear )+{_SOME}(?:{tag('vu')}) (?:them|him|her|their|his|it out of)\b",
    rf"\bhunt(?:ing)? {_FEW}{_G} down|\bcoming for (?:you )?{_FEW}{_G}|(?<!\w)(?:bullets?|knife|axe|bat|fist|bomb|fire|rope) (?:in|into|to|through|under|around) {_ANY}{{0,20}}?{_G}",
    rf"(?<!\w)(?:wait to|want to|love to|like to|going to|gonna|will|hope to|let us) (?:\w+ )?(?:watch|see|hear|make) {_FEW}{_G} {_FEW}(?:die|bleed|burn|suffer|rot|hang|beg|scream|choke|drown|starve|dead|perish|{tag('w')})\b",
    rf"(?<!\w)(?:someone|somebody|everyone|we|you|they|the army|the police|hitler|god) (?:really |just |all )*(?:should|needs? to|ought to|must|has to|have to|better|please) (?:just |all |finally |really |have )*(?:{tag('vw')} |{tag('u')} (?=up |down |all |the |every |these |those |{tag('gaf')})){_SOME}{_G}",
)
"""Clauses that threaten a group."""


def compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))
