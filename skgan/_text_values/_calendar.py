"""The words of months and weekdays in four languages, and how a column spells them."""

from ._style import most_frequent, totals_of

MONTHS = {
    "English": (
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
        "Jan. Feb. Mar. Apr. May Jun. Jul. Aug. Sep. Oct. Nov. Dec.",
        "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.",
    ),
    "German": (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        "Jan. Feb. Mär. Apr. Mai Jun. Jul. Aug. Sep. Okt. Nov. Dez.",
    ),
    "French": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    ),
    "Spanish": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sep oct nov dic",
        "ene. feb. mar. abr. may. jun. jul. ago. sep. oct. nov. dic.",
    ),
}
WEEKDAYS = {
    "English": (
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Mon Tue Wed Thu Fri Sat Sun",
        "Mon. Tue. Wed. Thu. Fri. Sat. Sun.",
    ),
    "German": (
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Mo Di Mi Do Fr Sa So",
        "Mo. Di. Mi. Do. Fr. Sa. So.",
    ),
    "French": ("lundi mardi mercredi jeudi vendredi samedi dimanche", "lun. mar. mer. jeu. ven. sam. dim."),
    "Spanish": ("lunes martes miércoles jueves viernes sábado domingo", "lun mar mié jue vie sáb dom"),
}
CASES = (str, str.lower, str.upper, str.title)


def _lists(table):
    """Each distinct spelling of the words of a table: lists in all cases."""
    spellings = [[case(word) for word in line.split()] for lines in table.values() for line in lines for case in CASES]
    return list(map(list, dict.fromkeys(map(tuple, spellings))))


MONTH_LISTS, WEEKDAY_LISTS = _lists(MONTHS), _lists(WEEKDAYS)
MONTH_WORDS = {word.casefold() for words in MONTH_LISTS for word in words}
WEEKDAY_WORDS = {word.casefold() for words in WEEKDAY_LISTS for word in words}
ENGLISH = {name: [line.split() for line in table["English"][:2]] for name, table in (("B", MONTHS), ("A", WEEKDAYS))}


def spelling_of(words, weights, lists):
    """The list that spells most of these words; an empty one if there are none."""
    totals = totals_of(words, weights)
    best = most_frequent(
        [i for i, _ in enumerate(lists)], [sum(totals.get(word, 0) for word in words) for words in lists]
    )
    return list(lists[best]) if totals else []
