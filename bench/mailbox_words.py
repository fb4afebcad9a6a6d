"""The words of everyday mail: sentences by kind of mail, put together by a seeded chance."""

import random
from dataclasses import dataclass
from html import escape

PEOPLE = (
    "Ada Brandt",
    "Ben Osei",
    "Clara Novák",
    "Daniel Fuchs",
    "Elif Demir",
    "Farah Aziz",
    "Greta Lind",
    "Hugo Marchand",
    "Ivo Petrov",
    "Jana Kowalska",
    "Karim Haddad",
    "Lena Vogel",
    "Marco Bellini",
    "Nora Sørensen",
    "Oskar Weiß",
    "Priya Raman",
    "Quentin Roux",
    "Rosa Iglesias",
    "Stefan Jäger",
    "Tomás Pereira",
)
THINGS = ("lamp", "jacket", "kettle", "rucksack", "keyboard", "blanket", "notebook", "bicycle light", "saucepan", "pair of boots")
TOPICS = ("cache", "parser", "scheduler", "build", "login page", "export", "index", "test run", "release", "time zone", "driver")
PLACES = ("Lisbon", "Leeds", "Graz", "Utrecht", "Málaga", "Gdańsk", "Lyon", "Bergen", "Kraków", "Zürich")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

NEWSLETTER = (
    "This week we look at how {place} rebuilt its tram lines without closing a single street for longer than a weekend.",
    "Our correspondent spent {number} days among the growers who supply the markets of {place}.",
    "Readers wrote to us about the {thing} that outlived three flats and two marriages; the best letters are below.",
    "A long read for {day}: why the smallest libraries lend the most books, and what the large ones have learned from them.",
    "The figures came in on {day}: rents in {place} rose by {number} percent, wages by rather less.",
    "In the kitchen: what to do with the last cabbage of the season, in {number} minutes and one pan.",
    "{person} explains in plain words what a {topic} is for, and when you are better off without one.",
    "From the archive, a portrait of the people who keep the clocks of {place} right.",
)
SHOP = (
    "Only until {day}: {number} percent off every {thing} in the shop, with free delivery to {place} and everywhere else.",
    "You looked at a {thing} the other day. It is still in stock, and it comes with thirty days to change your mind.",
    "New in: the {thing} in four colours, made in a small works near {place}.",
    "Members get the {thing} two days before everyone else, and {number} points with every order.",
    "Our winter list is here. Warm, light and mended free of charge for five years.",
    "Take a second {thing} at half the price; the cheaper of both counts.",
)
NOTICE = (
    "{person} commented on ticket {number}: the {topic} behaves as described since the last change, so this can be closed.",
    "The {topic} of your project finished after {number} seconds; all steps passed.",
    "A new sign-in to your account was seen near {place} on {day}. If this was you, there is nothing to do.",
    "Your statement for the month is ready. For your safety we never send it by mail; log in to read it.",
    "{person} shared the document “Notes on the {topic}” with you.",
    "Your backup of {day} is complete: {number} files are new, none is missing.",
    "Planned maintenance: the {topic} will be away for about {number} minutes in the night to {day}.",
)
LIST = (
    "On {day} {person} wrote that the {topic} should keep its old behaviour by default, and I agree with the reasons given.",
    "I have tried the patch on three machines. The {topic} is faster by a third, but the second test fails with locale {place}.",
    "Could we please settle the name of the option before the freeze? The {topic} is used by others than us.",
    "The manual says one thing about the {topic} and the code another; I would rather mend the manual.",
    "Attached is a second version, which splits the {topic} into two files as {person} asked for.",
    "There is a race here: when the {topic} is torn down while number {number} is still waiting, nobody wakes it.",
    "No objection from my side. Applied, thanks to {person} for the patience.",
)
RECEIPT = (
    "Thank you for your order. One {thing} will leave our store in {place} within two working days.",
    "We have received your payment of {number}.90. The invoice is attached; please keep it for your records.",
    "Your parcel is on its way and will reach you on {day}, most likely before noon.",
    "If something is not as it should be, you can send the {thing} back within thirty days.",
)
ALERT = (
    "{number} new jobs match your saved search in {place}.",
    "Warehouse coordinator, {place}: permanent, full time, posted {number} hours ago. View job.",
    "Data steward, {place}: hybrid, salary up to {number},000. View job.",
    "Night porter, {place}: part time, start at once. View job.",
    "You receive this alert daily. Change how often it comes, or stop it, in your settings.",
)
PERSONAL = (
    "Thanks for the photographs from {place}, the one with the {thing} on the roof made my evening.",
    "Shall we say {day}, at the usual place? I can be there from seven, {person} comes a little later.",
    "Mum asked whether you still have the {thing}; the neighbours would take it if you do not need it.",
    "The flat is warm again, the man came on {day} and changed a part no larger than a thumb.",
    "I finally read the book that you lent me. The middle is long, the end is worth every page of it.",
    "We have found a house near {place} for the second week; there is room for {number} if two take the sofa.",
    "Do you remember how the {topic} worked on the old machine? Mine has forgotten everything since the update.",
)
SPAM = (
    "Dear friend, you have been chosen among {number} persons of {place} for a fund that awaits your kind answer.",
    "Your {thing} could not be delivered. Pay the small fee of 1.{number} before {day} or it will be sent back.",
    "Lose {number} pounds before {day} without giving up anything, doctors in {place} are speechless.",
)

SUBJECTS = {
    "list": (
        "[PATCH {number}/{number}] {topic}: do not wait for a lock that is held",
        "[PATCH v2] {topic}: free the buffer on the error path",
        "[RFC] a new interface for the {topic}",
        "[tools-users] {topic} hangs after upgrade to 3.{number}",
        "[tools-dev] Minutes of the {topic} meeting",
        "[ANNOUNCE] tools 2.{number} released",
        "Bug#{number}: {topic} crashes when the locale is not set",
        "[{place}-ug] Next meetup, {day} evening",
        "{topic}: wrong result with more than {number} entries",
        "Question about the {topic} and threads",
        "[choir] Rehearsal on {day} moved to the small hall",
        "[garden] Who has a spare {thing}?",
        "Documentation of the {topic}",
        "[tools-commits] {topic}: r{number}",
    ),
    "notice": (
        "[ticket {number}] {topic} does not answer",
        "[project/{topic}] Run failed: main ({number})",
        "[project/{topic}] Fix rounding of totals (PR #{number})",
        "[project/{topic}] {topic} is slow since 1.{number} (Issue #{number})",
        "New sign-in to your account",
        "Your monthly statement is ready",
        "{person} shared a document with you",
        "Backup completed: {number} files",
        "Security alert for your linked account",
        "{person} mentioned you in {topic}",
        "Your storage is {number} percent full",
        "Scheduled maintenance of the {topic}",
        "Reminder: {thing} is due at the library on {day}",
        "Your password was changed",
        "{person} sent you a message",
    ),
    "newsletter": (
        "The {place} letter: trams, rents and a long weekend",
        "{day} briefing: what to read before breakfast",
        "The week in {number} charts",
        "Five soups for cold evenings",
        "Why libraries lend {thing}s",
        "Issue #{number}: the quiet return of the {thing}",
        "Your {day} digest from {place}",
        "{person} on the art of leaving things alone",
        "The best long reads of the week",
        "How {place} got its clocks right",
        "☕ Good morning! {number} things to know today",
        "New episode: the last {topic} of the north",
        "What we learned from {number} readers",
        "Weekly roundup: {topic} news, tools and tutorials",
    ),
    "shop": (
        "{number}% off everything until {day}",
        "Your {thing} is waiting for you",
        "Last chance: free delivery ends tonight",
        "New in: the {thing} in four colours",
        "We miss you! Here is {number} off your next order",
        "Robin, picked for you: {thing}s and more",
        "Back in stock: {thing}",
        "🎁 A little gift for your weekend",
        "Black Friday starts early",
        "Rate your {thing} and collect {number} points",
        "Price drop on a {thing} you looked at",
        "Winter sale: second {thing} half price",
        "Did you forget something?",
        "Early access for members",
    ),
    "personal": (
        "photos from {place}",
        "{day} evening?",
        "the {thing}",
        "Christmas",
        "Train to {place}",
        "a question about the {topic}",
        "birthday of {person}",
        "keys",
        "House near {place}, second week",
        "dinner on {day}",
        "recipe, as promised",
        "the book",
        "new number",
        "Mum's {thing}",
    ),
    "receipt": (
        "Your order {number}-{number} has been received",
        "Invoice {number} for your {thing}",
        "Your parcel arrives on {day}",
        "Payment receipt {number}",
        "Your booking in {place} is confirmed",
        "Your e-ticket to {place}",
        "Order {number} has been dispatched",
        "Refund for order {number}",
        "Your rent receipt",
        "Thank you for your purchase",
    ),
    "alert": (
        "{number} new jobs in {place}",
        "New jobs for Backend Engineer in {place}",
        "{person}, {number} people are hiring in {place}",
        "Jobs you may be interested in",
        "Your daily job alert: Data Engineer",
        "Warehouse coordinator and {number} more jobs in {place}",
        "Top job picks for you",
    ),
    "spam": (
        "You have been chosen",
        "Your parcel could not be delivered",
        "Urgent: verify your account before {day}",
        "Lose {number} pounds before {day}",
        "CONGRATULATIONS winner of {place}",
        "Re: your invoice {number}",
        "Private business proposal",
        "Hot {thing}s near {place}",
    ),
}
"""Kind of mail → its subjects."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stock:
    """What the mails of one kind are put together from."""

    paragraphs: tuple[str, ...]
    """Plain text, one to four sentences each, without an empty line."""
    blocks: tuple[str, ...]
    """The same as rows of an HTML table, with the attributes that senders of such mail write."""


def stock(sentences: tuple[str, ...], chance: random.Random, *, many: int = 400) -> Stock:
    """Return paragraphs made of these sentences, and HTML rows of them."""
    paragraphs = []
    for _ in range(many):
        chosen = chance.sample(sentences, k=min(len(sentences), chance.randint(1, 4)))
        paragraphs.append(_wrapped(" ".join(_filled(each, chance) for each in chosen)))
    return Stock(paragraphs=tuple(paragraphs), blocks=tuple(_row(each, chance) for each in paragraphs))


def subject(kind: str, chance: random.Random) -> str:
    """Return the subject of a mail that begins a thread."""
    return _filled(chance.choice(SUBJECTS[kind]), chance)


def _filled(sentence: str, chance: random.Random) -> str:
    return sentence.format(
        place=chance.choice(PLACES),
        person=chance.choice(PEOPLE),
        thing=chance.choice(THINGS),
        topic=chance.choice(TOPICS),
        day=chance.choice(DAYS),
        number=chance.randint(2, 980),
    )


def _wrapped(text: str, width: int = 76) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def _row(paragraph: str, chance: random.Random) -> str:
    key = f"{chance.getrandbits(160):040x}"
    return (
        '<tr><td align="left" valign="top" style="padding:12px 24px 12px 24px;font-family:Helvetica,Arial,sans-serif;\n'
        "font-size:15px;\n"
        'line-height:22px;color:#333333;mso-line-height-rule:exactly;border-bottom:1px solid #eeeeee;">\n'
        f'<a href="https://click.news.example/track/{key}?e={key[:16]}" style="color:#1a5fb4;text-decoration:none;"\n'
        f'target="_blank"><img src="https://img.news.example/{key[:24]}.png" width="560" height="280" alt=""\n'
        'style="display:block;"></a>\n'
        f'<p style="margin:0 0 12px 0;">{escape(paragraph)}</p></td></tr>\n'
    )
