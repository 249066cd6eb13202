"""What the candidate wants with a turn: usually to answer, sometimes something else.

In doubt a turn is an answer. A wish is read only where every word of the turn belongs to one: a closed vocabulary of
phrases and fillers, so that a single word about the matter, such as "join", makes it an answer whatever else it says.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Literal, NamedTuple

from interviewer.domain.scenario import ContextAnswer, Exhibit
from interviewer.domain.words import FUNCTION_WORDS, without_hidden

# answer: says something about the matter, or nothing that could be told apart from it.
# code, essay: answers too, in an unusual form: mostly code; longer than speech, or with the traits of a document.
# question: asks for something about the case. give_answer: asks for the solution, or whether the answer was right.
# repeat: wants the question again. rephrase: wants it in other words. skip: wants another one.
# dont_know: has no answer. pause: wants time to think. silent: says nothing at all.
# done: has said all about this question. finish: wants to end the interview.
# rude: is hostile to the interviewer and says nothing else. small_talk: greetings, thanks, nerves.
# off_topic: asks about the interviewer or the job, or for another subject. other_language: mostly not English.
Intent = Literal[
    "answer",
    "question",
    "dont_know",
    "skip",
    "repeat",
    "give_answer",
    "finish",
    "rephrase",
    "pause",
    "done",
    "silent",
    "rude",
    "small_talk",
    "off_topic",
    "other_language",
    "code",
    "essay",
]
ANSWERS: tuple[Intent, ...] = ("answer", "code", "essay")

# What follows is not read: compatibility forms may be many times as long as what was typed.
READ_CHARACTERS = 20_000
# A longer text is no mere wish, and a question is no longer than this.
WISH_CHARACTERS = 300
QUESTION_WORDS = 45
ESSAY_WORDS = 700
# A shorter text is no document, whatever its form.
DOCUMENT_WORDS = 120
DOCUMENT_TRAITS = 2
# Of the characters outside comments. Less than this is a term such as O(n).
CODE_SHARE = 0.6
CODE_CHARACTERS = 12
CODE_LINE_PROSE = 0.12
# In running text four words of ten are function words; in English with foreign names hardly any is foreign.
FOREIGN_SHARE = 0.2
FOREIGN_TO_ENGLISH = 3
ACCENTED_SHARE = 0.25
ENGLISH_SHARE = 0.05
# A Chinese, Japanese or Korean character says about as much as three letters.
DENSE_WEIGHT = 3

_NOUN = r"(?:(?:the|this|that|your|my|last|previous|whole) ){0,2}(?:question|one|part|bit|thing|sentence)"
_TO_DO = r"(?: how to (?:do|answer|solve|say|explain) (?:it|that|this))?"
_IT = rf"(?: (?:{_NOUN}|it|that|this))?"
_RIGHT = r"(?:(?:right|correct|best|model|full|ideal|real|actual|expected|reference|proper) )?"
_SOLUTION = rf"{_RIGHT}(?:answers?(?: key)?|solutions?|key points?|rubric)"
_TIME = r"(?:second|sec|secs|moment|minute|min|mins|minutes|seconds|time|break)"
_SWEAR = r"(?:(?:fucking|freaking|frigging|bloody|damn|goddamn|effing) )?"
_VERY = (
    r"(?:(?:so|such|a|an|the|just|really|very|pretty|quite|all|total|complete|utter|absolute|fucking|freaking|bloody|"
    r"damn|bit|little|total|totally|completely|most|big|real|like|too|kinda|kind of|being) ){0,4}"
)
_INSULT = (
    r"(?:idiots?|idiotic|morons?|stupid|dumb|dumbest|dumbass|stupidest|useless|worthless|pathetic|ridiculous|retarded|"
    r"rubbish|garbage|trash|crap|crappy|shit|shitty|bullshit|terrible|awful|horrible|annoying|clueless|incompetent|"
    r"asshole|ass|arsehole|bastard|bitch|dick|jerk|fool|clown|loser|lame|worst|joke|waste(?: of (?:my )?time)?|"
    r"piece of (?:shit|crap|garbage|trash|junk))"
)
_HOST = (
    r"(?:bot|chatbot|robot|ai|machine|computer|interviewer|interview|questions?|tool|app|program|software|thing|test|"
    r"conversation)"
)
_EVER = r"(?: (?:i|ive|i have) ever (?:heard|seen|had))?"
_FRIENDLY = r"(?:good|great|nice|interesting|cool|tough|tricky|fun|hard|lovely|excellent)"

_WISHES: Mapping[Intent, str] = {
    "rude": (
        r"(?:fuck|screw|damn|eff|f)(?: (?:you|off|this|that|it|all))(?: (?:shit|crap))?|fuck|shit|bullshit|ffs|stfu|"
        r"(?:piss|sod|bugger|buzz) off|wtf|what the (?:fuck|hell|heck)|"
        rf"(?:youre|your|you|you guys are|you people are|are you) {_VERY}{_INSULT}(?: {_HOST})?|"
        rf"(?:this|this {_HOST}|your {_HOST}|the {_HOST}|these {_HOST}) (?:is|are|"
        rf"was) {_VERY}{_INSULT}(?: {_HOST})?{_EVER}|(?:what|such) an? {_VERY}{_INSULT}(?: {_HOST})?|"
        rf"{_SWEAR}{_INSULT} {_HOST}{_EVER}|"
        r"fucking {_HOST}|"
        r"(?:you|this) (?:really |fucking |totally |all )?sucks?|"
        r"shut (?:the (?:fuck|hell) )?up|go (?:to hell|away|fuck yourself|die)|"
        r"get lost|leave me alone|(?:kiss my|up your) (?:ass|arse)|bite me|drop dead|"
        rf"i (?:really |fucking |so )?hate (?:you|this|your questions?|this {_HOST})|"
        r"(?:youre |stop |quit )?wasting my (?:fucking )?time|(?:a )?(?:complete |total |"
        r"fucking )?waste of (?:my )?time|(?:who|nobody|no one) (?:the (?:fuck|hell) )?cares|"
        r"are you (?:kidding(?: me)?|serious|deaf|blind|insane|drunk)|i (?:dont|"
        r"couldnt) (?:fucking )?(?:give a (?:fuck|shit|damn)|care)(?: less)?|"
        rf"(?:stop|quit) asking (?:me )?(?:{_VERY}{_INSULT} |these |such |that )?(?:questions?|things)?|"
        rf"(?:you|you really) dont (?:even )?know (?:anything|shit|what youre talking about)|im sick of (?:you|this)"
    ),
    "give_answer": (
        rf"(?:give|tell|show|send|reveal)(?: me| us)?(?: the| your| a)? {_SOLUTION}|give (?:it|that) to me|"
        rf"tell me (?:what the {_SOLUTION} is|if (?:im|that is|thats|i am) (?:right|correct))|did i get (?:it|"
        rf"that) right|"
        rf"whats (?:the|your) {_SOLUTION}(?: then| to (?:this|that|it))?|what are the {_SOLUTION}|"
        rf"(?:the )?{_SOLUTION} please|"
        r"(?:just )?tell me(?=$| please| already| now| then)|you (?:tell me|answer (?:it|that|the question))|"
        r"answer (?:it|that|the question) (?:yourself|for me)|"
        rf"i (?:want|need) (?:the|an|your) {_SOLUTION}|"
        r"(?:how|what) would you (?:do|answer|solve|say|suggest|recommend)(?: it| that| this| here)?(?: instead)?|"
        r"what should i (?:say|answer|have said)|what are you (?:looking for|after)|"
        r"what do you (?:want (?:to hear|me to say)|expect me to say)|"
        r"(?:is|was) (?:that|this|it|my answer) (?:right|correct|wrong)|am i (?:right|correct|wrong|close)|"
        r"(?:am i|are we) on the right track|how (?:am i doing|did i do|was my answer)|whats my score"
    ),
    "rephrase": (
        rf"(?:rephrase|reword|reformulate|paraphrase|simplify|clarify|restate){_IT}|"
        rf"(?:put|say|ask|phrase|word|explain){_IT}(?: to me)?(?: a bit| a little)? "
        r"(?:differently|another way|(?:in )?a different way|more (?:simply|clearly)|"
        r"(?:in|with|using) (?:other|different|simpler|simple|plain|easier|your own) (?:words|terms|english|language))|"
        r"(?:in|with|use) (?:other|different|simpler|simple|plain|easier) (?:words|terms|english|language)|"
        rf"explain(?: (?:it|that|this|yourself|what you mean|{_NOUN}))(?: to me| again| better| a bit)?|"
        r"what do you mean(?: by (?:that|this|it|the question))?|(?:i )?(?:have )?no idea what (?:you mean|you want)|"
        r"what does (?:that|this|it|the question) (?:even )?mean|whats that (?:even )?supposed to mean|"
        rf"(?:i )?(?:dont|didnt|cant|still dont) (?:really |quite |fully |even )?(?:understand|follow){_IT}"
        r"(?: you| what (?:you mean|you want|youre asking|the question is))?|"
        rf"i (?:still )?dont (?:really |quite )?get (?:it|{_NOUN}|what (?:you mean|you want|youre asking))|"
        r"(?:i )?dont know what (?:you mean|you want(?: from me)?|youre asking|you are asking)(?: me)?(?: for)?|"
        r"(?:the|this|your) question is(?: not clear| unclear| confusing| too (?:vague|complicated|long))(?: to me)?|"
        r"not clear to me|im (?:a bit |so |really )?confused(?: by (?:that|this|the question))?|you lost me|"
        r"what (?:are you|youre) (?:even )?asking(?: me)?(?: for)?|be (?:more specific|clearer|more precise)|"
        r"make (?:it|that|the question) (?:simpler|clearer|easier)|"
        r"(?:the|this|that|your) question (?:makes no|doesnt make(?: any)?) sense(?: to me)?|"
        r"(?:can|could|would) you (?:please )?(?:explain|elaborate)(?: more| further| a bit| please)*$|"
        r"(?:explain|elaborate) (?:please|more|further)|simpler please"
    ),
    "repeat": (
        rf"(?:repeat|say|read|ask|state){_IT}(?: to me)? (?:again|once more|one more time|back|slower|more slowly)|"
        rf"repeat{_IT}(?: to me)?|read (?:me )?{_NOUN}(?: to me| again)?|say (?:it|that)|once more|one more time|"
        rf"^again$|again please|come again|pardon(?: me)?|excuse me|what did you (?:just )?(?:say|ask)(?: again)?|"
        rf"(?:whats|what was) {_NOUN}(?: again)?|(?:i )?(?:didnt|couldnt|cant|did not) (?:get|catch|hear|"
        rf"understand you)(?: you|{_IT})|i (?:missed|forgot) (?:that|{_NOUN})|"
        rf"remind me(?: of)? (?:{_NOUN}|what (?:the question was|you asked))|where were we|(?:i was |i got )distracted|"
        rf"i lost you(?: there)?|(?:huh|what|eh)(?=$)"
    ),
    "skip": (
        r"skip(?: (?:it|this|that|ahead))?(?: one| question| part)?|skip the question|"
        r"pass(?: on (?:this|that|it))?(?: one| question)?|next(?: question| one| topic)?|the next (?:question|topic)|"
        r"(?:move|go) (?:on )?(?:to )?(?:the )?next(?: question| one| topic)?|move on(?: to something else)?|"
        r"(?:another|a different|different|a new|new|some other) question|change (?:the )?question|"
        r"(?:ask|give) me (?:something else|another (?:question|one)|a different (?:question|one))|"
        r"come back to (?:it|this|that)(?: one| question)? later|leave (?:it|this|that)(?: one)? for later|"
        rf"(?:i |id )?(?:wont|dont want to|would rather not|rather not|refuse to|dont feel like) (?:answer|"
        rf"answering){_IT}|"
        r"no comment"
    ),
    "done": (
        r"thats (?:pretty much |basically |about |really )?(?:it|all|everything)"
        r"(?: i (?:have|know|got|wanted to say|can say|can think of))?|thats my (?:final )?answer|"
        r"that (?:should be|would be|is about|covers) (?:it|all|everything)|"
        r"all done|done|finished|(?:i have |i got |theres )?nothing (?:more|else|further|to add|to correct)"
        r"(?: to (?:add|say|correct))?(?: to (?:that|this|it))?|no more|"
        r"i dont have anything (?:more|else|to add|further)(?: to (?:add|say))?|"
        r"(?:i )?cant think of anything (?:more|else)|nothing else comes to mind|"
        r"no further (?:comments?|points?|thoughts|additions)|"
        r"(?:i think )?(?:ive|i) (?:covered|said) (?:it all|everything|all i know)|end of (?:my )?answer|"
        r"im (?:done|finished) with (?:this|that|my|the) (?:one|question|answer|part)"
    ),
    "finish": (
        r"(?:end|stop|finish) (?:it|this) (?:here|now)|"
        r"im (?:all )?(?:done|finished)(?: here| now| for today| with (?:this|the) interview)?|"
        r"finish(?: here| now| (?:the|this) (?:interview|session))?|end(?: here| now| (?:the|this) (?:interview|"
        r"session))?|stop(?: here| now| (?:the|this) (?:interview|session))?|quit|exit|i quit|wrap (?:it |this )?up|"
        r"(?:good )?bye(?: bye)?|goodbye|i (?:have to|must|need to|want to|got to|gotta) (?:go|leave|stop|finish|quit)|"
        r"thats (?:it|all|everything) from (?:me|my side)|nothing (?:more|else) from (?:me|my side)|"
        r"call it a day|thats enough for (?:today|me)|no more questions|see (?:you|ya)(?: later| soon| tomorrow|"
        r" next time| around)?"
    ),
    "pause": (
        rf"(?:give|allow) me (?:just )?(?:a|one|some|another|two|a few|a couple of|a bit of|"
        rf"a little)(?: more)? {_TIME}|just (?:a|one) (?:quick )?{_TIME}|(?:one|a) (?:sec|moment)|(?:one|a) (?:second|"
        rf"minute) please|(?:hold|hang) on(?: (?:a|one) {_TIME})?|wait(?: (?:a|one) {_TIME}| a bit)?|bear with me|brb|"
        rf"be right back|"
        r"let me (?:just )?think(?: again)?(?: (?:about|through|over) (?:it|that|this|the question))?"
        rf"(?: (?:it|this|that) (?:through|over))?(?: for (?:a|one) {_TIME}| for a bit)?|"
        rf"(?:i )?need (?:a|one|some|a bit of|a bit more|a little|more)(?: more| short| quick)? {_TIME}|"
        rf"(?:i )?(?:can|could|may|might) (?:i|we) (?:have|get|take) (?:a|one|some|another)(?: more| short|"
        rf" quick)? {_TIME}|"
        r"(?:im )?(?:still )?thinking|i (?:have|need|want) to think(?: about (?:it|that|this))?(?: first| more)?|"
        r"(?:let me )?(?:gather|collect|organi[sz]e) my thoughts|let me see|to think(?: about (?:it|that|this))?|pause|"
        r"time out|not ready(?: yet)?|im not ready(?: yet)?|"
        rf"take (?:a|one) (?:short |quick )?{_TIME}"
    ),
    "dont_know": (
        rf"(?:i )?(?:really |honestly |simply |just |still )?dont {_SWEAR}(?:really |even |actually |exactly )?know"
        r"(?: (?:it|that|this|anything|how|why|what to (?:say|answer|do)|the answer|that one|this one|where to start))?"
        rf"{_TO_DO}(?: (?:to|about) (?:it|that|this))?(?: one| question)?|(?:i )?wouldnt know|dont no|"
        rf"(?:i )?(?:really |honestly )?(?:have |have got |got )?(?:absolutely )?no {_SWEAR}(?:idea|clue|knowledge)"
        rf"(?: (?:about|on|of) (?:it|that|this)| where to start)?{_TO_DO}(?: one)?|no answer|not a clue|i havent (?:a|"
        rf"the foggiest) (?:clue|idea)|"
        r"(?:i )?dont have (?:a|any) (?:clue|idea|answer)(?: (?:for|to|about) (?:it|that|this))?|beats me|no thoughts|"
        r"(?:im )?(?:really |honestly |just )?(?:not (?:so |too |really |very |quite )?sure|unsure|stuck|lost)"
        r"(?: (?:about|on) (?:it|that|this))?(?: one| question)?|"
        rf"(?:i )?(?:really )?cant (?:say|answer|remember|recall|help you there){_IT}|"
        r"(?:i )?dont (?:remember|recall)(?: (?:it|that|this))?|i forgot|i give up|"
        r"(?:my )?minds? (?:is|went|gone|has gone) blank|(?:im )?drawing a blank|"
        r"(?:ive )?never (?:heard of|used|done|seen|worked with) (?:it|that|this|any of (?:it|that|this))"
        r"(?: before)?|not my (?:area|field|strong suit)|(?:thats )?(?:beyond|above|over) (?:me|my head|my pay grade)|"
        r"(?:i )?have no (?:answer|experience(?: with (?:it|that|this))?)|(?:nothing|no idea) comes to mind|"
        r"(?:im )?not (?:so |very |that |really )?familiar(?: with (?:it|that|this))?(?: (?:one|topic|subject|area))?|"
        r"(?:i )?dont have (?:any |much )?(?:experience|knowledge)(?: (?:with|about|of|in) (?:it|that|this))?"
    ),
    "off_topic": (
        r"(?:are you|is this) (?:a |an )?(?:real )?(?:bot|robot|human|person|real|ai|machine|chatgpt|gpt|"
        r"llm)(?: being)?|am i (?:talking|speaking) to (?:a |an )?(?:real )?(?:bot|robot|human|person|ai|machine)|"
        r"who (?:are|made|built|created|trained|programmed) you|(?:what|which) (?:model|ai|llm) are you|"
        r"whats your name|do you (?:have (?:a name|feelings|kids|a family|hobbies)|ever sleep|get tired)|"
        r"where (?:are you|do you (?:live|come)) from|how old are you|"
        r"(?:lets|can we|could we|i want to|id rather|id like to) (?:talk|chat) about something (?:else|different|fun)|"
        r"change (?:the )?(?:subject|topic)|"
        r"(?:lets|can we|could we|i want to|id rather|id like to) (?:talk|chat) about "
        r"(?:football|soccer|cricket|sports?|movies?|music|politics|food|the weather|my (?:dog|cat|weekend|holiday)|"
        r"your (?:day|weekend|life))(?: instead)?|"
        r"do you (?:like|love|watch|play|follow) (?:football|soccer|cricket|sports?|movies?|music|chess|pizza|cats|"
        r"dogs)|did you (?:see|watch) the (?:game|match)(?: (?:last night|yesterday|on sunday))?|"
        r"(?:how much does|what does) (?:this|the) (?:job|role|position) pay|"
        r"whats the (?:salary|pay)(?: for (?:this|the) (?:job|role|position))?|how (?:big|large) is the team|"
        r"when (?:will|do) i hear back|(?:did|do) i get the job|are you hiring|what time is it|"
        r"how was your (?:weekend|holiday|vacation|day)|what are you doing (?:tonight|later|this weekend)"
    ),
    "small_talk": (
        r"(?:hi|hello|hey|hiya|howdy|greetings|yo|good (?:morning|afternoon|evening|day|night)|morning)"
        r"(?: (?:there|everyone|all|again|sir|maam|mate|friend|team|and welcome|to you))?|"
        r"(?:and )?how are (?:you|u|things)(?: (?:doing|feeling|today|going|this morning))*|how do you do|"
        r"(?:hows|how is) (?:it going|your day(?: going)?|everything|life|the weather(?: there)?)|"
        r"(?:sup|wassup|whats up)|"
        r"(?:im |i am )?(?:doing )?(?:fine|good|great|well) (?:thanks|thank you)(?: and (?:you|yourself))?|"
        r"(?:its )?(?:nice|pleased|good|great|a pleasure) (?:to (?:meet|see|be here|talk to|"
        r"talk with)(?: with)?(?: you)?)|my name is \w+(?: \w+)?$|my name is \w+|"
        r"(?:many )?(?:thanks|thank you|cheers)(?: (?:so|very) much| a lot| again| you)?"
        r"(?: for (?:the (?:question|hint|opportunity|interview|help)|your (?:time|help|patience)|having me|asking|"
        r"that|this))?|i (?:really )?appreciate (?:it|that|this|your time)|"
        rf"(?:thats )?(?:a |an )?(?:very |really |such a )?{_FRIENDLY} (?:question|one)(?: (?:that|this) is)?|"
        rf"(?:its |what )?(?:a )?{_FRIENDLY} (?:weather|day)(?: (?:today|outside|isnt it|here))*|"
        rf"{_FRIENDLY} to know|(?:oh )?(?:wow|cool|awesome|lovely|yay|woohoo|amazing)|(?:ha){{2,}}h?|(?:he){{2,}}|lo+l|"
        r"lmao|rofl|i see|got it|understood|sounds (?:good|great|fine)|no (?:problem|worries)|you too|likewise|"
        r"(?:its )?(?:so |very |really |pretty )?(?:hot|cold|sunny|raining|snowing|rainy) (?:today|outside|over here)|"
        r"(?:tell me|do you know|wanna hear|want to hear) (?:a|any|another)(?: good)? jokes?|"
        rf"the weather is (?:so |really )?{_FRIENDLY}(?: today| here)*|(?:and )?im going on (?:holiday|"
        rf"vacation)(?: \w+)?|"
        r"have a (?:good|great|nice|lovely) (?:day|weekend|one|evening)|happy (?:monday|friday|new year|holidays)|"
        r"(?:im |i am |i feel )?(?:just |still )?(?:a bit |a little |so |very |really |quite |pretty )?"
        r"(?:nervous|excited|tired|hungry|sleepy|anxious)(?: (?:today|right now|about this))?|"
        r"(?:can|do) you hear me(?: (?:now|ok|okay|well))?|are you (?:still )?there|"
        r"(?:mic|sound) check|testing(?: testing)?(?: one two(?: three)?)?|is this (?:thing )?on|"
        r"(?:so )?sorry (?:about|for) (?:that|the (?:noise|delay|wait|background noise)|being late)|sorry(?=$)|"
        r"i (?:like|love|enjoy) (?:this|talking to you|your (?:questions?|voice|style))|"
        r"youre (?:so |very |really |pretty )?(?:nice|funny|cool|great|kind|good at this)"
    ),
}
# Words beside a wish. "Yes" and "no" can be the whole answer; loose words are no part of a request ("skip this" is one,
# "I do skip of this" is none), but may stand around an insult or thanks.
_BESIDE = {
    "reply": r"(?:yes|yeah|yep|yup|no|nope|nah|sure|right|correct|exactly|true|false)",
    "sound": r"(?:u+m+|u+h+m*|h+m+|er+m*|ah+|mm+|silence|inaudible|no (?:response|audio))",
    "filler": (
        r"(?:is it (?:ok|okay|possible) (?:to|if we|if i|if you)|if (?:possible|you dont mind|thats ok|you can)|"
        r"(?:would|do) you mind|(?:could|can|would|will|may|might) (?:you|we|i)|i (?:think|guess|mean|want to|need to|"
        r"have to|would like to|would rather|prefer to|am going to|suppose|wish to|just want to)|id (?:like to|rather|"
        r"love to|prefer to)|ill(?: have to)?|lets(?: just)?|let me|im (?:afraid|sorry|going to)|to be (?:honest|fair)|"
        r"at (?:all|the moment)|right now|for (?:me|now|this|that)(?: one)?|on (?:this|that)(?: one)?|about (?:this|"
        r"that|it)|for a (?:bit|while)|from (?:me|my side)|with this|"
        r"please|sorry|apologies|ok|okay|k|alright|all right|well|so|oh|honestly|frankly|sadly|unfortunately|just|"
        r"maybe|perhaps|actually|really|simply|basically|like|then|now|here|today|kindly|quickly|either|yet|"
        r"already|tbh|anymore|and|but|or|too|though|anyway|man|dude|bro|sir|maam|madam|mate|buddy|folks|guys|dear|"
        r"friend|by the way|btw|interviewer|come on|you know|my bad|oops|jeez|gosh|omg|god|me)"
    ),
    "loose": (
        r"(?:a|an|the|this|that|these|those|it|its|is|are|was|be|been|am|im|do|does|did|have|has|i|you|youre|your|my|"
        r"we|they|us|of|for|to|in|on|at|with|about|from|by|very|such|there|ever|even|all|what|who|how|why|asking|"
        r"damn|hell|fucking|freaking|bloody|goddamn|seriously|literally|stuff|life|day|time|thing|interview|question|"
        r"questions|today|much)"
    ),
}
_PIECE = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{said})" for name, said in (*_WISHES.items(), *_BESIDE.items())) + ")(?: |$)"
)
# Of several wishes in one turn the first of these counts: what can be done before what was merely said, and the end
# of the interview, which cannot be undone, only where nothing else was asked for.
_PRECEDENCE: tuple[Intent, ...] = (
    "give_answer",
    "skip",
    "rephrase",
    "repeat",
    "pause",
    "finish",
    "dont_know",
    "done",
    "off_topic",
    "rude",
    "small_talk",
)
_CHATTER: tuple[Intent, ...] = ("off_topic", "rude", "small_talk")

_APOSTROPHES = re.compile("['’`´ʼ]")
_FORMULA = re.compile(r"\w ?=|\w\(")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SPELLINGS = {
    "u": "you", "r": "are", "ur": "your", "iam": "im", "plz": "please", "pls": "please", "plese": "please",
    "pleas": "please", "thx": "thanks", "ty": "thanks", "tnx": "thanks", "thanx": "thanks", "sry": "sorry",
    "srry": "sorry", "soory": "sorry", "idk": "i dont know", "dunno": "dont know", "duno": "dont know",
    "dnt": "dont", "kno": "know", "knw": "know", "konw": "know", "teh": "the", "gimme": "give me",
    "lemme": "let me", "wanna": "want to", "gonna": "going to", "cannot": "cant", "qustion": "question",
    "quesiton": "question", "questoin": "question", "qestion": "question", "quetion": "question", "anwser": "answer",
    "awnser": "answer", "answr": "answer", "anser": "answer", "repat": "repeat", "repeate": "repeat",
    "reapeat": "repeat", "repet": "repeat", "rephase": "rephrase", "rephrse": "rephrase", "refrase": "rephrase",
    "skp": "skip", "skipp": "skip", "nxt": "next", "interveiw": "interview", "stoopid": "stupid", "fuk": "fuck",
    "fck": "fuck", "fkin": "fucking", "fuckin": "fucking", "helo": "hello", "hallo": "hello",
    "undrestand": "understand", "understnd": "understand", "minuet": "minute", "wut": "what", "wat": "what",
    "wht": "what",
}  # fmt: skip
_CONTRACTED = {
    "do not": "dont", "did not": "didnt", "can not": "cant", "could not": "couldnt", "will not": "wont",
    "i am": "im", "you are": "youre", "that is": "thats", "it is": "its", "what is": "whats", "there is": "theres",
    "let us": "lets", "i would like": "id like", "i would rather": "id rather", "i have never": "ive never",
    "i have covered": "ive covered", "i will": "ill",
}  # fmt: skip
_LONG_FORM = re.compile(rf"\b(?:{'|'.join(_CONTRACTED)})\b")
# "That's it" ends an answer, "that's all from me" the conversation.
_LEAVING = re.compile(r"\bfrom (?:me|my side)\b", re.IGNORECASE)
_QUESTION_START = re.compile(
    r"^(and |so |ok(ay)?,? |sorry,? |quick question:? |can i ask:? )*"
    r"((?:over|for|in|at|on|by|from|to|of|within|during|about|with) (?=what|which|how|whom)|)"
    r"(what|which|how|is|are|do|does|did|can|could|may|should|who|where|when|why|was|were|will|would|has|have|any)\b",
    re.IGNORECASE,
)

# Frequent words, without their accents. Those that are English as well count neither way.
_LANGUAGES: Mapping[str, str] = {
    "German": (
        "der die das und ist nicht ich spreche englisch wir ein eine einen einem einer es mit auf fur fuer von zu den "
        "dem des im in an am auch sich wie was wenn dann weil aber oder nur noch schon sehr sind war wird werden wurde "
        "wuerde wurden haben hat habe kann konnen koennen muss mussen man bei nach aus uber ueber vor durch dass so "
        "als zum zur mein kein keine keinen ahnung weiss leider bitte danke mir mich dir sie ihr ihnen diese dieser "
        "dieses jede jeder alle hier da also zuerst immer mehr guten tag hallo geht mal frage deutsch sprechen doch ja "
        "nein will war einfach"
    ),
    "French": (
        "le la les un une des du de et est ne pas que qui dans pour avec sur par je nous vous il elle ils on ce cette "
        "ces c j l d n s qu au aux en se sont ai as a avons avez ont mais ou donc car si plus moins tres bien comme "
        "quand alors tout tous toute faire fait peut peux dois faut serait sais aucune idee bonjour merci oui non mon "
        "ma mes votre vos leur y etre ete sans chaque ici aussi abord parce comprends francais anglais parle parler "
        "salut desole"
    ),
    "Spanish": (
        "el la los las un una unos de del y es no que en por para con se lo al su sus mi me te le les como pero mas "
        "muy si ya o porque cuando donde este esta estos estas eso esa hay ser estar son esta estan fue yo tu nosotros "
        "tengo tiene puedo puede podemos hacer haria usaria primero despues entonces tambien cada todo todos todas sin "
        "sobre hasta desde nada ni idea hola gracias favor siento hablo ingles puedes repetir buenos dias espanol "
        "hablar entiendo pregunta siguiente"
    ),
    "Portuguese": (
        "o a os as um uma de do da dos das e nao que em no na nos nas por para com se ao mais mas muito ja ou quando "
        "como porque este esta isso essa ele ela eu nos voce tenho tem posso pode podemos fazer faria usaria primeiro "
        "depois entao tambem cada todo todos todas sem sobre ate desde nada sei ideia ola obrigado obrigada bom dia "
        "portugues ingles falo falar entendi pergunta proxima seria sao esta estao foi ser eu meu minha pelo pela"
    ),
    "Italian": (
        "il lo la i gli le un uno una di del della dei delle dell da dal in nel nella con su per tra e non che si come "
        "ma piu molto anche se o quando dove perche questo questa quello sono siamo ho hai ha abbiamo hanno posso puo "
        "possiamo fare farei userei prima poi quindi ogni tutto tutti senza fino io noi mi ci ne so idea ciao grazie "
        "buongiorno italiano parlare capito domanda prossima sarebbe essere stato c e l al alla ai"
    ),
    "Polish": (
        "i w we na z ze do to jest nie sie ze tak jak ale czy co po od za o przez dla przy bo juz tylko bardzo moze "
        "mozna moge trzeba jestem sa byl bylo bedzie byc ja ty my on ona oni ten ta te tego tej tym tych ktory ktora "
        "ktore kazdy wszystko wtedy najpierw potem oraz lub gdy kiedy gdzie dlatego poniewaz wiem mam mamy dzien dobry "
        "czesc dziekuje prosze pytanie nastepne polsku rozumiem rozmawiac zeby by bym uzylbym zrobilbym nic"
    ),
    "Turkish": (
        "ve bir bu o da de icin ile mi mu ne ben sen biz siz cok daha gibi kadar ama veya ya her sonra once var yok "
        "degil olarak olan oldugu olur oldu olabilir en hem ki nasil neden hangi bilmiyorum fikrim merhaba tesekkurler "
        "tesekkur ederim soru soruyu turkce lutfen anlamadim tekrar eder misiniz konusabilir miyiz cunku eger bana "
        "beni bunu sey simdi yani iyi gunler evet hayir ilk tum butun uzerinde icinde gerekir"
    ),
    "Dutch": (
        "de het een en is niet ik wij we van in op te met voor aan dat die er maar om ook als dan naar bij of uit nog "
        "wel geen wat hoe waarom wanneer omdat dus zijn was wordt worden heb hebben heeft kan kunnen moet moeten zou "
        "zouden zal deze dit elke alle alles meer heel eerst daarna over door hun haar mijn jij je jullie u weet idee "
        "hallo goedemorgen dank bedankt graag vraag volgende nederlands spreken begrijp sorry nee ja iets hier"
    ),
    "Scandinavian": (
        "och att det ar inte jag vi som en ett den for med pa av till om har kan ska skulle vill men eller nar var dar "
        "hur vad varfor fran sa ocksa alla varje forst sedan eftersom mycket vet hej tack svenska prata forstar fragan "
        "og er ikke jeg at af til der de et pa ville nar hvor hvordan hvorfor fra ogsa alle hver forst fordi meget ved "
        "tak dansk norsk snakke forstar i man kunne skal sig seg har ingen aning anelse"
    ),
    "Indonesian": (
        "yang dan di ke dari ini itu untuk dengan tidak saya kami kita anda ada adalah akan bisa dapat harus karena "
        "juga pada atau jika kalau sudah belum lebih setiap semua tapi tetapi seperti dalam oleh maka lalu kemudian "
        "apa bagaimana tahu terima kasih selamat pagi halo tolong pertanyaan bahasa mengerti pertama hanya"
    ),
    "Hindi": (
        "hai hain mujhe nahi nahin pata kya kaise kyun kyunki main mein hum aap tum yeh ye woh wo ka ki ke ko se par "
        "aur lekin agar toh bhi kar karna karenge karunga karega hoga hota hoti hote tha thi the jo har sab phir pehle "
        "baad liye raha rahe rahi abhi bahut accha acha haan namaste samajh aaya bolo hindi baat dijiye kijiye ek"
    ),
}
_GREETINGS = frozenset(
    "hola bonjour salut ciao merhaba namaste czesc bilmiyorum oui nein gracias merci danke obrigado obrigada grazie "
    "spasibo privet konnichiwa salam aloha buongiorno".split()
) | {"guten tag", "buenos dias", "bom dia", "dzien dobry", "no se", "nie wiem", "non so", "nao sei", "weiss nicht"}
# English as well, or names: they count neither way. So do single letters, which are variables more often than words.
_WEAK = FUNCTION_WORDS | frozenset(
    "die war man hat main per come idea sorry plus con data der la le el los las de".split()
)
_KNOWN = {language: frozenset(listed.split()) for language, listed in _LANGUAGES.items()}
_STRONG = {
    word: tuple(language for language, known in _KNOWN.items() if word in known)
    for word in frozenset().union(*_KNOWN.values()) - _WEAK
    if len(word) > 1
}
_LATIN = re.compile("[^\\W\\d_\u0250-\u1dff\u1f00-\U0010ffff]")
_FOREIGN_SCRIPT = re.compile("[^\\W\\d_\u0000-\u024f\u1e00-\u1eff]")
_DENSE_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FOLDED = str.maketrans({"ı": "i", "ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "đ": "d", "œ": "oe"})
_WORDS = re.compile(r"\w+")

# A line of code begins as one: a statement, a call, an assignment, a setting, a command or a closing bracket.
_SQL_START = re.compile(
    r"(?:select|with \w+ as|insert into|create (?:or replace )?(?:table|view|index|materialized|external|temp)|"
    r"alter table|merge into|delete from|update \w+ set|from|where|group by|order by|having|(?:(?:left|right|full|"
    r"inner|cross|outer) )*join|on|and|or|union|when (?:not )?matched|set|values|limit|partition(?:ed)? by|cluster by|"
    r"using|optimize|vacuum|explain|drop table|show|describe|qualify|case|else|end|as|location|zorder by)\b",
    re.IGNORECASE,
)
_SQL_PAIRS = tuple(
    frozenset(pair.split())
    for pair in ("select from", "insert into", "create table", "alter table", "merge into", "delete from", "update set")
)
_STATEMENT = re.compile(
    r"(?:(?:async )?def \w+\(|class \w+[(:{]|import [\w.]+(?: as \w+|;)?$|from [\w.]+ import |(?:for|while|if|elif|"
    r"with|except)\b.*:$|(?:else|try|finally):|return\b|(?:val|var|let|const|public|private|final|static|object) \w|"
    r"@\w+|(?:function|fn|func) \w*\(|#include|package [\w.]+;?$|(?:for|while|if|switch) ?\(|\}? ?else ?\{)"
)
_EXPRESSION = re.compile(
    r"(?:[\w.\[\]'\"]+(?:, ?\w+)*(?:: ?\w+)? ?[-+*/|]?=[^=>]|[\w.]*\w\(.*[)({\[,;:\\]$|\.\w+\(|[\])}>;,]+$|"
    r"[\w.\[\]\"']+ ?(?:<-|->|>>) ?\w)"
)
_SETTING = re.compile(
    r"(?:- )?[\w./\"'-]+ ?[:=] ?(?:'[^']*'|\"[^\"]*\"|\S+(?: \S+){0,3})?$|- \S+$|[{}\[\]],?$|\[[\w.-]+\]$|"
    r"\"[\w. -]+\": "
)
_COMMAND = re.compile(
    r"(?:\$ |(?:spark-submit|spark-sql|kubectl|docker|aws|gcloud|az|git|pip|curl|terraform|dbt|kafka-[\w-]+|psql|hdfs|"
    r"helm|databricks|python3?|bash|ssh|grep|awk|jq) [\w./-]|--[a-z][\w-]*(?:[ =].*\\|[ =]\S+)?$)"
)
_COMMENT = re.compile(r"(?:#|//|-- |/\*|\*)")
# What prose has none of. Without one of these a few bare lines are notes.
_SURE = re.compile(
    r"\w\([^)\n]{0,80}\)\.|\)$|[{}];?$|;$|\w\[|=\s*[\"'\[{(]|\w\.\w+\.\w+ ?[=:]|[=!]=|^[ \t]{2,}\S|\$ |\\$",
    re.MULTILINE,
)
_PROSE_WORDS = FUNCTION_WORDS - frozenset(
    "from where and or in on as not with by is if for while to then all when has into over off own get do having until "
    "a i".split()
)
# The alias of a table ("events a join users u") is no article.
_ARTICLE = re.compile(
    r"\b(?:the|an) \w|\ba (?!(?:join|left|right|inner|full|cross|on|where|using|set)\b)\w", re.IGNORECASE
)
_STRING = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'")
_CODE_STARTS = (_SQL_START, _STATEMENT, _EXPRESSION, _SETTING, _COMMAND)

# How often each trait of a document must occur to count: headings, sources, long list items, words in bold.
_TRAITS = (
    (re.compile(r"^ {0,3}(?:#{1,6} \S.*|\*\*[^*\n]{1,80}\*\*:?|\d{1,2}\.? [A-Z][\w -]{2,60})$", re.MULTILINE), 2),
    (re.compile(r"\[\d{1,2}\]|\b[A-Z]\w+ et al\b|https?://"), 2),
    (re.compile(r"^ *(?:[-*•]|\d{1,2}[.)]) \S.{30}", re.MULTILINE), 6),
    (re.compile(r"\*\*[^*\n]{1,80}\*\*"), 4),
)
_WRITTEN = (
    "in conclusion", "in summary", "furthermore", "moreover", "this essay", "this paper", "this article",
    "this document", "table of contents", "references:", "it is important to note", "it is worth noting", "firstly",
    "lastly",
)  # fmt: skip
_WRITTEN_AT_LEAST = 2


class Reading(NamedTuple):
    """How the last candidate turn was read.

    `context` is the authored answer to a clarifying question, `exhibit` the evidence that was asked for, if any.
    """

    intent: Intent
    context: ContextAnswer | None = None
    exhibit: Exhibit | None = None


def intent_of(text: str) -> Intent:
    """The intent by plain rules; anything that is not clearly something else is an answer."""
    seen = without_hidden(text)[:READ_CHARACTERS]
    if not any(character.isalnum() for character in seen):
        return "silent"
    wish = _wish(seen)
    if wish == "done" and _LEAVING.search(seen):
        return "finish"
    if wish:
        return wish
    if is_code(seen):
        return "code"
    if is_other_language(seen):
        return "other_language"
    if is_essay(seen):
        return "essay"
    return "question" if _is_question(" ".join(seen.replace("’", "'").split())) else "answer"


def is_code(text: str) -> bool:
    """Whether the text is mostly code, SQL, configuration or commands. Comments count for neither side."""
    code = prose = 0
    fenced = has_fence = follows = False
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("```"):
            fenced, has_fence = not fenced, True
        elif fenced or _is_code_line(bare, follows and line[:1].isspace()):
            code += len(bare)
            follows = True
        elif not _COMMENT.match(bare):
            prose += len(bare)
            follows = False
    if code < max(CODE_CHARACTERS, CODE_SHARE * (code + prose)):
        return False
    return has_fence or bool(_SURE.search(text)) or _is_sql(text)


def is_essay(text: str) -> bool:
    """Whether the text is longer than anybody speaks, or has the traits of a document: headings, citations, bullets."""
    length = len(text.split())
    if not DOCUMENT_WORDS <= length <= ESSAY_WORDS:
        return length > ESSAY_WORDS
    lower = text.lower()
    traits = sum(len(trait.findall(text)) >= least for trait, least in _TRAITS)
    return traits + (sum(lower.count(phrase) for phrase in _WRITTEN) >= _WRITTEN_AT_LEAST) >= DOCUMENT_TRAITS


def is_other_language(text: str) -> bool:
    """Whether the text is mostly not English: by its script, its frequent words, or its accents."""
    foreign = len(_FOREIGN_SCRIPT.findall(text))
    dense = len(_DENSE_SCRIPT.findall(text))
    if foreign >= 2 and foreign + (DENSE_WEIGHT - 1) * dense > len(_LATIN.findall(text)):
        return True
    spoken = _WORDS.findall(text.lower())
    counts = Counter(_without_accents(word) for word in spoken)
    if " ".join(counts) in _GREETINGS:
        return True
    total = len(spoken)
    english = {word: n for word, n in counts.items() if word in FUNCTION_WORDS}
    hits: dict[str, list[int]] = defaultdict(list)
    for word in counts.keys() & _STRONG.keys():
        for language in _STRONG[word]:
            hits[language].append(counts[word])
    for language, found in hits.items():
        others = sum(n for word, n in english.items() if word not in _KNOWN[language])
        if len(found) >= 2 and sum(found) >= max(FOREIGN_SHARE * total, FOREIGN_TO_ENGLISH * others):
            return True
    accented = sum(not word.isascii() for word in spoken)
    return total >= 4 and accented >= ACCENTED_SHARE * total and sum(english.values()) <= ENGLISH_SHARE * total


def _wish(text: str) -> Intent | None:
    """The wish that the whole turn consists of, if it does."""
    if len(text) > WISH_CHARACTERS or _FORMULA.search(text):
        return None
    found = _pieces(_normal(text))
    wishes = [intent for intent in _PRECEDENCE if intent in found]
    if not wishes:
        return "silent" if "sound" in found and found <= {"sound", "filler"} else None
    if "loose" in found and not set(wishes) <= set(_CHATTER):
        return None
    if "reply" in found and wishes[0] in _CHATTER:
        return None
    return wishes[0]


def _pieces(said: str) -> set[str]:
    """The names of the pieces that `said` falls into; none when a word belongs to no piece."""
    names: set[str] = set()
    position = 0
    while position < len(said):
        piece = _PIECE.match(said, position)
        if piece is None or piece.lastgroup is None:
            return set()
        names.add(piece.lastgroup)
        position = piece.end()
    return names


def _normal(text: str) -> str:
    """The words in lower case with one blank between them; usual misspellings and long forms made one."""
    plain = _STRETCHED.sub(r"\1", _APOSTROPHES.sub("", text.lower()))
    said = " ".join(_SPELLINGS.get(word, word) for word in _WORDS.findall(plain))
    return _LONG_FORM.sub(lambda form: _CONTRACTED[form.group()], said)


def _is_question(plain: str) -> bool:
    count = len(plain.split())
    if count > QUESTION_WORDS or not plain.endswith("?"):
        return False
    last = re.split(r"(?<=[.!?])\s+", plain)[-1]
    asks = sum(bool(_QUESTION_START.match(part)) for part in re.split(r"(?<=[.!?,])\s+", plain))
    return asks > 0 and len(last.split()) >= count / 3


def _is_code_line(line: str, continues: bool) -> bool:
    """Whether the line is a line of code: it begins as one, or continues one, and has hardly any word of prose."""
    if not line or not (continues or any(start.match(line) for start in _CODE_STARTS)):
        return False
    outside = _STRING.sub("''", line)
    said = _WORDS.findall(outside.lower())
    prose = sum(word in _PROSE_WORDS for word in said)
    return prose <= CODE_LINE_PROSE * len(said) and not _ARTICLE.search(outside)


def _is_sql(text: str) -> bool:
    said = set(_WORDS.findall(text.lower()))
    return any(pair <= said for pair in _SQL_PAIRS)


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word.translate(_FOLDED)) if not unicodedata.combining(c))
