"""Fills the public summary of training content that the EU's AI Act asks of providers (Article 53(1)(d)).

It has the parts and fields of the Commission's template of 24 July 2025, in this project's words. The run's files
answer some fields. For each of the others, the summary says what a person must answer.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from massivetext.pipeline.stages.report.stats import ALL, Stats
from massivetext.pipeline.summary.gathered import CRAWLED, Gathered

TO_ANSWER = "To be answered"
TOP = 0.1  # share of the domains to list; small and medium-sized enterprises may list a twentieth, or 1,000
SHOWN = 100  # domains on the page; domains.csv has all of them


class Entry(NamedTuple):
    """A field: its number and name in the template, and either the run's answer or what a person must answer."""

    number: str
    name: str
    answer: str | None
    ask: str = ""

    @property
    def text(self) -> str:
        return f"{TO_ANSWER}: {self.ask}" if self.answer is None else self.answer


class Section(NamedTuple):
    """A part of the template."""

    title: str
    entries: list[Entry]


def sections(stats: Stats, found: Gathered) -> list[Section]:
    """Returns the three parts of the template."""
    return [
        Section("1. General information", list(_general(stats, found))),
        Section("2. Sources of the data", list(_sources(stats, found))),
        Section("3. How the data were processed", list(_processing(stats))),
    ]


def _general(stats: Stats, found: Gathered) -> Iterator[Entry]:
    yield Entry(
        "1.1", "Provider", None, "name and contact of the provider, and of its representative in the EU"
    )
    yield Entry(
        "1.2",
        "Model",
        None,
        "names and versions of the models that are trained on these data, the models that they are made from, and the "
        "date on which they are placed on the market",
    )
    yield Entry("1.3", "Modalities", "Text. No images, audio or video.")
    tokens = sum(row.given for row in stats.mix.sources)
    yield Entry(
        "1.3",
        "Size of the text",
        f"{_range(tokens)} ({tokens:,} tokens in the training shards, counting repeated ones; "
        f"{sum(found.documents.values()):,} documents)",
    )
    kinds = ", ".join(sorted({_kind(stats, source) for source in found.documents}))
    yield Entry("1.3", "Types of content", f"By kind of source: {kinds}.")
    yield Entry(
        "1.3",
        "Latest date of collection",
        f"{found.last:%d %B %Y}, by the captures of pages; other sources have no such date."
        if found.last
        else None,
        "the latest date at which any of these data were obtained, and whether the model learns from newer data later",
    )
    yield Entry("1.3", "Languages", _languages(stats), "the languages of the data")
    yield Entry(
        "1.3",
        "Other characteristics",
        _groups(stats),
        "the people and places that the data describe or leave out",
    )


def _range(tokens: int) -> str:
    """Returns the template's range for a number of tokens."""
    if tokens < 1_000_000_000:
        return "Less than 1 billion tokens"
    return (
        "1 billion to 10 trillion tokens" if tokens <= 10_000_000_000_000 else "More than 10 trillion tokens"
    )


def _kind(stats: Stats, source: str) -> str:
    return str(stats.configuration["sources"][source]["kind"])


def _languages(stats: Stats) -> str | None:
    kept: dict[str, int] = {}
    for row in stats.languages:
        if row.source != ALL:
            kept[row.language] = kept.get(row.language, 0) + row.kept.documents
    whole = sum(kept.values())
    listed = sorted(((count, name) for name, count in kept.items() if count > 0), reverse=True)
    shares = ", ".join(f"{name or 'unknown'} {count / whole:.1%}" for count, name in listed[:20])
    rest = f", and {len(listed) - 20} more" if len(listed) > 20 else ""
    return (
        f"Share of documents that the rules keep, as identified by fastText: {shares}{rest}."
        if listed
        else None
    )


def _groups(stats: Stats) -> str | None:
    if not stats.audit:
        return None
    listed = "; ".join(
        f"{group.name.replace('_', ' ')}: {group.mix:.2f} features in a million words of the mix"
        for group in stats.audit
    )
    return f"Ways of writing that were searched for ({listed}). The report has their rates and limits."


def _sources(stats: Stats, found: Gathered) -> Iterator[Entry]:
    listed = [source for source in stats.configuration["sources"] if _kind(stats, source) not in CRAWLED]
    yield Entry(
        "2.1",
        "Publicly available data sets",
        "Files that were read: " + "; ".join(_source(stats, found, source) for source in listed) + "."
        if listed
        else "None.",
    )
    yield Entry(
        "2.1",
        "Names of the public data sets",
        None,
        "for each of the files above the data set's name, version and link, if it makes up more than 3 % of the public "
        "data sets; a description of the others; which of them are not public",
    )
    yield Entry("2.2", "Data sets licensed by rightsholders", None, "whether any were, and of which modality")
    yield Entry(
        "2.2", "Private data sets of other third parties", None, "whether any were obtained, and which"
    )
    crawled = [source for source in stats.configuration["sources"] if _kind(stats, source) in CRAWLED]
    yield Entry(
        "2.3",
        "Data crawled and scraped from online sources",
        "Files of crawled pages that were read: "
        + "; ".join(_source(stats, found, one) for one in crawled)
        + "."
        if crawled
        else "None.",
    )
    if crawled:
        yield from _crawls(found)
    yield Entry(
        "2.4", "Data of users", None, "whether data from users of the provider's models or services were used"
    )
    yield Entry("2.5", "Synthetic data", None, "whether data made by models were used, and by which models")
    yield Entry("2.6", "Other sources", None, "data that belong to none of the above, such as scanned books")


def _source(stats: Stats, found: Gathered, source: str) -> str:
    configured = stats.configuration["sources"][source]
    mixed = {row.source: row.given for row in stats.mix.sources}.get(source, 0)
    patterns = ", ".join(configured["paths"])
    return (
        f"{source} ({configured['kind']}; {patterns}): {found.documents[source]:,} documents, "
        f"{mixed:,} tokens in the shards"
    )


def _crawls(found: Gathered) -> Iterator[Entry]:
    yield Entry("2.3", "Crawlers", None, "name of each crawler, who runs it, for what, and how it behaves")
    yield Entry(
        "2.3",
        "Period of collection",
        f"{found.first:%B %Y} to {found.last:%B %Y}, by the captures of pages." if found.first else None,
        "from which month to which",
    )
    yield Entry("2.3", "Kinds of web content", None, "news, blogs, forums, shops, social media, and others")
    top = found.largest(TOP)
    whole = sum(found.domains.values())
    listed = ", ".join(f"{host} {size / whole:.2%}" for host, size in top[:SHOWN]) if whole else ""
    yield Entry(
        "2.3",
        "Largest domains",
        f"The largest {TOP:.0%} of {len(found.domains):,} domains by bytes of text ({len(top):,}, all of them in "
        f"domains.csv): {listed}."
        if top
        else None,
        "the largest tenth of all domains by size of content",
    )
    yield Entry(
        "2.3",
        "Licences that pages state",
        _marks(found),
    )


_MARKS = {
    "rel": 'a link with rel="license"',
    "metadata": "metadata of the page",
    "visible": "a link or a name in its text",
}


def _marks(found: Gathered) -> str:
    """Returns the Creative Commons marks of pages, by licence and by place."""
    if not found.marks:
        return "No page that is kept states a Creative Commons licence."
    licences: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for (licence, kind), documents in found.marks.items():
        licences[licence] += documents
        kinds[kind] += documents
    listed = ", ".join(f"{name} {count:,}" for name, count in sorted(licences.items(), key=_largest_first))
    where = ", ".join(
        f"{_MARKS[kind]} {count:,}" for kind, count in sorted(kinds.items(), key=_largest_first)
    )
    return (
        f"Creative Commons marks on {sum(licences.values()):,} kept documents: {listed}. The licence is "
        f"stated in {where}. A visible mark may be that of a picture."
    )


def _largest_first(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _processing(stats: Stats) -> Iterator[Entry]:
    yield Entry(
        "3.1",
        "Code of Practice",
        None,
        "whether the provider signed it, and commits to its copyright chapter",
    )
    yield Entry(
        "3.1",
        "Reservations of rights",
        _reservations(stats),
        "how opt-outs were respected before and during collection",
    )
    yield Entry(
        "3.1", "Other measures of the copyright policy", None, "a link to the policy, if it is published"
    )
    yield Entry(
        "3.2",
        "Removal of illegal content",
        _illegal(stats),
        "blocklists, classifiers, hash lists and reviews",
    )
    removed = {step.name: step.amount.documents for step in stats.funnels[0].steps}
    yield Entry(
        "3.3",
        "Other processing",
        "Documents by the step that kept or removed them: "
        + ", ".join(f"{name} {count:,}" for name, count in removed.items())
        + f". Test sets kept out: {', '.join(dict.fromkeys(row.test_set for row in stats.contamination)) or 'none'}.",
    )


def _reservations(stats: Stats) -> str | None:
    robots, blocklist = stats.configuration["robots"], stats.configuration["blocklist"]
    steps = {step.name: step.amount.documents for step in stats.funnels[0].steps}
    done = []
    if robots["refuse"] or robots["agents"]:
        refused = [
            *([f"that ask for {', '.join(robots['refuse'])}"] if robots["refuse"] else []),
            *([f"that robots.txt disallows to {', '.join(robots['agents'])}"] if robots["agents"] else []),
        ]
        done.append(f"pages {' or '.join(refused)} were left out: {steps.get('robots', 0):,}")
    if asked := [group for group in stats.groups if group.kind == "asked"]:
        listed = ", ".join(f"{group.value} {group.read:,} ({group.removed:,} left out)" for group in asked)
        done.append(f"of the pages read, so many ask crawlers for: {listed}")
    if blocklist["domains"] or blocklist["urls"]:
        done.append(f"documents on a list of domains or URLs were left out: {steps.get('blocklist', 0):,}")
    if stats.withdrawn:
        documents = sum(sum(one.documents.values()) for one in stats.withdrawn)
        done.append(f"{documents:,} documents were withdrawn later, last on {stats.withdrawn[-1].when}")
    said = "; ".join(done)
    return f"{said[0].upper()}{said[1:]}. To be added: what the crawlers did before." if done else None


def _illegal(stats: Stats) -> str | None:
    blocklist, mask = stats.configuration["blocklist"], stats.configuration["mask"]
    steps = {step.name: step.amount.documents for step in stats.funnels[0].steps}
    done = []
    if blocklist["domains"] or blocklist["urls"]:
        done.append(f"a blocklist of domains or URLs removed {steps.get('blocklist', 0):,} documents")
    if mask["kinds"]:
        done.append(f"values of these kinds were replaced in texts: {', '.join(mask['kinds'])}")
    return f"{'; '.join(done)}. This pipeline ran no classifier for illegal content." if done else None
