"""Who a cell names: the officers of a lead role, the accountable managers of an action.

Names are parted only where the print parts them for certain; else the printed words stay one.
"""

import re

from plans.documents import pieces

# Words of posts and of what councils do: what holds one of them is no person's name.
_POST_WORDS = re.compile(
    r"\b(?:access|achievement|action|additional|administrat|admission|advis|adolescent|agenc|area|arts|assess|assist|"
    r"attendance|audit|behaviou?r|board|budget|business|capital|care\b|carer|centre|chair|chief|child|coach|college|commission|"
    r"communic|communit|compan|complex|co-?ordinat|consult|contract|corporate|council|county|curriculum|data|deput|"
    r"design|develop|digital|direct|disab|district|divers|division|early|economic|educat|employ|engage|environment|"
    r"equal|estate|ethnic|evaluat|exclu|executive|extended|famil|financ|gifted|governance|governor|grants?|group|head|"
    r"health|highway|home|hospital|hous|human|improve|inclu|inform|innovat|inspect|integrat|international|joint|kent\b|"
    r"language|lead|learn|legal|legislat|librar|literacy|local|manage|mental|minorit|monitor|music|national|needs|"
    r"numeracy|office|operation|organi[sz]|outdoor|outreach|parent|partner|pastoral|perform|person|physical|plan|play|"
    r"policy|portfolio|practice|practition|primary|princip|procure|programme|project|property|protect|provision|"
    r"psycholog|public|pupil|pursuit|qualit|recruit|region|represent|research|resource|respons|review|safeguard|safety|"
    r"school|secondary|secretar|senior|sensory|service|skill|social|special|sport|staff|standard|statutory|strateg|"
    r"student|supervis|support|sustain|system|talented|target|task|teach|team|technical|technolog|therap|trading|"
    r"train|transform|transition|transport|travel|treasur|trust|tutor|unit|vocational|volunt|vulnerab|welfare|"
    r"wellbeing|work|workforce|years?|young|youth)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"[A-Z][a-z]*(?:[-'’][A-Z]?[a-z]+)*|(?:Mc|Mac|Fitz|[OD]['’])[A-Z][a-z]+|(?:[A-Z]\.){1,3}|van|von|de|der|la|le"
)
_BRACKETED = re.compile(r"\s*\([^()]*\)$")
_BROKEN_END = re.compile(r"\s[a-z]{1,2}$")  # "Sally Williamso n": the print broke the name; it is kept as printed
_SEPARATOR = re.compile(r"\s*[;/]\s*|\s*,\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+")
_HARD_SEPARATOR = re.compile(r"\s*[;/]\s*|\s+(?:and|&)\s+")
# "Glynis Eley as lead, with support from …" and "(lead).", "(Supporting)": roles, not names.
_ROLE_WORDS = re.compile(r"\s+as\s+(?:joint\s+)?lead\b|,?\s*\bwith\s+support\s+from\b", re.IGNORECASE)
_ROLE_BRACKET = re.compile(r"\s*\((?:joint\s+)?(?:lead|support(?:ing)?)\)\.?", re.IGNORECASE)


def is_person(text: str) -> bool:
    """Whether the words are one person's name: two or three capitalised words, none of a post."""
    words = re.sub(r"(?<=\.)(?=[A-Z])", " ", _BRACKETED.sub("", _BROKEN_END.sub("", text))).split()
    return (
        2 <= len(words) <= 3
        and all(_NAME.fullmatch(word) for word in words)
        and len(words[-1]) > 2
        and words[-1][0].isupper()
        and not _POST_WORDS.search(" ".join(words))
    )


def split_people(cell: str) -> list[str]:
    """The officers of a cell, each with the post printed after a name; the whole as one where they cannot be told."""
    return [person for piece in pieces(cell) for person in _split(piece)]


def _split(text: str) -> list[str]:
    if _ROLE_WORDS.search(text) or _ROLE_BRACKET.search(text):
        people = _all_people(_parts(_ROLE_BRACKET.sub(", ", _ROLE_WORDS.sub(", ", text)).strip(" ,."), _SEPARATOR))
        return people or [text]
    return _all_people(_parts(text, _SEPARATOR)) or _with_posts(text) or [text]


def _parts(text: str, separator: re.Pattern[str]) -> list[str]:
    """The text parted at separators that stand in no bracket."""
    parts, start = [], 0
    for match in separator.finditer(text):
        before = text[: match.start()]
        if before.count("(") == before.count(")"):
            parts.append(text[start : match.start()])
            start = match.end()
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def _all_people(parts: list[str]) -> list[str]:
    return parts if all(map(is_person, parts)) else []


def _with_posts(text: str) -> list[str]:
    """People each with a post: "Colin Feltham, Head of AEN and R and Marlene Morrissey, County AEN Manager"."""
    found: list[str] = []
    start = 0
    for match in _HARD_SEPARATOR.finditer(text):
        if _is_with_post(text[match.end() :]):
            found.append(text[start : match.start()])
            start = match.end()
    found.append(text[start:])
    return found if len(found) > 1 and all(map(_is_with_post, found)) else []


def _is_with_post(text: str) -> bool:
    name, _, post = text.partition(",")
    return is_person(name) and bool(_POST_WORDS.search(post))
