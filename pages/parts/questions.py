"""Questions that everybody asks of a kind of policy, ready to compare policies with."""

from __future__ import annotations

SETS: dict[str, tuple[str, ...]] = {
    "Privacy": (
        "What personal data is collected?",
        "Is my data sold to anybody?",
        "Who is my data shared with?",
        "Who handles payment data?",
        "How long is my data kept?",
        "Can I delete my account?",
        "Can I get a copy of my data?",
        "Can I have wrong data corrected?",
        "Can I say no to marketing messages?",
        "Are cookies used, and what for?",
        "Is data of children collected?",
        "Is my data sent to other countries?",
        "How is my data protected?",
        "How will I hear of changes?",
        "Whom do I write to?",
    ),
    "Working here": (
        "How many days of leave do I get?",
        "What do I do when I am ill?",
        "Can I work from home?",
        "Can I work from abroad?",
        "Which costs are paid back to me?",
        "How soon must I hand in a claim?",
        "Who has to approve it?",
        "May I use the company's things for private matters?",
        "Am I being watched at work?",
        "What happens if I break the rules?",
        "What happens when I leave?",
        "Who can make an exception?",
        "When was this policy last changed?",
        "Whom do I ask?",
    ),
    "Security": (
        "What must I do if I notice a security incident?",
        "How soon must an incident be reported?",
        "What are the rules for passwords?",
        "Is a second factor required when logging in?",
        "May I use my own phone or laptop?",
        "May I install software?",
        "Must data be encrypted?",
        "How is data deleted?",
        "How long are backups kept?",
        "How long are logs kept?",
        "Who is told about a breach of personal data?",
        "Are suppliers checked?",
        "Who is responsible for security?",
    ),
}
# More questions than this at once are refused: each is asked of every policy.
MAX_QUESTIONS = 200


def own_questions(text: str) -> tuple[str, ...]:
    """One question a line, each once, blank lines left out.

    >>> own_questions(" Who pays? \\n\\nWho pays?\\nWhen?")
    ('Who pays?', 'When?')
    """
    return tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
